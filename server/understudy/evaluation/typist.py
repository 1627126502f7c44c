"""Types a text key by key, as an editor would report it: a change, then an inline completion request.

A request that is still open when the next key comes is cancelled, as VS Code does. Gaps between keys are drawn from a
log-normal distribution around 150 ms (80 words a minute), with a longer one before a new line.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from time import perf_counter
from typing import TypeVar

from understudy.core.statistics import NullRecorder
from understudy.core.text import Document
from understudy.engine.base import ChatChunk, ChatRequest, Chunk, Engine, TextRequest, Usage
from understudy.engine.metered import MeteredEngine
from understudy.evaluation.commits import Typing
from understudy.evaluation.metrics import common_prefix
from understudy.features.completion.complete import Completer
from understudy.features.completion.outcome import Outcome, Query, Skipped

KEY_SECONDS = 0.150
SPREAD = 0.4
LINE_PAUSE = 4.0  # times as long before a new line
COUNTS = ("keys", "offered", "agreed", "shown", "accepted", "suggested", "kept")
CANCELLED = "cancelled by the next key"
Piece = TypeVar("Piece", Chunk, ChatChunk)


@dataclass(slots=True)
class Asked:
    """What an engine was asked. Milliseconds; `usages`: of the streams that came far enough to say."""

    requests: int = 0
    usages: list[Usage] = field(default_factory=list)
    first_token_ms: list[float] = field(default_factory=list)
    total_ms: list[float] = field(default_factory=list)


class WatchedEngine(MeteredEngine):
    """An engine that notes what passes through it."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = perf_counter) -> None:
        super().__init__(engine, NullRecorder(), "typing")
        self.asked = Asked()
        self._now = clock

    async def stream(self, request: TextRequest) -> AsyncGenerator[Chunk, None]:
        """Continue a raw prompt, and note it."""
        async with aclosing(self._noted(self.engine.stream(request))) as chunks:
            async for chunk in chunks:
                yield chunk

    async def chat(self, request: ChatRequest) -> AsyncGenerator[ChatChunk, None]:
        """Continue a chat, and note it."""
        async with aclosing(self._noted(self.engine.chat(request))) as chunks:
            async for chunk in chunks:
                yield chunk

    async def _noted(self, stream: AsyncGenerator[Piece, None]) -> AsyncGenerator[Piece, None]:
        asked = self.asked
        asked.requests += 1
        began, first, usage = self._now(), None, None
        async with aclosing(stream) as chunks:
            try:
                async for chunk in chunks:
                    first = first or self._now()
                    usage = chunk.usage or usage
                    yield chunk
            finally:
                if first is not None:
                    asked.first_token_ms.append((first - began) * 1000)
                    asked.total_ms.append((self._now() - began) * 1000)
                if usage is not None:
                    asked.usages.append(usage)


@dataclass(slots=True)
class Tally:
    """How the keystrokes of a text were answered, and what became of what was shown.

    `shown`: suggestions, one as long as the text is typed along it. `accepted`: those that a user who knows the text to
    come would take whole. `suggested`, `kept`: the characters of the suggestions, and those that they have in common
    with the text to come, up to the first difference. `offered`: keystrokes after which something stood there;
    `agreed`: of these, those whose next key it foretold.
    """

    keys: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    offered: int = 0
    agreed: int = 0
    shown: int = 0
    accepted: int = 0
    suggested: int = 0
    kept: int = 0
    _standing: str = ""

    def figures(self) -> dict[str, int | dict[str, int]]:
        """All of it as it is written down."""
        counts = {name: getattr(self, name) for name in COUNTS}
        return {**counts, "outcomes": dict(self.outcomes)}

    def add(self, outcome: Outcome | None, key: str, rest: str) -> None:
        """Count the outcome of a request that was made after `key`, before `rest` was typed."""
        self.keys += 1
        standing = self._standing[len(key) :] if self._standing.startswith(key) else ""
        self._standing = ""
        if outcome is None:
            self.outcomes[CANCELLED] += 1
        elif isinstance(outcome, Skipped):
            self.outcomes[outcome.reason.value] += 1
        else:
            self.outcomes[f"shown, from {outcome.source.value}"] += 1
            text = outcome.items[0].edit.text
            self.offered += 1
            self.agreed += bool(rest) and text.startswith(rest[0])
            if text != standing:
                self.shown += 1
                self.accepted += rest.startswith(text.rstrip())
                self.suggested += len(text)
                self.kept += common_prefix(text, rest)
            self._standing = text


def keystrokes(text: str) -> list[str]:
    """`text` as an editor gets it: a new line comes with its indentation in one change, and so does the first one's."""
    keys: list[str] = []
    position = 0
    while position < len(text):
        end = position + 1
        if text[position] == "\n" or (not position and text[0] in " \t"):
            while end < len(text) and text[end] in " \t":
                end += 1
        keys.append(text[position:end])
        position = end
    return keys


async def type_text(completer: Completer, typing: Typing, *, speed: float = 1.0, seed: int = 7) -> Tally:
    """Type it. `speed` 2 is twice as fast."""
    dice = random.Random(f"{seed} {typing.commit} {typing.path}")
    tally = Tally()
    uri = f"file:///replay/{typing.commit}/{typing.path}"
    document = Document(uri, 1, typing.language, typing.before)
    completer.changed(None, document)
    offset, done = typing.offset, 0
    try:
        for key in keystrokes(typing.text):
            text = document.text[:offset] + key + document.text[offset:]
            now = Document(uri, document.version + 1, typing.language, text)
            completer.changed(document, now)
            document, offset, done = now, offset + len(key), done + len(key)
            request = asyncio.create_task(completer.complete(Query(document, offset)))
            gap = dice.lognormvariate(0, SPREAD) * KEY_SECONDS / speed
            try:
                await asyncio.sleep(gap * (LINE_PAUSE if typing.text[done : done + 1] == "\n" else 1))
            finally:
                outcome = await _ended(request)
            tally.add(outcome, key, typing.text[done:] + typing.beyond)
    finally:
        completer.changed(document, None)
    return tally


async def _ended(request: asyncio.Task[Outcome]) -> Outcome | None:
    """What a request came to; None if it had not ended yet."""
    request.cancel()
    await asyncio.wait({request})
    return None if request.cancelled() else request.result()
