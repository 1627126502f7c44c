"""Work in the background of which only the newest counts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection

log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[None]]


class Latest:
    """Runs one piece of work: when another is begun, those before are cancelled and have ended first, with all that
    they give back. `failed` is logged for one that fails, since nobody waits for it."""

    def __init__(self, failed: str) -> None:
        self._failed = failed
        self._newest: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()  # the newest, and those before it that have not ended yet

    @property
    def busy(self) -> bool:
        """Whether the newest is under way, and not told to stop."""
        return self._newest is not None and not self._newest.done() and not self._newest.cancelling()

    def begin(self, work: Work) -> None:
        """Do this and nothing else."""
        self.stop()
        self._newest = asyncio.create_task(_after(tuple(self._tasks), work))
        self._tasks.add(self._newest)
        self._newest.add_done_callback(self._ended)

    def stop(self) -> None:
        """Tell all of it to stop."""
        for task in self._tasks:
            if not task.cancelling():  # a second time would hit it while it gives back what it has
                task.cancel()

    async def aclose(self) -> None:
        """Stop, and wait until it has."""
        self.stop()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error(self._failed, exc_info=error)


async def _after(before: Collection[asyncio.Task[None]], work: Work) -> None:
    if before:
        await asyncio.wait(before)
    await work()
