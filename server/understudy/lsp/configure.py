"""From the client's words to services: gather the settings, build what they ask for, hand it the open documents."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from understudy.core.errors import UnderstudyError
from understudy.lsp import guard, index_watch
from understudy.lsp.engine_watch import STOPPED, watch_engine
from understudy.lsp.ext import Status
from understudy.lsp.session import Session

if TYPE_CHECKING:
    from understudy.core.layers import Problem
    from understudy.core.settings import Settings
    from understudy.lsp.services import Services

SECTION = "understudy"
ANSWER_SECONDS = 3.0  # a client that does not answer gets what it has said so far
CLOSE_SECONDS = 2.0
NOT_SETTINGS = frozenset({"understudyClient", "editorInfo", "editorPluginInfo"})


async def configure(
    session: Session, *, ask: bool = True, anew: bool = False, choose: Callable[[Settings], None] | None = None
) -> None:
    """Read the settings and, where they or the workspace's folders changed, replace the services.

    `ask`: the client may have others than it last said. `anew`: replace the services whatever has changed. `choose`
    adds to what the user has chosen, told what they have without what a workspace takes away.
    """
    if ask:
        await _ask_anew(session)
    async with session.configuring:
        if choose is not None:
            own, _ = await asyncio.to_thread(_load, session.chosen, session.section, session.client.options, ())
            choose(own)
        roots = session.roots
        settings, problems = await asyncio.to_thread(
            _load_planned, session.chosen, session.section, session.client.options, roots
        )
        for problem in problems:
            session.tell(str(problem))
        if anew or session.services is None or (session.services.settings, session.built_for) != (settings, roots):
            await _replace(session, settings, roots)


def section_of(settings: Any) -> Mapping[str, Any] | None:
    """Our part of a `didChangeConfiguration`, with or without our name around it; None if it is for other servers."""
    if not isinstance(settings, dict):
        return None
    if isinstance(ours := settings.get(SECTION), dict):
        return ours
    from understudy.core.settings import Settings

    return settings if settings.keys() & Settings.model_fields.keys() else None


async def close(services: Services) -> None:
    """Let go of services, within a limit: nobody waits for a connection that does not close."""
    for what, closing in (
        ("closing the fixer", services.fixer.aclose),
        ("closing the completer", services.completer.aclose),
        ("closing the engine for work", services.work.aclose),
        ("closing the engine", services.engine.aclose),
        ("cleaning up", partial(asyncio.to_thread, services.release)),
    ):
        with suppress(guard.Broken):
            await guard.wait(what, _limited(closing()))


async def _limited(work: Any) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(CLOSE_SECONDS):
            await work


async def _ask_anew(session: Session) -> None:
    """Take the client's section as it is now. Of several answers that are awaited the one asked for last counts."""
    session.asked += 1
    turn = session.asked
    section = await _ask(session) or session.pushed
    if turn == session.asked:
        session.section = section


async def _ask(session: Session) -> Mapping[str, Any]:
    """The client's section `understudy`; empty if it has none, cannot be asked or does not answer."""
    if not session.client.configuration:
        return {}
    params = types.ConfigurationParams(items=[types.ConfigurationItem(section=SECTION)])
    with suppress(JsonRpcException, TimeoutError):
        async with asyncio.timeout(ANSWER_SECONDS):
            answer = await session.peer.send_request_async(types.WORKSPACE_CONFIGURATION, params)
        if isinstance(answer, list) and answer and isinstance(answer[0], dict):
            return answer[0]
    return {}


def _load(
    chosen: Mapping[str, Any], section: Mapping[str, Any], options: Mapping[str, Any], roots: tuple[str, ...]
) -> tuple[Settings, tuple[Problem, ...]]:
    # In here, and in a thread: it loads pydantic, and it reads files.
    from understudy.core import layers, paths

    said = options[SECTION] if isinstance(options.get(SECTION), dict) else options
    folders = [folder for root in roots if (folder := paths.uri_to_path(root)) is not None]
    return layers.load(
        (
            layers.Layer("what you have chosen", chosen),
            layers.Layer("the editor's settings", section),
            layers.Layer("initializationOptions", {key: said[key] for key in said if key not in NOT_SETTINGS}),
            layers.user_layer(paths.config_file()),
            layers.environment_layer(os.environ),
            *(layers.workspace_layer(folder) for folder in folders),
        )
    )


def _load_planned(
    chosen: Mapping[str, Any], section: Mapping[str, Any], options: Mapping[str, Any], roots: tuple[str, ...]
) -> tuple[Settings, tuple[Problem, ...]]:
    """The settings with what the kept plan fills in: what services are built from, and compared with."""
    from understudy.engine.plan.saved import settings_with_plan

    settings, problems = _load(chosen, section, options, roots)
    return settings_with_plan(settings), problems


async def _replace(session: Session, settings: Settings, roots: tuple[str, ...]) -> None:
    try:
        services = session.build(settings, roots)
    except UnderstudyError as error:
        session.tell(str(error), types.MessageType.Error)
        session.show_status(Status("problem", str(error)))
        return
    old, session.services, session.built_for = session.services, services, roots
    for buffer in session.buffers:
        services.announce(None, buffer.document())
    index_watch.follow(session, services)
    if session.engine_task is not None:
        session.engine_task.cancel()
    session.engine_task = None
    if not settings.completion.enabled:
        session.show_status(Status("off", "Completions are switched off."))
    elif session.engine_stopped:
        session.show_status(STOPPED)
    else:
        session.engine_task = session.spawn("the engine", watch_engine(session, services.engine))
    if old is not None:
        # Nobody waits for it but the end of the conversation, which cancels other work.
        closing = guard.task("closing the old services", close(old))
        session.closing.add(closing)
        closing.add_done_callback(session.closing.discard)
