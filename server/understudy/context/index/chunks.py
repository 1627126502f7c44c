"""A file in stretches that its syntax holds together, for search by words."""

from __future__ import annotations

from collections.abc import Iterator

from understudy.context.index.record import FileRecord
from understudy.context.syntax.source import Source

LEAST = 20
MOST = 60


def chunks(source: Source, record: FileRecord) -> tuple[tuple[int, int], ...]:
    """Ranges of rows that cover the file in order and do not overlap.

    Each has `LEAST` to `MOST` rows, the last of the file perhaps fewer. It ends where the outermost node begins that
    begins in reach, so that definitions stay whole where they can and long bodies part between statements; a stretch
    without an inner boundary, such as a long string, parts anywhere.
    """
    depths: dict[int, int] = {}
    for depth, row in _cuts(source):
        depths[row] = min(depth, depths.get(row, depth))
    found: list[tuple[int, int]] = []
    first = 0
    while first < record.rows:
        reach = range(first + LEAST, first + MOST + 1)
        # The outermost, and of those the last; a row where nothing begins comes after all others.
        last = (
            min(reach, key=lambda row: (depths.get(row, len(depths)), -row)) if reach[-1] < record.rows else record.rows
        )
        found.append((first, last))
        first = last
    return tuple(found)


def _cuts(source: Source) -> Iterator[tuple[int, int]]:
    """Where a chunk may begin, as depth in the tree and row: where a node begins, also inside of long nodes. A comment
    goes with what follows it."""
    waiting = [(0, source.root)]
    while waiting:
        depth, node = waiting.pop()
        last, glued = -1, False
        for child in node.named_children:
            row, end = child.start_point[0], child.end_point[0]
            if end - row >= LEAST:
                waiting.append((depth + 1, child))
            if not glued and row > last:
                yield depth, row
            glued = row > last and "comment" in child.type
            last = end
