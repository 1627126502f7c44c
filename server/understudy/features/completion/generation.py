"""One stream from the engine, owned by no single request: it is kept while what is typed agrees with what has come.

Requests wait on a generation and may be cancelled one by one. When nobody has waited for `GRACE_SECONDS` it is closed,
which closes the connection, which makes vLLM abort.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from time import perf_counter

from understudy.core import trace
from understudy.core.errors import EngineError
from understudy.core.text import Document
from understudy.engine.base import Streams, TextRequest, Usage
from understudy.features.completion.anchor import Anchor
from understudy.features.completion.memory import remaining

# The next keystroke's request arrives within some milliseconds of the cancellation of the one before.
GRACE_SECONDS = 0.08

# Says where a text that has come so far should end, or None while it should go on.
Stop = Callable[[str], int | None]
# Is told once, when the stream has finished by itself or by `Stop`, also when nobody waits for it any more.
Harvest = Callable[["Finished"], None]


@dataclass(frozen=True, slots=True)
class Finished:
    """What a stream came to. `cut`: stopped from here rather than by the model; `late`: stopped by the deadline."""

    text: str
    usage: Usage | None
    first_token_ms: float | None
    total_ms: float
    cut: bool
    late: bool


class Generation:
    """A running stream for one cursor."""

    def __init__(self, engine: Streams, request: TextRequest, anchor: Anchor, stop: Stop, harvest: Harvest) -> None:
        self.anchor = anchor
        self.text = ""
        self.failure: EngineError | None = None
        self.finished: Finished | None = None
        self._waiting = 0
        self._closed = False
        self._news = asyncio.Event()
        self._task = asyncio.create_task(self._run(engine, request, stop, harvest))
        self._task.add_done_callback(lambda _: self._news.set())

    @property
    def running(self) -> bool:
        """Whether more may come."""
        return not self._task.done()

    def agrees(self, document: Document, offset: int) -> bool:
        """Whether the stream may still become a suggestion for the cursor at `offset`."""
        drift = self.anchor.drift(document, offset)
        if drift is None or drift.gone:
            return False
        if self.finished is not None:
            return bool(remaining(self.text, drift.typed))
        return self.text.startswith(drift.typed) or (self.running and drift.typed.startswith(self.text))

    @asynccontextmanager
    async def waiting(self) -> AsyncIterator[None]:
        """Hold the stream open while a request waits for it."""
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1
            if not self._waiting and self.running:
                asyncio.get_running_loop().call_later(GRACE_SECONDS, self._close_if_abandoned)

    async def settled(self, document: Document, offset: int) -> bool:
        """Wait until the stream has finished or disagrees with the cursor. Returns whether it finished in agreement."""
        while self.running and self.agrees(document, offset):
            self._news.clear()
            await self._news.wait()
        if not self.running and not self._task.cancelled():
            self._task.result()  # what broke in here is a bug, and the front door's guard writes it down
        return self.failure is None and self.finished is not None and self._covers(document, offset)

    def close(self) -> None:
        """Stop the stream; whoever waits sees that it did not finish.

        The task is cancelled once: a second time would hit it while it closes the connection.
        """
        if not self._closed:
            self._closed = True
            self._task.cancel()

    async def aclose(self) -> None:
        """Stop the stream and wait until its connection is closed."""
        self.close()
        await asyncio.wait([self._task])

    def _covers(self, document: Document, offset: int) -> bool:
        """A finished stream answers the very cursor it was made for even when it came to nothing."""
        return self.agrees(document, offset) or (not self.text and self.anchor == Anchor.at(document, offset))

    def _close_if_abandoned(self) -> None:
        if not self._waiting:
            self.close()

    async def _run(self, engine: Streams, request: TextRequest, stop: Stop, harvest: Harvest) -> None:
        with trace.span("engine.stream") as span:
            try:
                self.finished = await self._read(engine, request, stop)
            except EngineError as failure:
                self.failure = failure
                span.note(failure=type(failure).__name__)
                return
            usage = self.finished.usage or Usage()
            span.note(first_token_ms=self.finished.first_token_ms, cut=self.finished.cut)
            span.note(prompt_tokens=usage.prompt, cached_tokens=usage.cached, completion_tokens=usage.completion)
        harvest(self.finished)

    async def _read(self, engine: Streams, request: TextRequest, stop: Stop) -> Finished:
        began = perf_counter()
        first: float | None = None
        usage: Usage | None = None
        cut = late = False
        async with aclosing(engine.stream(request)) as stream:
            async for chunk in stream:
                if chunk.text and first is None:
                    first = (perf_counter() - began) * 1000
                usage = chunk.usage or usage
                late = late or chunk.finish == "abort"
                self.text += chunk.text
                if (end := stop(self.text)) is not None:
                    self.text, cut = self.text[:end], True
                    break
                self._news.set()
        return Finished(self.text, usage, first, (perf_counter() - began) * 1000, cut=cut, late=late)
