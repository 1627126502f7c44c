"""Shares of what was looked for, with an interval: identifiers of one line are found or missed together, so whole lines
are drawn anew (bootstrap, a fixed seed)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Share:
    """A share between 0 and 1, and the bounds of its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:6.1%} [{self.low:.1%}, {self.high:.1%}]"


def share(lines: Sequence[tuple[int, int]]) -> Share:
    """The share of what was found, from (found, looked for) of each line."""
    value = _ratio(lines)
    draw = random.Random(0)
    drawn = sorted(_ratio(draw.choices(lines, k=len(lines))) for _ in range(DRAWS)) if lines else [0.0]
    return Share(value, drawn[int(len(drawn) * 0.025)], drawn[int(len(drawn) * 0.975)])


def _ratio(lines: Sequence[tuple[int, int]]) -> float:
    return sum(hit for hit, _ in lines) / (sum(all_ for _, all_ in lines) or 1)
