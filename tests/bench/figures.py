"""How the bench says its figures: percentiles, and goals that are met or missed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Percentiles:
    """The middle and the slow end of some measurements."""

    count: int
    p50: float
    p95: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Percentiles:
        ordered = sorted(values)
        if not ordered:
            return cls(0, float("nan"), float("nan"))
        return cls(len(ordered), ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))])

    def __str__(self) -> str:
        return f"p50 {self.p50:.1f}, p95 {self.p95:.1f} (n = {self.count})"


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def row(name: str, figure: object, goal: str = "", *, met: bool | None = None) -> None:
    """One line of the table; a goal says whether it was met."""
    verdict = "" if met is None else ("  ✓" if met else "  ✗ missed")
    say(f"  {name:<58} {figure}{f'   goal {goal}' if goal else ''}{verdict}")
