"""While the user pauses, the engine reads the part of the next prompt that the next keys leave alone.

The first key after a change of file then finds it in the engine's prefix cache (llama.vim does so with its ring of
chunks). It is one request with one token of answer, for an engine that has nothing else to do; the next key ends it,
and vLLM keeps what it has computed by then. An engine of which nobody knows how busy it is, is left alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace

from understudy.core.errors import EngineError, EngineRefused
from understudy.core.text import Document, changed_span, line_start
from understudy.engine.base import Engine, EngineSource, TextRequest
from understudy.engine.fim import FimFormat, FimPrompt
from understudy.engine.load import idle

log = logging.getLogger(__name__)

PAUSE_SECONDS = 0.6  # without a key: a pause for thought (`pace.PAUSE_MS`)
WORTH = 512  # characters that the engine has not read yet; for fewer a request would cost more than it saves
PRIORITY = 20  # after everybody's work, which has 10
REMEMBERED = 16  # prompts that the engine has read lately


def _nobody(_: float) -> None:
    """Nobody has to know."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is said and done before the engine is asked for a completion. `expect` is told in how many seconds it will
    be, unless another key is pressed. `warming`: the engine for what is read while the user pauses; its requests are no
    completions to whoever admits or counts them. None: nothing is read."""

    expect: Callable[[float], None] = _nobody
    warming: EngineSource | None = None


NOTHING_AHEAD = Ahead()


@dataclass(frozen=True, slots=True)
class Place:
    """Where the user is: the text, and the cursor where it is known."""

    document: Document
    offset: int | None = None

    @classmethod
    def after(cls, before: Document | None, after: Document) -> Place:
        """Where a change has left the cursor; unknown where a text was opened."""
        if before is None:
            return cls(after)
        change, text = changed_span(before.text, after.text)
        return cls(after, change.start + len(text))


def stable(prompt: FimPrompt, fim: FimFormat, *, cursor: bool) -> TextRequest:
    """The beginning of a prompt that the next keys leave alone: other files, and of the current file what the format
    puts before the cursor's line, or nothing where the `cursor` is not known. Asks for one token."""
    above = prompt.prefix[: line_start(prompt.prefix, len(prompt.prefix))]
    other = replace(prompt, prefix=above) if cursor else replace(prompt, prefix="", suffix="")
    whole = fim.render(prompt)
    # Wherever the format puts the text at the cursor, two prompts that differ in it are alike up to there.
    return TextRequest(
        whole[: changed_span(whole, fim.render(other))[0].start],
        1,
        priority=PRIORITY,
        add_special_tokens=not fim.whole,
    )


Next = Callable[[Place], Awaitable[TextRequest | None]]
"""The request that reads what the next prompt at a place begins with; None where there is none to be read."""


class Warming:
    """Reads for one completer, from `source` where there is one."""

    def __init__(self, source: EngineSource | None, following: Next) -> None:
        self._source = source
        self._following = following
        self._engine: Engine | None = None
        self._unable = False
        self._read: deque[str] = deque(maxlen=REMEMBERED)
        self._tasks: set[asyncio.Task[None]] = set()

    def asked(self, request: TextRequest) -> None:
        """The engine was asked for a completion, and so has read its prompt."""
        if isinstance(request.prompt, str):
            self._read.append(request.prompt)

    def rest(self, place: Callable[[], Place]) -> None:
        """The user is at a place, and may pause there. `place` is called when they do."""
        self.stop()
        if self._source is not None:
            task = asyncio.create_task(self._pause(self._source, place))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def stop(self) -> None:
        """The user goes on."""
        for task in self._tasks:
            if not task.cancelling():  # a second time would hit it while it closes the connection
                task.cancel()

    async def aclose(self) -> None:
        """Stop, and wait until the connection is given back."""
        self.stop()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _pause(self, source: EngineSource, place: Callable[[], Place]) -> None:
        await asyncio.sleep(PAUSE_SECONDS)
        engine = source.current()
        if engine is not self._engine:
            if self._engine is not None:
                self._read.clear()  # another has read nothing yet
            self._engine, self._unable = engine, False
        if engine is None or self._unable:
            return
        try:
            request = await self._following(place())
            if request is not None and self._worth(request) and idle(await engine.load()):
                await _read(engine, request)
                self.asked(request)
        except EngineError as error:
            log.info("Nothing is read ahead: %s", error)
            self._unable = isinstance(error, EngineRefused)

    def _worth(self, request: TextRequest) -> bool:
        """Whether enough of a prompt was never read."""
        assert isinstance(request.prompt, str)
        known = request.prompt[:-WORTH]
        return bool(known) and not any(read.startswith(known) for read in self._read)


async def _read(engine: Engine, request: TextRequest) -> None:
    async with aclosing(engine.stream(request)) as chunks:
        async for _ in chunks:
            pass
