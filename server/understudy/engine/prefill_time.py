"""How long an engine takes to compute a piece of a long prompt whose beginning it has in its cache.

A piece of `computed` tokens that ends at token `end` takes

    seconds = fixed · (SENT + end) + each · computed · (READ + end)

The first part is the request itself: sending, hashing and finding a prefix of that length. The second is the model,
whose attention takes longer the further in it is. The two coefficients are fitted to what was measured (least squares
with exponential forgetting); SENT and READ are rough and need not be exact, since they only say how the parts grow.
"""

from __future__ import annotations

SENT = 10_000.0
READ = 20_000.0
KEPT = 0.9  # weight of what is known when a measurement comes
GUESS = 4e-9  # of `each`, before anything was measured: 80 µs a token, the speed of a small machine
GUESSED_SECONDS = 0.02  # the guess counts as one measurement of a piece that takes so long
ALIKE = 1e-6  # pieces that differ by less do not tell the two parts apart


class PrefillTime:
    """The fit."""

    def __init__(self) -> None:
        work = GUESSED_SECONDS / GUESS
        # Sums of products of: the size of the request, the work of the model, the seconds.
        self._rr = self._rw = self._rs = 0.0
        self._ww, self._ws = work * work, work * GUESSED_SECONDS

    def note(self, end: int, computed: int, seconds: float) -> None:
        """A piece was computed in `seconds`, while nothing else was."""
        request, work = SENT + end, computed * (READ + end)
        self._rr = KEPT * self._rr + request * request
        self._rw = KEPT * self._rw + request * work
        self._rs = KEPT * self._rs + request * seconds
        self._ww = KEPT * self._ww + work * work
        self._ws = KEPT * self._ws + work * seconds

    def tokens(self, start: int, seconds: float) -> int:
        """How many tokens after the first `start` the model computes in `seconds`, the request itself not counted."""
        return int(seconds / (self._each() * (READ + start)))

    def _each(self) -> float:
        """Seconds per token and READ. Where all pieces were alike all of the time is taken for the model's: then the
        next pieces become smaller, and are no longer alike."""
        spread = self._rr * self._ww - self._rw * self._rw
        fixed = 0.0
        if spread > ALIKE * self._rr * self._ww:
            fixed = max(0.0, (self._rs * self._ww - self._ws * self._rw) / spread)
        return max((self._ws - fixed * self._rw) / self._ww, GUESS / 1000)
