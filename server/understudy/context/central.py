"""What the repository leans on most near a cursor, as pieces: it fills what nothing better fills."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import islice
from math import sqrt

from understudy.context.index.base import Index
from understudy.context.index.record import Definition
from understudy.context.pieces import Piece

FILES = 6  # of the highest ranks, whose definitions are looked at
LEANING = 6  # files of the highest ranks whose uses of them are counted
PIECES = 24


def central(index: Index, path: str, ranks: Mapping[str, float]) -> Iterator[Piece]:
    """The definitions that the files near the cursor's use most, from the files with the highest `ranks`."""
    files = list(islice((it for it in ranks if it != path), FILES))
    uses = used_by(index, ranks, [path, *files][:LEANING])
    scored: list[tuple[float, Definition]] = []
    for file in files:
        record = index.record(file)
        top = [it for it in record.definitions if not it.parent] if record is not None else []
        scored += [(ranks[file] * uses[it.name], it) for it in top if uses.get(it.name)]
    scored.sort(key=lambda entry: (-entry[0], entry[1].path, entry[1].first))
    best = scored[0][0] if scored else 1.0
    for worth, it in scored[:PIECES]:
        yield Piece(it.path, it.first, f"{it.path}#{it.qualified}", (it.signature,), worth / best, "central")


def used_by(index: Index, ranks: Mapping[str, float], files: list[str]) -> Mapping[str, float]:
    """How much each name is used by these files, by the root of the number of times and by the files' ranks."""
    found: dict[str, float] = defaultdict(float)
    for file in files:
        record = index.record(file)
        for name, rows in record.references.items() if record is not None else ():
            found[name] += ranks.get(file, 0.0) * sqrt(len(rows))
    return found
