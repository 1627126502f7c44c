"""Sees to it that there is an engine: starts it, says how far that is, and looks again when it is in doubt."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from lsprotocol import types

from understudy.core.errors import UnderstudyError
from understudy.engine.base import EngineSource, Progress
from understudy.lsp import guard
from understudy.lsp.ext import Status
from understudy.lsp.progress import Bar
from understudy.lsp.session import Session

PAUSES = (2.0, 5.0, 10.0, 30.0, 60.0)  # seconds before another attempt; the last one repeats
CALM_SECONDS = 2.0  # between two looks, however many completions fail
LOOK_SECONDS = 5.0
BROKEN = "The engine could not be started; the server's log says why."
STOPPED = Status("off", "The engine was stopped.")


async def watch_engine(session: Session, source: EngineSource, pauses: Sequence[float] = PAUSES) -> None:
    """Keep `source` ready while it is the session's; a failure is shown once and tried again, ever more slowly."""
    failures = 0
    while True:
        session.engine_doubted.clear()
        try:
            status = await guard.wait("starting the engine", _start(session, source))
        except guard.Broken:
            status = Status("problem", BROKEN)
        session.show_status(status)
        if status.state == "problem":
            session.tell(status.message, types.MessageType.Error)
            await asyncio.sleep(pauses[min(failures, len(pauses) - 1)])
            failures += 1
        else:
            failures = 0
            await _until_doubtful(session, source)


async def stop_engine(session: Session, source: EngineSource) -> None:
    """End the engine, whoever uses it, and leave it at that until the user asks for it again.

    One that is not to be stopped is watched as before.
    """
    watching, session.engine_task = session.engine_task, None
    if watching is not None:
        watching.cancel()
    try:
        await source.stop()
    except UnderstudyError as error:
        session.say(str(error), types.MessageType.Error)
        session.engine_stopped = False
        if watching is not None and session.services is not None and session.services.engine is source:
            session.engine_task = session.spawn("the engine", watch_engine(session, source))
        return
    if session.engine_stopped:  # and not started again meanwhile
        session.show_status(STOPPED)


async def _start(session: Session, source: EngineSource) -> Status:
    """Wait for the engine and show how far it is; ready with its model, or what is wrong and what to do."""
    bar = Bar(session)

    def report(progress: Progress) -> None:
        session.show_status(Status("starting", progress.message, progress.percent))
        bar.report(progress.message, progress.percent)

    try:
        engine = await source.ensure(report)
        return Status("ready", model=(await engine.model()).id)
    except UnderstudyError as error:
        return Status("problem", str(error))
    finally:
        bar.end()


async def _until_doubtful(session: Session, source: EngineSource) -> None:
    """Return when the engine is gone, or when a completion could not be had from it."""
    await asyncio.sleep(CALM_SECONDS)
    while source.current() is not None and not session.engine_doubted.is_set():
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await session.engine_doubted.wait()
