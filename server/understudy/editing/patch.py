"""Search/replace blocks applied to a text: all of them, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from understudy.core.text import Edit, Span, apply
from understudy.editing import explain
from understudy.editing.block import Block, Patched, Unmatched
from understudy.editing.diff import changes
from understudy.editing.hunks import hunks
from understudy.editing.indent import reindented
from understudy.editing.lines import Lines, read_lines
from understudy.editing.match import Fit, Index, Place, decided, places, within

# A row of the text that stays as it is, by its number, or the text of a new one.
Row = int | str


@dataclass(frozen=True, slots=True)
class _Change:
    """What a block comes to: the rows `first` up to, not including, `last` become `rows`. It quoted those of `quoted`,
    of which the ones at both ends that it leaves alone are not counted into the change."""

    first: int
    last: int
    rows: tuple[Row, ...]
    quoted: range


def patch(text: str, blocks: Sequence[Block], scope: Span | None = None) -> Patched | Unmatched:
    """`text` with each block's replacement in the place of the lines that it quotes.

    All blocks are looked up in `text` as it is, and nothing is applied unless each is found in one place only
    (`match.decided`; `scope` is where the task is) and no two change the same lines. Lines that a block repeats in its
    replacement stay as they are in the file to the last blank; new ones take the line ends of those around them and,
    where the quote's indentation was off, the same shift. A byte order mark stays, and so does whether the text ends in
    a line end. A block that quotes nothing fits an empty text only.

    The explanation of an `Unmatched` quotes the text: who shows it to a model masks it first, as everything of a file.
    """
    lines = read_lines(text)
    index = Index(lines)
    found: list[_Change] = []
    failures: list[Unmatched] = []
    for number, block in enumerate(blocks, 1):
        name = f"Block {number}" if len(blocks) > 1 else "The block"
        change = _read(index, block, scope, name)
        if isinstance(change, Unmatched):
            failures.append(change)
        elif change not in found:  # models repeat themselves
            found.append(change)
    if not failures:
        found.sort(key=lambda change: (change.first, change.last, change.quoted.start))
        failures = [explain.contradiction(one.first, two.last) for one, two in pairwise(found) if _meet(one, two)]
    if failures:
        return explain.together(failures)
    edits = tuple(edit for change in found for edit in _edits(lines, change))
    return Patched(apply(text, edits), edits)


def _read(index: Index, block: Block, scope: Span | None, name: str) -> _Change | Unmatched:
    """The change that a block stands for, whichever way it is to be read."""
    first = _change(index, block, scope, name)
    fitting = [] if isinstance(first, Unmatched) else [first]
    for other in block.others:
        change = _change(index, other, scope, name)
        if not isinstance(change, Unmatched):
            fitting.append(change)
    if not fitting:
        return first
    if len({_edits(index.lines, change) for change in fitting}) > 1:
        return explain.unclear(name)
    return fitting[0]


def _change(index: Index, block: Block, scope: Span | None, name: str) -> _Change | Unmatched:
    lines = index.lines
    if not any(line.strip() for line in block.search):
        if any(index.stripped):
            return explain.empty(name)
        return _Change(0, len(lines), block.replace if any(block.replace) else (0,), range(len(lines)))
    count = len(block.search)
    found = places(index, block.search, block.replace)
    if not found:
        return explain.missing(index, block, name)
    place = decided(found, block.search, within(found, count, lines, scope) if scope else None)
    if place is None:
        return explain.ambiguous([other.first for other in found], name)
    rows = _rows(block, place)
    if rows is None:
        return explain.misplaced(index, block, place.first, name)
    return _trimmed(lines, place.first, count, rows)


def _rows(block: Block, place: Place) -> list[Row] | None:
    """The replacement, with the file's own rows for lines that it repeats; None where it cannot be indented."""
    new: Sequence[str] | None = block.replace
    if place.shift is not None:
        new = reindented(block.replace, place.shift)
    if new is None:
        return None
    search, repeated = block.search, block.replace
    if place.fit is not Fit.EXACT:  # the model is not exact about what ends its lines, here no more than in the quote
        search, repeated = (tuple(line.rstrip() for line in part) for part in (search, repeated))
    rows: list[Row] = []
    at = 0
    for change in changes(search, repeated):
        rows += range(place.first + at, place.first + change.first)
        rows += new[change.new_first : change.new_last]
        at = change.last
    return [*rows, *range(place.first + at, place.first + len(block.search))]


def _trimmed(lines: Lines, first: int, count: int, rows: list[Row]) -> _Change:
    """The change without the rows at its ends that stay; with the row before it where that one's line end changes too,
    as it does when the last row of the text goes or is followed by another."""
    last = first + count
    quoted = range(first, last)
    while rows and rows[0] == first:
        rows, first = rows[1:], first + 1
    while rows and rows[-1] == last - 1:
        rows, last = rows[:-1], last - 1
    if last == len(lines) and first and (rows if first == last else not rows):
        rows, first = [first - 1, *rows], first - 1
    return _Change(first, last, tuple(rows), quoted)


def _meet(one: _Change, two: _Change) -> bool:
    """Whether two changes, in order, touch the same rows; or rows side by side, when both have quoted a row: then it
    cannot be told which goes first."""
    if one.quoted.stop > two.quoted.start and two.quoted.stop > one.quoted.start:
        return two.first <= one.last
    return two.first < one.last


def _edits(lines: Lines, change: _Change) -> tuple[Edit, ...]:
    start, end = lines.bound(change.first), lines.bound(change.last)
    written = _written(lines, change)
    return tuple(
        Edit(Span(edit.span.start + start, edit.span.end + start), edit.text)
        for edit in hunks(lines.text[start:end], written)
    )


def _written(lines: Lines, change: _Change) -> str:
    """The change's rows as text, each with a line end of its own."""
    around = lines.ends[change.first : change.last] + lines.ends[max(change.first - 1, 0) : change.first]
    newline = next(filter(None, around), lines.newline)
    parts: list[str] = []
    for row in change.rows:
        body, end = (lines.bodies[row], lines.ends[row]) if isinstance(row, int) else (row, newline)
        parts += [body, end or newline]
    open_end = lines.bodies[-1] != ""
    stays_last = bool(change.rows) and change.rows[-1] == len(lines) - 1
    if change.last == len(lines) and parts and (stays_last or (open_end and len(lines.text) > lines.starts[0])):
        parts.pop()
    return "".join(parts)
