"""Filling a budget of tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

# Tokens of a text in the model's vocabulary; whoever calls brings it, so that nothing here knows a model.
Count = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A text that may be shown. Of two that do not both fit, the one of higher `priority` is."""

    text: str
    priority: float = 0.0


def fit(pieces: Sequence[Piece], limit: int, count: Count) -> tuple[int, ...]:
    """The indices of the pieces that fit in `limit` tokens together, chosen by priority, returned in the given order.

    The order is the caller's, so that a piece that comes or goes leaves the ones before it where they were. Of equal
    priority the earlier is chosen first; a piece that does not fit is passed over and smaller ones are still tried.
    """
    chosen: list[int] = []
    left = limit
    for index in sorted(range(len(pieces)), key=lambda index: (-pieces[index].priority, index)):
        tokens = count(pieces[index].text)
        if tokens <= left:
            chosen.append(index)
            left -= tokens
    return tuple(sorted(chosen))
