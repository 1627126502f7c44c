"""BM25 over chunks, however their words are kept.

Okapi BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) with its usual constants, where a
word counts once per chunk: chunks are short, and a name that a chunk repeats says little more about what it is like.
Words of very many chunks are left out, which bounds the time and moves the order little: their weight is the least.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import log

K1 = 1.2
B = 0.75
COMMON = 400
"""A word of more chunks is not looked for."""
LOOKED_UP = 64
"""So many of the words asked for are looked at, the first ones; the rarest `SCORED` of them count."""
SCORED = 24
WEIGHED = 64
"""So many of the chunks with the most weight of words, and those that equal the last of them, are weighed by length."""

Holders = Callable[[str], Sequence[int]]
"""The chunks that hold a word, in any order; more than `COMMON` of them need not be told."""


def candidates(asked: Sequence[str], holders: Holders, total: int) -> dict[int, float]:
    """Chunks by the summed weight of the words they hold, before their length counts. `total` is how many there are."""
    found = [(len(ids), word, ids) for word in asked[:LOOKED_UP] if 0 < len(ids := holders(word)) <= COMMON]
    found.sort(key=lambda entry: entry[:2])
    weights: dict[int, float] = {}
    for count, _, ids in found[:SCORED]:
        weight = log(1 + (total - count + 0.5) / (count + 0.5))
        for chunk in ids:
            weights[chunk] = weights.get(chunk, 0.0) + weight
    if len(weights) <= WEIGHED:
        return weights
    least = sorted(weights.values(), reverse=True)[WEIGHED - 1]
    return {chunk: weight for chunk, weight in weights.items() if weight >= least}


def by_length(weight: float, size: int, average: float) -> float:
    """The score of a chunk of `size` different words, where chunks have `average` of them."""
    return weight * (K1 + 1) / (1 + K1 * (1 - B + B * size / max(average, 1.0)))


def average(sizes: Iterable[int]) -> float:
    """The mean; 0 of none."""
    known = list(sizes)
    return sum(known) / len(known) if known else 0.0
