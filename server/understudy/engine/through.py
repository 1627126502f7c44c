"""An engine and its source as somebody sees them who adds something to them: the base of such views."""

from __future__ import annotations

from collections.abc import Callable

from understudy.engine.base import ChatRequest, Choice, Engine, EngineSource, Health, Load, ModelInfo, Progress, Tokens


class ThroughEngine:
    """The engine itself, for everything that takes no time of the model's; a view adds `stream` and `chat`."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

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


class ThroughSource:
    """A source whose engines are seen through `view`. One engine keeps one view, by which callers know that it is the
    same."""

    def __init__(self, source: EngineSource, view: Callable[[Engine], Engine]) -> None:
        self._source = source
        self._view = view
        self._last: tuple[Engine, Engine] | None = None

    def current(self) -> Engine | None:
        """The engine, if it can be asked now."""
        engine = self._source.current()
        return None if engine is None else self._seen(engine)

    async def ensure(self, report: Callable[[Progress], None]) -> Engine:
        """Wait until the engine is ready."""
        return self._seen(await self._source.ensure(report))

    async def choices(self) -> tuple[Choice, ...]:
        """As the source says."""
        return await self._source.choices()

    async def stop(self) -> None:
        """End the engine."""
        await self._source.stop()

    async def aclose(self) -> None:
        """Let go of the engine."""
        await self._source.aclose()

    def _seen(self, engine: Engine) -> Engine:
        if self._last is None or self._last[0] is not engine:
            self._last = engine, self._view(engine)
        return self._last[1]
