"""The record of an open document, kept up to date: after an edit only the nodes around it are read again.

A file is taken as a row of units: the nodes at its top, and those in namespaces and preprocessor blocks, which define
nothing themselves. A unit's part of the record hangs on its own text, on the comments and attributes before it, and at
most on its neighbour; so the units around what has changed are read again, and what is said of the others is moved to
their new rows.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from understudy.context.index.extract import Part, Stretch, read, record
from understudy.context.index.record import FileRecord
from understudy.context.syntax.source import Source, point

if TYPE_CHECKING:
    import tree_sitter

# Nodes whose children are units by themselves, as the grammars call them.
TRANSPARENT = frozenset(
    (
        "namespace_definition",
        "namespace_declaration",
        "declaration_list",
        "linkage_specification",
        "preproc_ifdef",
        "preproc_if",
        "preproc_else",
        "preproc_elif",
        "mod_item",
    )
)
# What belongs to the unit behind it. (So do the marks between units, such as Go's line ends, which have no name.)
GLUE = ("comment", "attribute_item", "decorator")

Rows = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Followed:
    """A text with its record, and with what is needed to make the next one from it."""

    source: Source
    record: FileRecord
    part: Part


@dataclass(frozen=True, slots=True)
class _Change:
    """What is read again. Its rows begin at `first`; before the edit they ended before `last`, and what follows them
    has moved by `moved` rows."""

    stretch: Stretch
    first: int
    last: int
    moved: int


def begin(source: Source, path: str) -> Followed:
    """The record of a text of which nothing is known yet."""
    part = read(source, path)
    return Followed(source, record(source, path, part), part)


def follow(before: Followed, source: Source, at_most: int | None = None) -> Followed | None:
    """What `begin` would give for `source`, a later text of the same document, in less time.

    None where more than `at_most` rows have to be read again, as when a bracket is opened and the rest of the text is
    taken for what stands in it: a fiftieth of a millisecond each is too long while somebody types.
    """
    if source is before.source:
        return before
    path = before.record.path
    change = _change(before.source, source) if source.grammar is before.source.grammar else None
    if at_most is not None and (change.last + change.moved - change.first if change else source.rows) > at_most:
        return None
    if change is None:
        return begin(source, path)
    part = _joined(before.part, read(source, path, change.stretch), change)
    return Followed(source, record(source, path, part), part)


def _change(old: Source, new: Source) -> _Change | None:
    """What has changed from one text to the next; None where all of it has to be read again."""
    tree, start, end = old.told(new)
    first_row, last_row = point(new.data, start)[0], point(new.data, end)[0]
    for it in tree.changed_ranges(new.tree):
        start, end = min(start, it.start_byte), max(end, it.end_byte)
        first_row, last_row = min(first_row, it.start_point[0]), max(last_row, it.end_point[0])
    moved = new.data.count(b"\n") - old.data.count(b"\n")
    for units, inner in _levels(new.root, start, end):
        if not units:
            continue
        first, last = _reached(units, start, end)
        # How broken code is taken may change far from an edit, and tree-sitter does not tell all of that.
        broken = [index for index, unit in enumerate(units) if unit.has_error] if new.root.has_error else []
        first, last = min([first, *broken[:1]]), max([last, *broken[-1:]])
        first, last, rows = _rounded(units, *_widened(units, first, last), (first_row, last_row))
        if inner and (first == 0 or last == len(units) - 1):
            continue  # what opens or closes the block is touched as well
        outer = _widened(units, first, last)
        around = units[outer[0]].start_byte, units[outer[1]].end_byte
        stretch = Stretch(units[first].start_byte, max(units[last].end_byte, end + 1), around)
        return _Change(stretch, rows[0], rows[1] + 1 - moved, moved)
    return None


def _levels(root: tree_sitter.Node, start: int, end: int) -> list[tuple[list[tree_sitter.Node], bool]]:
    """The rows of units that hold the bytes `start` to `end`, the innermost first, and whether it is in a block."""
    levels = [(root.children, False)]
    while True:
        units, _ = levels[0]
        first, last = _reached(units, start, end) if units else (0, 1)
        if first != last or units[first].type not in TRANSPARENT:
            return levels
        if not units[first].start_byte < start <= end < units[first].end_byte:
            return levels
        levels.insert(0, (units[first].children, True))


def _reached(units: Sequence[tree_sitter.Node], start: int, end: int) -> tuple[int, int]:
    """The first and the last unit that touches the bytes `start` to `end`; where none does, those on both sides."""
    first = bisect_left(units, start, key=lambda unit: unit.end_byte)
    last = bisect_right(units, end, key=lambda unit: unit.start_byte) - 1
    first, last = min(first, last), max(first, last)
    return max(0, min(first, len(units) - 1)), max(0, min(last, len(units) - 1))


def _widened(units: Sequence[tree_sitter.Node], first: int, last: int) -> tuple[int, int]:
    """With a neighbour on each side, and with what is glued to the first."""
    first = _before(units, first) - 1
    first = _before(units, max(first, 0))
    last += 1
    while last < len(units) and _glue(units[last]):
        last += 1
    return first, min(last, len(units) - 1)


def _rounded(
    units: Sequence[tree_sitter.Node], first: int, last: int, rows: tuple[int, int]
) -> tuple[int, int, tuple[int, int]]:
    """With everything that shares a row with it; and the first and the last row."""
    top, bottom = min(rows[0], units[first].start_point[0]), max(rows[1], _last_row(units[last]))
    while first > 0 and (_last_row(units[first - 1]) >= top or _glue(units[first - 1])):
        first -= 1
        top = min(top, units[first].start_point[0])
    while last + 1 < len(units) and (units[last + 1].start_point[0] <= bottom or _glue(units[last])):
        last += 1
        bottom = max(bottom, _last_row(units[last]))
    return first, last, (top, bottom)


def _before(units: Sequence[tree_sitter.Node], first: int) -> int:
    """The first of the glue that stands right before a unit, or the unit."""
    while first > 0 and _glue(units[first - 1]):
        first -= 1
    return first


def _glue(unit: tree_sitter.Node) -> bool:
    return not unit.is_named or any(word in unit.type for word in GLUE)


def _last_row(unit: tree_sitter.Node) -> int:
    row, column = unit.end_point
    return row if column > 0 else max(row - 1, unit.start_point[0])


def _joined(old: Part, new: Part, change: _Change) -> Part:
    """The old part with the new one in the place of what was read again."""
    first, last, moved = change.first, change.last, change.moved
    definitions = [it for it in old.definitions if it.first < first]
    definitions += new.definitions
    definitions += [
        replace(it, first=it.first + moved, last=it.last + moved) if moved else it
        for it in old.definitions
        if it.first >= last
    ]
    imports = [it for it in old.imports if it.row < first]
    imports += new.imports
    imports += [replace(it, row=it.row + moved) if moved else it for it in old.imports if it.row >= last]
    extensions = [it for it in old.extensions if it[0] < first]
    extensions += new.extensions
    extensions += [(row + moved, name, bases) for row, name, bases in old.extensions if row >= last]
    packages = [it for it in old.packages if it[0] < first]
    packages += new.packages
    packages += [(row + moved, name) for row, name in old.packages if row >= last]
    references = _joined_references(old.references, new.references, change)
    return Part(tuple(definitions), references, tuple(imports), tuple(extensions), tuple(packages))


def _joined_references(old: Mapping[str, Rows], new: Mapping[str, Rows], change: _Change) -> dict[str, Rows]:
    joined: dict[str, Rows] = {}
    for name, rows in old.items():
        head, tail = bisect_left(rows, change.first), bisect_left(rows, change.last)
        kept = rows
        if head != tail or (change.moved and tail < len(rows)):
            kept = rows[:head] + tuple(row + change.moved for row in rows[tail:])
        if name in new:
            kept = kept[:head] + new[name] + kept[head:]
        if kept:
            joined[name] = kept
    joined.update((name, rows) for name, rows in new.items() if name not in old)
    return joined
