"""Back-pressure: how much longer than usual to wait before an engine is asked, from its own account of its load.

On an engine that falls behind, further requests only lengthen the queue; who types then asks less often instead.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from understudy.core.errors import EngineError, EngineRefused
from understudy.engine.base import Engine, Load

QUEUE_SECONDS = 0.1  # in the queue: about as long as a keystroke takes, and a reason to wait twice as long
FULL = 0.9  # of the KV cache: from here on vLLM will soon preempt requests, which then begin anew
LIMIT = 4.0
POLL_SECONDS = 1.0
STALE_SECONDS = 10.0  # an older account says nothing


def pressure(before: Load, now: Load) -> float:
    """How many times as long as usual to wait: 1 (an engine that keeps up) to `LIMIT`."""
    began = now.queued - before.queued
    queue = max(0.0, now.queue_seconds - before.queue_seconds) / began if began > 0 else 0.0
    crowd = now.waiting / max(1, now.running)
    full = max(0.0, now.kv_cache - FULL) / (1 - FULL)
    return min(LIMIT, 1 + queue / QUEUE_SECONDS + crowd + full)


class Pressure:
    """The factor as it is known now. It is looked up beside the typing, which never waits for it; `clock` gives
    seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._factor = 1.0
        self._looked = self._known = float("-inf")
        self._engine: Engine | None = None
        self._before: Load | None = None
        self._silent = False
        self._task: asyncio.Task[None] | None = None

    @property
    def factor(self) -> float:
        """How many times as long as usual to wait."""
        return self._factor if self._clock() - self._known <= STALE_SECONDS else 1.0

    def look(self, engine: Engine) -> None:
        """A key was pressed: ask the engine for its load, unless that was done a moment ago, or it has none to tell."""
        if engine is not self._engine:
            self._engine, self._before, self._silent, self._factor = engine, None, False, 1.0
        elif self._silent or self._clock() - self._looked < POLL_SECONDS:
            return
        if self._task is None or self._task.done():
            self._looked = self._clock()
            self._task = asyncio.create_task(self._ask(engine))

    async def aclose(self) -> None:
        """Stop asking."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _ask(self, engine: Engine) -> None:
        try:
            now = await engine.load()
        except EngineError as error:
            if engine is self._engine:
                self._silent = isinstance(error, EngineRefused)
                self._factor = 1.0
            return
        if engine is self._engine:
            self._factor = pressure(self._before or now, now)
            self._before, self._known = now, self._clock()
