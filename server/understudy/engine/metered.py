"""An engine whose requests are counted, whichever feature makes them: tokens and time, never a text.

The lane that asks is said where the parts are put together (`cli/services.py`), so that no feature counts by itself.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from time import monotonic

from understudy.core.statistics import EngineRequest, Lane, Recorder
from understudy.engine.base import (
    ChatChunk,
    ChatRequest,
    Choice,
    Chunk,
    Engine,
    EngineSource,
    Health,
    Load,
    ModelInfo,
    Progress,
    TextRequest,
    Tokens,
    Usage,
)


@dataclass(slots=True)
class Bill:
    """What a request has cost so far; `usage` is None as long as the engine has said nothing."""

    usage: Usage | None = None

    def note(self, chunk: Chunk | ChatChunk) -> None:
        """Take what `chunk` says of the cost."""
        self.usage = chunk.usage or self.usage


class MeteredEngine:
    """`engine`, each of whose streams and chats becomes an `EngineRequest` when it ends, also when it is abandoned.

    One that ended before the engine told any usage is not counted. `clock` gives seconds.
    """

    def __init__(self, engine: Engine, recorder: Recorder, lane: Lane, clock: Callable[[], float] = monotonic) -> None:
        self.engine = engine
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

    async def tokenize(self, text: str) -> Tokens:
        """As the engine does."""
        return await self.engine.tokenize(text)

    async def detokenize(self, ids: tuple[int, ...]) -> str:
        """As the engine does."""
        return await self.engine.detokenize(ids)

    async def tokenize_chat(self, request: ChatRequest) -> tuple[int, ...]:
        """As the engine does."""
        return await self.engine.tokenize_chat(request)

    async def load(self) -> Load:
        """As the engine says."""
        return await self.engine.load()

    async def model(self) -> ModelInfo:
        """As the engine says."""
        return await self.engine.model()

    async def models(self) -> tuple[str, ...]:
        """As the engine says."""
        return await self.engine.models()

    async def health(self) -> Health:
        """As the engine says."""
        return await self.engine.health()

    async def aclose(self) -> None:
        """Close the engine's connections."""
        await self.engine.aclose()

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


class MeteredSource:
    """`source`, whose engines are metered. One engine keeps one meter, by which callers know that it is the same."""

    def __init__(self, source: EngineSource, recorder: Recorder, lane: Lane) -> None:
        self._source = source
        self._recorder = recorder
        self._lane = lane
        self._metered: MeteredEngine | None = None

    def current(self) -> Engine | None:
        """The engine, if it can be asked now."""
        engine = self._source.current()
        return None if engine is None else self._meter(engine)

    async def ensure(self, report: Callable[[Progress], None]) -> Engine:
        """Wait until the engine is ready."""
        return self._meter(await self._source.ensure(report))

    async def choices(self) -> tuple[Choice, ...]:
        """As the source says."""
        return await self._source.choices()

    async def stop(self) -> None:
        """End the engine."""
        await self._source.stop()

    async def aclose(self) -> None:
        """Let go of the engine."""
        await self._source.aclose()

    def _meter(self, engine: Engine) -> MeteredEngine:
        if self._metered is None or self._metered.engine is not engine:
            self._metered = MeteredEngine(engine, self._recorder, self._lane)
        return self._metered
