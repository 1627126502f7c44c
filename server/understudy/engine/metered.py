"""An engine whose requests are counted, whichever feature makes them: tokens and time, never a text.

The lane that asks is said where the parts are put together (`cli/services.py`), so that no feature counts by itself.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from time import monotonic

from understudy.core.statistics import EngineRequest, Purpose, Recorder
from understudy.engine.base import (
    ChatChunk,
    ChatRequest,
    Chunk,
    Engine,
    EngineSource,
    TextRequest,
    Usage,
)
from understudy.engine.through import ThroughEngine, ThroughSource


@dataclass(slots=True)
class Bill:
    """What a request has cost so far; `usage` is None as long as the engine has said nothing."""

    usage: Usage | None = None

    def note(self, chunk: Chunk | ChatChunk) -> None:
        """Take what `chunk` says of the cost."""
        self.usage = chunk.usage or self.usage


class MeteredEngine(ThroughEngine):
    """`engine`, each of whose streams and chats becomes an `EngineRequest` when it ends, also when it is abandoned.

    One that ended before the engine told any usage is not counted. `clock` gives seconds.
    """

    def __init__(
        self, engine: Engine, recorder: Recorder, lane: Purpose, clock: Callable[[], float] = monotonic
    ) -> None:
        super().__init__(engine)
        self._recorder = recorder
        self._lane = lane
        self._clock = clock

    async def stream(self, request: TextRequest) -> AsyncGenerator[Chunk, None]:
        """Continue a raw prompt, and count it."""
        name = (await self.engine.model()).id
        with self._billed(name) as bill:
            async with aclosing(self.engine.stream(request)) as chunks:
                async for chunk in chunks:
                    bill.note(chunk)
                    yield chunk

    async def chat(self, request: ChatRequest) -> AsyncGenerator[ChatChunk, None]:
        """Continue a chat, and count it."""
        name = (await self.engine.model()).id
        with self._billed(name) as bill:
            async with aclosing(self.engine.chat(request)) as chunks:
                async for chunk in chunks:
                    bill.note(chunk)
                    yield chunk

    @contextmanager
    def _billed(self, model: str) -> Iterator[Bill]:
        bill = Bill()
        began = self._clock()
        try:
            yield bill
        finally:
            if (usage := bill.usage) is not None:
                seconds = self._clock() - began
                self._recorder.record(
                    EngineRequest(self._lane, model, usage.prompt, usage.cached, usage.completion, seconds)
                )


class MeteredSource(ThroughSource):
    """`source`, whose engines are metered."""

    def __init__(self, source: EngineSource, recorder: Recorder, lane: Purpose) -> None:
        super().__init__(source, lambda engine: MeteredEngine(engine, recorder, lane))
