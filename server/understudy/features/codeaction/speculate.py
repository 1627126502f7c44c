"""Fixes are prepared while nothing else happens: after a pause, one at a time, on an engine that has nothing to do.

Every change of a text and every job of the user's ends what is under way; what was wanted is begun again after the next
pause, if the text around it is still what it was. An engine of which nobody knows how busy it is, is left alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from understudy.core.errors import EngineError, EngineRefused
from understudy.engine.base import Engine
from understudy.engine.load import idle
from understudy.features.codeaction.carry import Typed
from understudy.features.codeaction.latest import Latest
from understudy.features.codeaction.outcome import Job

log = logging.getLogger(__name__)

PAUSE_SECONDS = 0.4  # without a change
BUSY_SECONDS = 1.0  # until an engine that was busy is looked at again
LOOKS = 5
FAILED_SECONDS = 30.0  # after an engine has failed
MOST = 3  # problems at a time


class Speculation:
    """What is prepared for one fixer. `engine` gives the one that can be asked now, `prepare` does a job and keeps its
    result, `known` says that there is nothing left to do for one."""

    def __init__(
        self,
        engine: Callable[[], Engine | None],
        prepare: Callable[[Job], Awaitable[None]],
        known: Callable[[Job], bool],
    ) -> None:
        self._engine = engine
        self._prepare = prepare
        self._known = known
        self._wanted: list[Job] = []
        self._current: Job | None = None
        self._work = Latest("A fix could not be prepared")
        self._unable: Engine | None = None
        self._again = 0.0

    def want(self, jobs: list[Job]) -> None:
        """These jobs are at hand, the nearest first; those that were wanted before are no longer."""
        jobs = [job for job in jobs if not self._known(job)][:MOST]
        if jobs == self._wanted and self._work.busy:
            return
        going_on = self._current is not None and self._current in jobs and self._work.busy
        self._wanted = jobs
        if not going_on:
            self._begin()

    def typed(self, typed: Typed) -> None:
        """A document has changed: the engine is left to whoever typed."""
        moved = [typed.job(job) if job.document.uri == typed.before.uri else job for job in self._wanted]
        self._wanted = [job for job in moved if job is not None]
        self._begin()

    def forget(self, uri: str) -> None:
        """A document was closed."""
        self._wanted = [job for job in self._wanted if job.document.uri != uri]
        self._begin()

    def stop(self) -> None:
        """Leave the engine alone until something is wanted or changes."""
        self._work.stop()

    async def aclose(self) -> None:
        """Stop, and wait until the connections are given back."""
        self._wanted = []
        await self._work.aclose()

    def _begin(self) -> None:
        if self._wanted:
            self._work.begin(self._go)
        else:
            self.stop()

    async def _go(self) -> None:
        await asyncio.sleep(PAUSE_SECONDS)
        try:
            while self._left() and await self._free() and (left := self._left()):
                self._current = left[0]
                await self._prepare(self._current)
                self._wanted = [job for job in self._wanted if job != self._current]
        except EngineError as error:
            log.info("Nothing is prepared for a while: %s", error)
            self._again = asyncio.get_running_loop().time() + FAILED_SECONDS
        finally:
            self._current = None

    def _left(self) -> list[Job]:
        """What is wanted and not known: the user may have asked for some of it meanwhile."""
        return [job for job in self._wanted if not self._known(job)]

    async def _free(self) -> bool:
        """Whether there is an engine with nothing to do, now or in a moment."""
        for _ in range(LOOKS):
            engine = self._engine()
            if engine is None or engine is self._unable or asyncio.get_running_loop().time() < self._again:
                return False
            try:
                if idle(await engine.load()):
                    return True
            except EngineRefused:
                self._unable = engine
                return False
            await asyncio.sleep(BUSY_SECONDS)
        return False
