"""A long prompt of work is put into the engine's prefix cache piece by piece, so that typing can go between.

Each piece is a request of its own for the prompt up to some token, with one token of answer: what it computes stays in
the prefix cache, where the next piece and at last the real request find it. The same goes for a piece that is
interrupted: vLLM keeps the blocks that it has computed.
"""

from __future__ import annotations

from collections import deque
from contextlib import aclosing

from understudy.engine.admission import FIRST_PIECE, Admission, Job
from understudy.engine.base import Engine, TextRequest, Usage
from understudy.engine.cache_block import CacheBlock
from understudy.engine.prefill_time import PrefillTime
from understudy.engine.prefix import common_prefix

BLOCK = 64  # tokens; the smallest piece, a few blocks of any engine's cache
LARGEST_PIECE = 8192  # tokens; as much as vLLM computes in one step at most
PROMPTS = 4  # whose beginnings are remembered
MISSES = 2  # requests in a row that did not find the pieces before them: the engine caches no prefixes
# Tokens. Where fewer should be found, to find none says nothing: a hybrid model's cache has blocks of up to 2144.
TELLING = 2 * 2144


class Prefiller:
    """What is known about one engine: how fast it is, whether it caches prefixes, and which prompts it has read."""

    def __init__(self, engine: Engine, admission: Admission) -> None:
        self._engine = engine
        self._admission = admission
        self._time = PrefillTime()
        self._block = CacheBlock()
        self._read: deque[tuple[int, ...]] = deque(maxlen=PROMPTS)
        self._misses = 0

    @property
    def useful(self) -> bool:
        """Whether the engine keeps what pieces compute."""
        return self._misses < MISSES

    async def read(self, ids: tuple[int, ...], job: Job, priority: int) -> int:
        """Have the engine read a prompt but for a rest that is no longer than a short piece. Returns how many of its
        tokens should be in the cache now. Raises `EngineError`."""
        done = max((common_prefix(ids, known) for known in self._read), default=0)
        try:
            while self.useful and len(ids) - done > self._tokens(done, FIRST_PIECE):
                job.left = len(ids) - done
                # An interrupted piece is asked for again: what it has computed is found then.
                done = await self._compute(ids, done, job, priority) or done
            cached = done
            job.left, done = len(ids) - done, len(ids)
        finally:
            self._remember(ids[:done])
        return cached

    def found(self, ids: tuple[int, ...], cached: int, usage: Usage | None) -> None:
        """What the real request has cost, of whose tokens `cached` should have been in the cache: a prompt that the
        engine puts together otherwise finds nothing."""
        if cached >= TELLING and usage is not None and usage.cached is not None:
            self._judge(hit=usage.cached >= cached // 2)
            self._remember(ids)

    def _judge(self, *, hit: bool) -> None:
        self._misses = 0 if hit else self._misses + 1
        if not hit:
            # The engine may have begun anew, or have had to make room: then nothing that was read before is there.
            self._read.clear()

    def _remember(self, ids: tuple[int, ...]) -> None:
        """A prompt was read. A conversation that goes on takes one place, and one too short to be cut takes none."""
        if ids:
            others = [known for known in self._read if known != ids[: len(known)]]
            self._read = deque((*others, ids), maxlen=PROMPTS)

    def _tokens(self, done: int, seconds: float) -> int:
        """How many tokens a piece has that takes so long: whole blocks, within limits."""
        return max(BLOCK, min(LARGEST_PIECE, self._time.tokens(done, seconds)) // BLOCK * BLOCK)

    async def _compute(self, ids: tuple[int, ...], done: int, job: Job, priority: int) -> int:
        """Compute one piece. Returns how many tokens are computed now, or 0 where it was interrupted."""
        usage: Usage | None = None
        async with self._admission.turn(job) as turn:
            # How long a piece may be is decided when its turn has come.
            wanted = done + self._tokens(done, self._admission.piece_seconds())
            end = min(len(ids), self._block.border(done, wanted))
            async with aclosing(self._engine.stream(TextRequest(ids[:end], 1, priority=priority))) as stream:
                async for chunk in stream:
                    usage = chunk.usage or usage
        if turn.interrupted:
            return 0
        computed = usage.computed if usage else None
        if computed is None:
            self._misses = MISSES  # without the engine's word pieces might cost the whole prompt each time
        else:
            job.computed += computed
            self._block.note(done, end - computed)
            if done >= TELLING:
                self._judge(hit=end - computed >= done // 2)
        if computed and not turn.disturbed:
            self._time.note(end, computed, turn.seconds)
        return end
