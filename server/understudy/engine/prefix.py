"""What two prompts have in common: the tokens that an engine's prefix cache need not compute again."""

from __future__ import annotations

from itertools import takewhile


def common_prefix(ids: tuple[int, ...], other: tuple[int, ...]) -> int:
    """How many tokens both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(ids, other, strict=False)))
