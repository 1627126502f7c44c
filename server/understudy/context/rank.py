"""One list out of all producers: what may be shown for a cursor, the best first.

A piece's score is its producer's, times the weight of the reason, times how near its file is. What several producers
name scores more than by each alone.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from math import sqrt

from understudy.context.cursor import Cursor, Producer
from understudy.context.pieces import Origin, Piece

log = logging.getLogger(__name__)

WEIGHTS: Mapping[Origin, float] = {
    "named": 1.0,
    "edited": 0.8,
    "member": 0.75,
    "imported": 0.55,
    "similar": 0.4,
    "sibling": 0.4,
    "visited": 0.35,
    "caller": 0.3,
    "test": 0.25,
    "central": 0.15,
}
"""What a reason is worth: what a producer is sure of (a score of 1) scores as much."""

FARTHEST = 0.5
"""A piece of a file that has nothing to do with the cursor's keeps this share of its score."""
IMPORTED = 1.0
IMPORTER = 0.7
SAME_FOLDER = 0.7
LEANT_ON = 0.9
"""How near the file is that the cursor's leans on most; others in proportion to the root of their rank."""

MAX_CANDIDATES = 160


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near files are to the cursor's, from 0 to 1. `ranks` are those of `graph.personalised`."""

    path: str
    imported: frozenset[str]
    importers: frozenset[str]
    ranks: Mapping[str, float]

    @classmethod
    def of(cls, cursor: Cursor, ranks: Mapping[str, float]) -> Nearness:
        """The nearness of files to the cursor's."""
        index, path = cursor.index, cursor.path
        others = {file: rank for file, rank in ranks.items() if file != path}
        most = max(others.values(), default=1.0)
        return cls(
            path,
            frozenset(index.targets(path)),
            frozenset(index.importers(path)),
            {file: rank / most for file, rank in others.items()},
        )

    def __call__(self, path: str) -> float:
        """How near one file is."""
        if path == self.path or path in self.imported:
            return IMPORTED
        return max(
            IMPORTER if path in self.importers else 0.0,
            SAME_FOLDER if os.path.dirname(path) == os.path.dirname(self.path) else 0.0,  # noqa: PTH120 (text, no disk)
            LEANT_ON * sqrt(self.ranks.get(path, 0.0)),
        )


def ranked(found: Iterable[Piece], near: Callable[[str], float]) -> tuple[Piece, ...]:
    """The pieces with their scores, the best first, each key once; at most `MAX_CANDIDATES`.

    Equals are in the order of paths and rows.
    """
    best: dict[str, Piece] = {}
    for piece in found:
        scored = replace(piece, score=_score(piece, near), forms=tuple(map(_with_line_feeds, piece.forms)))
        known = best.get(piece.key)
        best[piece.key] = scored if known is None else _both(known, scored)
    ordered = sorted(best.values(), key=lambda piece: (-piece.score, piece.path, piece.row, piece.key))
    return tuple(ordered[:MAX_CANDIDATES])


def _score(piece: Piece, near: Callable[[str], float]) -> float:
    share = FARTHEST + (1 - FARTHEST) * near(piece.path)
    return min(1.0, max(0.0, piece.score)) * WEIGHTS[piece.origin] * share


def _with_line_feeds(text: str) -> str:
    """A text with line feeds for its line ends, as signatures have them whatever their file has."""
    return text.replace("\r\n", "\n").removesuffix("\r") if "\r" in text else text


def _both(one: Piece, other: Piece) -> Piece:
    """What two producers say of one piece: the better one's reason, the forms of the one that has more of them."""
    better = one if one.score >= other.score else other
    fuller = one if len(one.forms) >= len(other.forms) else other
    score = 1 - (1 - one.score) * (1 - other.score)
    return replace(better, forms=fuller.forms, row=fuller.row, within=fuller.within, score=score)


def proposed(cursor: Cursor, producers: Iterable[tuple[Origin, Producer]]) -> list[Piece]:
    """What all producers say of a cursor. One that fails costs its own pieces; that is said once."""
    found: list[Piece] = []
    for origin, produce in producers:
        try:
            found += tuple(produce(cursor))
        except Exception as error:
            log.debug("How %r failed", origin, exc_info=error)
            _say_once(origin, repr(error))
    return found


@lru_cache(maxsize=64)
def _say_once(origin: Origin, error: str) -> None:
    log.error("Nothing is shown as %r for now: %s", origin, error)
