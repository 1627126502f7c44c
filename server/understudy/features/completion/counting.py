"""Token counts of the open documents, learned from the engine in the background: no keystroke waits for them."""

from __future__ import annotations

import asyncio

from understudy.context.privacy.secrets import masked
from understudy.core.text import Document
from understudy.engine.base import Engine
from understudy.engine.counter import TokenCounter

GROWTH = 10  # a document is looked through again when it has grown or shrunk by one part in this many


class Counting:
    """A token counter and what it has learned. One document is learned at a time."""

    def __init__(self) -> None:
        self._counter = TokenCounter()
        self._learned: dict[str, int] = {}
        self._task: asyncio.Task[None] | None = None

    def count(self, text: str) -> int:
        """Tokens of `text`, exact for lines that are known, else a careful estimate."""
        return self._counter.count(text)

    def learn(self, engine: Engine, document: Document) -> None:
        """Have the document's tokens counted by the model's own tokenizer, unless that was done or is under way."""
        size = len(document.text)
        busy = self._task is not None and not self._task.done()
        if not busy and abs(size - self._learned.get(document.uri, 0)) > size // GROWTH:
            self._task = asyncio.create_task(self._learn(engine, document))

    async def learned(self, engine: Engine, document: Document) -> None:
        """Learn the document's tokens, and wait until they are known: other counts would make another prompt."""
        self.learn(engine, document)
        if self._task is not None:
            await asyncio.wait([self._task])

    def forget(self, uri: str) -> None:
        """A document was closed."""
        self._learned.pop(uri, None)

    async def aclose(self) -> None:
        """Stop learning."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _learn(self, engine: Engine, document: Document) -> None:
        # A secret reaches the engine's tokenizer as little as the model. A long text takes a moment to look through.
        text = await asyncio.to_thread(masked, document.text)
        if self._counter.wants(text):
            await self._counter.learn(engine, text)
        if not self._counter.wants(text):
            self._learned[document.uri] = len(document.text)
