"""When to ask: the wait after a keystroke, net of what the engine will take, and longer after rejections.

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
WEIGHT = 0.2  # of the newest latency in the running average


class Pace:
    """Running latency and rejections; `clock` gives seconds."""

    def __init__(self, base_ms: float, clock: Callable[[], float]) -> None:
        self._base_ms = base_ms
        self._clock = clock
        self._expected_ms: float | None = None
        self._rejections = 0
        self._last_rejection = 0.0

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

    @property
    def delay_ms(self) -> float:
        """Milliseconds to wait after a keystroke before the engine is asked."""
        wait = max(min(FLOOR_MS, self._base_ms), self._base_ms - (self._expected_ms or 0.0))
        return wait + self.backoff_ms
