"""When to ask: the wait after a keystroke, net of what the engine will take, longer mid-flow and after rejections.

Inside a word, or after a comma that a space will follow, the next key is on its way: there the wait is measured by the
user's own rhythm (an idea of Tabby's debouncer), so that the engine is asked when the typing halts. Where a new word
may begin it is asked as soon as it may.
The shape of the back-off (a free allowance, then a step for each further rejection, up to a limit, gone after an
acceptance or a pause) follows what Cody's artificial delay showed to be bearable.
"""

from __future__ import annotations

from collections.abc import Callable

FLOOR_MS = 40.0  # below the fastest typing, so that a burst asks once
FREE_REJECTIONS = 5
STEP_MS = 100.0
LIMIT_MS = 1000.0
FORGIVEN_SECONDS = 300.0
WEIGHT = 0.2  # of the newest value in a running average
RHYTHM_MS = 150.0  # between two keys, before anything is known: about 80 words a minute
PAUSE_MS = 600.0  # a longer gap is a pause for thought and says nothing about the rhythm
PATIENCE = 1.7  # gaps to wait in the flow of typing; five of six keys come before
BEGINNINGS = frozenset(" \t\r\n([{.")  # after these a word may begin, which is where a suggestion helps most


class Pace:
    """Running latency and rejections; `clock` gives seconds."""

    def __init__(self, base_ms: float, clock: Callable[[], float]) -> None:
        self._base_ms = base_ms
        self._clock = clock
        self._expected_ms: float | None = None
        self._rhythm_ms = RHYTHM_MS
        self._last_key: float | None = None
        self._rejections = 0
        self._last_rejection = 0.0

    def key(self) -> None:
        """The user pressed a key."""
        now, last = self._clock(), self._last_key
        self._last_key = now
        if last is not None and (gap := (now - last) * 1000) <= PAUSE_MS:
            self._rhythm_ms += WEIGHT * (gap - self._rhythm_ms)

    def answered(self, latency_ms: float) -> None:
        """The engine gave a whole answer after `latency_ms`."""
        old = self._expected_ms
        self._expected_ms = latency_ms if old is None else old + WEIGHT * (latency_ms - old)

    def accepted(self) -> None:
        """The user took a suggestion, whole or in part."""
        self._rejections = 0

    def rejected(self) -> None:
        """The user saw a suggestion and typed something else."""
        self._rejections += 1
        self._last_rejection = self._clock()

    @property
    def backoff_ms(self) -> float:
        """The extra wait after rejections."""
        if self._clock() - self._last_rejection > FORGIVEN_SECONDS:
            self._rejections = 0
        return min(LIMIT_MS, max(0, self._rejections - FREE_REJECTIONS) * STEP_MS)

    def delay_ms(self, before: str, pressure: float = 1.0) -> float:
        """Milliseconds to wait until the engine is asked; `before` is the text to the left of the cursor, or its end.

        `pressure`: how many times as long as usual to wait for an engine that falls behind; its latency, which then
        grows, counts the less. A base of 0 means no wait at all.
        """
        if not self._base_ms:
            return self.backoff_ms
        mid_flow = before[-1:] not in BEGINNINGS
        wanted = max(self._base_ms, self._rhythm_ms * PATIENCE) if mid_flow else self._base_ms
        return max(FLOOR_MS, wanted * pressure - (self._expected_ms or 0.0) / pressure) + self.backoff_ms
