"""Real commits typed again, key by key, as an editor would report it: a change, then an inline completion request.

A request that is still open when the next key comes is cancelled, as VS Code does. Gaps between keys are drawn from a
log-normal distribution around 150 ms (80 words a minute), with a longer one before a new line.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field

from bench.commits import Typing
from understudy.core.text import Document
from understudy.engine.base import ChatChunk, ChatRequest, Chunk, Engine, Health, ModelInfo, TextRequest, Tokens, Usage
from understudy.features.completion.complete import Completer
from understudy.features.completion.outcome import Outcome, Query, Skipped

KEY_SECONDS = 0.150
SPREAD = 0.4
LINE_PAUSE = 4.0  # times as long before a new line


@dataclass
class Seen:
    """What the engine was asked in a replay."""

    requests: int = 0
    usages: list[Usage] = field(default_factory=list)
    first_token_ms: list[float] = field(default_factory=list)
    total_ms: list[float] = field(default_factory=list)


class CountingEngine:
    """An engine that counts what passes through it."""

    def __init__(self, inner: Engine, clock: Callable[[], float]) -> None:
        self.seen = Seen()
        self._inner = inner
        self._clock = clock

    async def stream(self, request: TextRequest) -> AsyncGenerator[Chunk, None]:
        self.seen.requests += 1
        began, first, usage = self._clock(), None, None
        async with aclosing(self._inner.stream(request)) as chunks:
            try:
                async for chunk in chunks:
                    first = first or self._clock()
                    usage = chunk.usage or usage
                    yield chunk
            finally:
                if first is not None:
                    self.seen.first_token_ms.append((first - began) * 1000)
                    self.seen.total_ms.append((self._clock() - began) * 1000)
                if usage is not None:
                    self.seen.usages.append(usage)

    def chat(self, request: ChatRequest) -> AsyncGenerator[ChatChunk, None]:
        return self._inner.chat(request)

    async def tokenize(self, text: str) -> Tokens:
        return await self._inner.tokenize(text)

    async def model(self) -> ModelInfo:
        return await self._inner.model()

    async def health(self) -> Health:
        return await self._inner.health()

    async def aclose(self) -> None:
        await self._inner.aclose()


@dataclass
class Tally:
    """How the keystrokes of a replay were answered."""

    keys: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    offered: int = 0
    agreed: int = 0  # offers whose first character was the next key

    def add(self, outcome: Outcome | None, rest: str) -> None:
        self.keys += 1
        if outcome is None:
            self.outcomes["cancelled by the next key"] += 1
        elif isinstance(outcome, Skipped):
            self.outcomes[outcome.reason.value] += 1
        else:
            self.outcomes[f"shown, from {outcome.source.value}"] += 1
            self.offered += 1
            self.agreed += bool(rest) and outcome.items[0].edit.text.startswith(rest[0])


def keystrokes(text: str) -> list[str]:
    """`text` as an editor gets it: a new line comes with its indentation in one change."""
    keys: list[str] = []
    position = 0
    while position < len(text):
        end = position + 1
        if text[position] == "\n":
            while end < len(text) and text[end] in " \t":
                end += 1
        keys.append(text[position:end])
        position = end
    return keys


async def replay(completer: Completer, typings: list[Typing], *, speed: float = 1.0, seed: int = 7) -> Tally:
    """Type everything. `speed` 2 is twice as fast."""
    gaps = random.Random(seed)
    tally = Tally()
    for typing in typings:
        uri = f"file:///replay/{typing.commit}/{typing.path}"
        document = Document(uri, 1, "python", typing.before)
        completer.changed(None, document)
        offset, done = typing.offset, 0
        for key in keystrokes(typing.text):
            text = document.text[:offset] + key + document.text[offset:]
            now = Document(uri, document.version + 1, "python", text)
            completer.changed(document, now)
            document, offset, done = now, offset + len(key), done + len(key)
            request = asyncio.create_task(completer.complete(Query(document, offset)))
            gap = gaps.lognormvariate(0, SPREAD) * KEY_SECONDS / speed
            await asyncio.sleep(gap * (LINE_PAUSE if typing.text[done : done + 1] == "\n" else 1))
            tally.add(await _ended(request), typing.text[done:])
        completer.changed(document, None)
    return tally


async def _ended(request: asyncio.Task[Outcome]) -> Outcome | None:
    if not request.done():
        request.cancel()
    with suppress(asyncio.CancelledError):
        return await request
    return None
