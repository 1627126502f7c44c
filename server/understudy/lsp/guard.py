"""The one place that catches everything: a broken handler costs one answer and an entry in the log, no session."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import TypeVar

log = logging.getLogger(__name__)

Result = TypeVar("Result")


class Broken(Exception):
    """Something failed; the failure is in the log already."""


class Refused(Exception):
    """A request that cannot be served: one of LSP's error codes, and a sentence for the client's log."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def run(what: str, handle: Callable[[], Result]) -> Result:
    """The result of `handle`. Raises `Broken` for whatever goes wrong in it, also for want of memory or of stack."""
    try:
        return handle()
    except Refused:
        raise
    except Exception as error:
        log.exception("%s failed", what)
        raise Broken from error


def task(what: str, answer: Awaitable[Result]) -> asyncio.Task[Result]:
    """A task that waits for `answer` with `wait`. One that is cancelled before it began leaves no coroutine behind."""
    waiting = asyncio.create_task(wait(what, answer))
    if isinstance(answer, Coroutine):
        waiting.add_done_callback(lambda _: answer.close())
    return waiting


async def wait(what: str, answer: Awaitable[Result]) -> Result:
    """The result of `answer`. Raises `Broken` for whatever goes wrong in it; a cancellation goes through."""
    try:
        return await answer
    except Refused:
        raise
    except Exception as error:
        log.exception("%s failed", what)
        raise Broken from error


def parse(what: str, shape: Callable[[], Result]) -> Result:
    """What `shape` makes of a client's words. Raises `Broken` for whatever is wrong with them, no bug of ours."""
    try:
        return shape()
    except Exception as error:
        # The error itself may quote the user's text or a key, so that its kind must do.
        log.warning("The parameters of %s are not what LSP says (%s)", what, type(error).__name__)
        raise Broken from error
