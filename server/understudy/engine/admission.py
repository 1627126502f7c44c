"""Who may use an engine that typing and work share: typing at any time, and the prompts of work between.

vLLM's priorities re-order only what waits; a long prompt that runs is computed to its end while a completion waits
behind it. So the prompts of work are sent in pieces (`understudy.engine.prefill`), and each piece needs a turn:

- one piece at a time, the prompt with the least left first, whatever waits growing in weight;
- none while a completion is under way, nor shortly before one is expected;
- a piece that runs is interrupted when a completion comes: the engine keeps what it has computed of it.

Work is promised a share of the time all the same, so that somebody who types without end does not stop it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from math import inf

SHARE = 0.1  # of the time, for work, however much is typed
LONGEST_HOLD = 1.0  # seconds that a piece waits at most for typing
# Seconds before an expected completion in which the engine is kept free of pieces: of those that might not end by
# themselves until then, and of long ones, which the engine leaves only after its present step.
MARGIN, AHEAD = 0.01, 0.05
SLACK = 0.03  # seconds that an expected completion may be late
ACTIVE_SECONDS = 5.0  # since the last key or completion: somebody types
WEIGHT = 0.2  # of the newest value in a running average
# Seconds of the model's time for a piece: while nobody types, where an interruption costs a step of the engine; and
# while somebody does, as a share of what a completion takes, within limits.
QUIET_PIECE = 0.1
PIECE_SHARE = 0.4
SHORTEST_PIECE, LONGEST_PIECE, FIRST_PIECE = 0.008, 0.06, 0.02
AGING = 1000  # tokens that a prompt seems shorter for each second of waiting


@dataclass(eq=False, slots=True)
class Job:
    """A prompt of work: how many tokens of it are left, since when it waits for its turns, and how many tokens its
    pieces have computed."""

    left: int
    since: float
    computed: int = 0


@dataclass(eq=False, slots=True)
class Turn:
    """One use of the engine by work. `interrupted`: it was cut short for a completion; `disturbed`: a completion ran
    beside it, so that its time says little. `seconds`: how long it took."""

    limit: asyncio.Timeout
    forced: bool
    long: bool
    seconds: float = 0.0
    interrupted: bool = False
    disturbed: bool = False


class Admission:
    """The state of one shared engine, within one event loop."""

    def __init__(self) -> None:
        self._typing = 0
        self._typed = self._expected = self._ended = -inf
        self._spent = AHEAD
        self._latency: float | None = None
        self._waiting: list[Job] = []
        self._turn: Turn | None = None
        self._news = asyncio.Event()

    def expect(self, seconds: float) -> None:
        """A key was pressed: a completion follows in `seconds`, unless another key does."""
        self._typed = _now()
        self._expected = self._typed + seconds
        self._give_way()
        self._news.set()

    @contextmanager
    def typing(self) -> Iterator[None]:
        """A completion is under way."""
        began = _now()
        undisturbed = not self._waiting and self._turn is None
        self._expected = -inf
        self._typing += 1
        self._give_way()
        try:
            yield
        finally:
            self._typing -= 1
            self._typed = _now()
            if undisturbed and not self._waiting:
                self._took(self._typed - began)
            self._news.set()

    def job(self) -> Job:
        """A prompt that will take turns."""
        return Job(0, _now())

    @asynccontextmanager
    async def turn(self, job: Job, *, interruptible: bool = True) -> AsyncIterator[Turn]:
        """Wait for the engine, and hold it against other prompts of work. An interruption ends the block without an
        error: look at the turn."""
        await self._wait(job)
        began = _now()
        limit = asyncio.timeout(None)
        forced = not interruptible or self._held(began) > began
        turn = self._turn = Turn(limit, forced, long=self._quiet(), disturbed=self._typing > 0)
        try:
            async with limit:
                if self._expected > began:
                    self._give_way()
                yield turn
        except TimeoutError:
            if not limit.expired():
                raise
            turn.interrupted = True
        finally:
            self._turn = None
            self._ended = _now()
            self._spent = turn.seconds = self._ended - began
            self._news.set()

    def piece_seconds(self) -> float:
        """How long the model should work on a piece that begins now."""
        if self._quiet():
            return QUIET_PIECE
        if self._latency is None:
            return FIRST_PIECE
        return min(LONGEST_PIECE, max(SHORTEST_PIECE, PIECE_SHARE * self._latency))

    def _quiet(self) -> bool:
        return not self._typing and _now() - self._typed > ACTIVE_SECONDS

    async def _wait(self, job: Job) -> None:
        began = _now()
        self._waiting.append(job)
        try:
            while (start := self._start(job, began)) > _now():
                self._news.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout_at(None if start == inf else start):
                        await self._news.wait()
        finally:
            self._waiting.remove(job)
            self._news.set()

    def _start(self, job: Job, began: float) -> float:
        """When a job that has waited since `began` may have its turn, as things stand."""
        now = _now()
        first = min(self._waiting, key=lambda job: job.left - AGING * (now - job.since))
        if self._turn is not None or first is not job:
            return inf
        hold = min(LONGEST_HOLD, max(self._spent, SHORTEST_PIECE) * (1 / SHARE - 1))
        return min(self._held(now), max(began, self._ended) + hold)

    def _held(self, now: float) -> float:
        """Until when typing wants the engine for itself; a time that is past where it does not."""
        if self._typing:
            return inf
        ahead = max(MARGIN, min(AHEAD, self._spent))
        return self._expected + SLACK if self._expected - ahead <= now else -inf

    def _give_way(self) -> None:
        """End the piece that runs, at once or in time for the completion that is expected."""
        turn = self._turn
        if turn is None or turn.limit.expired():
            return
        if self._typing:
            turn.disturbed = True
        if not turn.forced:
            turn.limit.reschedule(_now() if self._typing else self._expected - (AHEAD if turn.long else MARGIN))

    def _took(self, seconds: float) -> None:
        old = self._latency
        self._latency = seconds if old is None else old + WEIGHT * (seconds - old)


def _now() -> float:
    return asyncio.get_running_loop().time()
