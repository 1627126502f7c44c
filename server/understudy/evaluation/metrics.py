"""Figures from single results. Each says where its definition comes from."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

Z_95 = 1.959964  # of the standard normal distribution, two-sided


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % confidence interval."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Percentiles:
    """The middle and the slow end of some measurements; NaN where there are none."""

    count: int
    p50: float
    p95: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Percentiles:
        """The values at the ranks ⌊n/2⌋ and ⌊0.95 n⌋, from 0."""
        ordered = sorted(values)
        if not ordered:
            return cls(0, math.nan, math.nan)
        return cls(len(ordered), ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))])

    def __str__(self) -> str:
        return f"p50 {self.p50:.1f}, p95 {self.p95:.1f} (n = {self.count})"


def exact_match(text: str, wanted: str) -> bool:
    """Whether two pieces of code are the same, but for white space at their two ends (as in CrossCodeEval)."""
    return text.strip() == wanted.strip()


def edit_similarity(text: str, wanted: str) -> float:
    """2 · LCS / (|a| + |b|) of the stripped texts, from 0 to 1: what CodeXGLUE and CrossCodeEval report, times 100, as
    edit similarity (`fuzz.ratio`). Two empty texts are alike."""
    a, b = text.strip(), wanted.strip()
    return 2 * common_subsequence(a, b) / (len(a) + len(b)) if a or b else 1.0


def common_subsequence(a: str, b: str) -> int:
    """The length of the longest common subsequence, a row at a time in the bits of one number (Hyyrö 2004)."""
    places: dict[str, int] = {}
    for place, character in enumerate(a):
        places[character] = places.get(character, 0) | 1 << place
    whole = (1 << len(a)) - 1
    row = whole
    for character in b:
        matches = row & places.get(character, 0)
        row = (row + matches | row - matches) & whole
    return len(a) - row.bit_count()


def common_prefix(a: str, b: str) -> int:
    """How many characters two texts begin with alike."""
    return next((place for place, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def wilson(hits: int, count: int) -> Interval:
    """Wilson's score interval of a share (Wilson 1927), which also holds for few trials; the whole range for none."""
    if not count:
        return Interval(0.0, 1.0)
    share = hits / count
    scale = 1 + Z_95**2 / count
    middle = (share + Z_95**2 / (2 * count)) / scale
    half = Z_95 * math.sqrt(share * (1 - share) / count + Z_95**2 / (4 * count**2)) / scale
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def paired_difference(first: Sequence[bool], second: Sequence[bool], rounds: int = 5000, seed: int = 1) -> Interval:
    """The interval of the share of hits in `first` less that in `second`, for answers to the same questions in the same
    order: percentile bootstrap over the questions (Efron 1979), the same for the same seed."""
    differences = [int(a) - int(b) for a, b in zip(first, second, strict=True)]
    if not differences:
        return Interval(-1.0, 1.0)
    count = len(differences)
    dice = random.Random(seed)
    means = sorted(sum(dice.choices(differences, k=count)) / count for _ in range(rounds))
    return Interval(means[int(rounds * 0.025)], means[int(rounds * 0.975)])
