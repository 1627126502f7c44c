"""Code actions that take a model and time: done in the background, shown while they last, and ended by the user."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lsprotocol import types

from understudy.core.statistics import Fixed
from understudy.features.codeaction.outcome import Explanation, Job, Outcome, Proposal, Reason, Withheld
from understudy.lsp import guard, reading
from understudy.lsp.progress import Bar
from understudy.lsp.session import Session, Working
from understudy.lsp.sync import key_of

if TYPE_CHECKING:
    from understudy.lsp.services import Services

WHAT = "What is to be changed here?"
STARTING = "The server is still starting. Try again in a moment."
FAILED = "This could not be done; the server's log says why."
CLOSED = "The file was closed meanwhile, so nothing was changed."
CHANGED_SETTINGS = "This was ended, since the settings have changed. Open the menu again."


@dataclass(frozen=True, slots=True)
class Order:
    """A job that the user has chosen: `title` is what they know it by. `asks`: they still have to say what they want;
    `instruction`: they have said it."""

    job: Job
    title: str
    asks: bool = False
    instruction: str = ""


def start(session: Session, order: Order) -> None:
    """Do it, after the answer to the command.

    The same action chosen again at the same place takes the place of the one that is under way: the user has lost
    patience, or has another wish. Others run beside it, and each result is carried over what the others have changed.
    """
    if session.services is None:
        session.say(STARTING, types.MessageType.Info)
        return
    for other in tuple(session.working):
        if _same(other.job, order.job):
            other.task.cancel()
    task = session.spawn("a code action", _work(session, session.services, order))
    working = Working(order.job, task)
    session.working.add(working)
    task.add_done_callback(lambda _: session.working.discard(working))


def cancel_all(session: Session) -> None:
    """End all that is under way."""
    for working in tuple(session.working):
        working.task.cancel()


def _same(one: Job, other: Job) -> bool:
    if one.action != other.action or key_of(one.document.uri) != key_of(other.document.uri):
        return False
    return one.span.start <= other.span.end and other.span.start <= one.span.end


async def _work(session: Session, services: Services, order: Order) -> None:
    instruction = order.instruction
    if order.asks and not instruction:
        instruction = await reading.ask(session, WHAT)
        if not instruction:
            return
    task = asyncio.current_task()
    assert task is not None
    bar = Bar(session, order.title, cancel=task.cancel, measured=False)
    began = asyncio.get_running_loop().time()
    result = "cancelled"
    try:
        result = await guard.wait(order.job.action, _done(session, services, order, instruction, bar))
    except guard.Broken:
        result = "broken"
        session.say(FAILED, types.MessageType.Error)
    except asyncio.CancelledError:
        if task.cancelling():
            raise
        # Not the user, but the feature itself was told to stop: other services have taken its place.
        result = "settings changed"
        session.say(CHANGED_SETTINGS, types.MessageType.Info)
    finally:
        bar.end()
        seconds = asyncio.get_running_loop().time() - began
        services.recorder.record(Fixed(order.job.action, result, order.job.document.language, seconds))


async def _done(session: Session, services: Services, order: Order, instruction: str, bar: Bar) -> str:
    """Do it and hand it over; how it ended, as statistics call it."""
    outcome = await _outcome(session, services, order, instruction, bar)
    return await _hand_over(session, services, order, outcome)


async def _outcome(session: Session, services: Services, order: Order, instruction: str, bar: Bar) -> Outcome:
    buffer = session.buffers.get(order.job.document.uri)
    if buffer is not None and not instruction:
        ready = services.fixer.ready(order.job, buffer.document())
        if ready is not None:
            return ready
    if session.client.progress:
        bar.report("")
    else:
        session.say(f"{order.title} …", types.MessageType.Info)
    return await services.fixer.run(order.job, bar.report, instruction)


async def _hand_over(session: Session, services: Services, order: Order, outcome: Outcome) -> str:
    # In here: nobody needs it before the first result.
    from understudy.lsp.apply import MESSAGES, apply_edit

    match outcome:
        case Explanation():
            await reading.show(session, outcome.title, outcome.text)
            return "explained"
        case Withheld():
            session.say(outcome.message, types.MessageType.Warning)
            if outcome.reason is Reason.ENGINE_FAILED:
                session.engine_doubted.set()
            return outcome.reason.value
        case Proposal() if session.buffers.get(order.job.document.uri) is None:
            # It would come up again in a buffer that nobody looks at and nobody saves.
            session.say(CLOSED, types.MessageType.Warning)
            return "closed"
        case Proposal():
            async with session.applying:  # whether an edit has arrived is told by the texts, of one edit at a time
                applied = await apply_edit(session, outcome, order.title, services.fixer.carried)
            if applied in MESSAGES:
                session.say(MESSAGES[applied], types.MessageType.Warning)
            return applied.value
