"""A raw stream that outlives its replica: what has come so far, and what is still to be asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from understudy.core.errors import EngineBroken, EngineRefused
from understudy.engine.base import Chunk, Engine, TextRequest, Usage

GIVEN_UP = ("The engine gave the request up before its time.", "Ask again.")


@dataclass(frozen=True, slots=True)
class Part:
    """A request for what is missing. `indices`: which of the caller's alternatives its own are; `said`: the text that
    it goes on from; `length`: of the prompt in tokens, as the engine counted it, 0 where it did not."""

    request: TextRequest
    indices: tuple[int, ...]
    said: str = ""
    length: int = 0


class Resumable:
    """A request and its answer so far. `now` and `end` are in the event loop's seconds."""

    def __init__(self, request: TextRequest, now: float) -> None:
        self._request = request
        self.end = None if request.deadline is None else now + request.deadline
        self._said = [""] * request.alternatives
        self._pieces = [0] * request.alternatives
        self._open = set(range(request.alternatives))
        self._usage: Usage | None = None
        self._before = 0
        self._given_up = False

    @property
    def begun(self) -> bool:
        """Whether any text has come."""
        return any(self._said)

    def next_part(self, now: float) -> Part | None:
        """What to ask for next: all alternatives of which nothing has come in one request, the others one by one."""
        fresh = tuple(index for index in sorted(self._open) if not self._said[index])
        if fresh:
            return Part(replace(self._request, alternatives=len(fresh), deadline=self.left(now)), fresh)
        for index in sorted(self._open):
            tokens = self._request.max_tokens - self._tokens(index)
            request = replace(self._request, alternatives=1, max_tokens=tokens, deadline=self.left(now))
            return Part(request, (index,), self._said[index], self._usage.prompt if self._usage else 0)
        return None

    def spent(self, now: float) -> Iterator[Chunk]:
        """The ends of the alternatives for which nothing is left to ask: no time, or no tokens."""
        late = self.end is not None and now >= self.end
        for index in sorted(self._open):
            if late or self._tokens(index) >= self._request.max_tokens:
                self._open.discard(index)
                yield Chunk("", index, "abort" if late else "length")

    def take(self, chunk: Chunk, part: Part, now: float) -> Chunk:
        """A piece of `part` as a piece of the whole."""
        usage = self._total(chunk.usage) if chunk.usage else None
        if not chunk.text and not chunk.finish:
            return replace(chunk, usage=usage)
        index = part.indices[chunk.index]
        self._said[index] += chunk.text
        self._pieces[index] += bool(chunk.text)
        if chunk.finish == "abort" and (self.end is None or now < self.end):
            self._given_up = True
            return Chunk(chunk.text, index, None, usage)
        if chunk.finish:
            self._open.discard(index)
        return Chunk(chunk.text, index, chunk.finish, usage)

    def over(self, part: Part) -> None:
        """`part` has ended. Raises `EngineBroken` where the engine had let go of it before its time, as vLLM does with
        what is under way when it is told to end."""
        given_up, self._given_up = self._given_up, False
        if given_up:
            raise EngineBroken(*GIVEN_UP)
        self._open.difference_update(part.indices)
        self.broken()

    def broken(self) -> None:
        """Whatever comes now is counted from the beginning again."""
        self._before = self._usage.completion if self._usage else sum(self._pieces)

    def left(self, now: float) -> float | None:
        """Seconds until the deadline, if there is one."""
        return None if self.end is None else self.end - now

    def _tokens(self, index: int) -> int:
        """How many tokens alternative `index` has. Where the engine does not tell, a piece is at least one."""
        told = self._usage.completion if self._usage and self._request.alternatives == 1 else 0
        return max(told, self._pieces[index])

    def _total(self, usage: Usage) -> Usage:
        """The usage of the whole answer: its prompt is the caller's, however often it was read."""
        prompt = self._usage.prompt if self._usage else usage.prompt
        cached = None if usage.cached is None else min(usage.cached, prompt)
        self._usage = Usage(prompt, self._before + usage.completion, cached)
        return self._usage


async def whole_prompt(part: Part, engine: Engine) -> TextRequest:
    """The request for `part`, its prompt with the text that has come. Raises `EngineError`: where the prompt is tokens,
    the engine has to tokenise that.

    A text is asked for in tokens too, where they are those that the engine had counted (it may put one before them):
    read as one text, the end of the prompt and the beginning of the answer can be other tokens than they were.
    """
    prompt = part.request.prompt
    if not part.said:
        return part.request
    if isinstance(prompt, str):
        ids: tuple[int, ...] = ()
        with suppress(EngineRefused):
            ids = (await engine.tokenize(prompt)).ids
        if len(ids) != part.length or not ids:
            return replace(part.request, prompt=prompt + part.said)
        prompt = ids
    return replace(part.request, prompt=prompt + (await engine.tokenize(part.said)).ids)
