"""The small edits that turn one text into another, so that an editor keeps its markers, folds and cursors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from understudy.core.text import Edit, Span, changed_span, line_end, line_start, split_lines
from understudy.editing.diff import Change, changes


def hunks(old: str, new: str) -> tuple[Edit, ...]:
    """Edits of `old` that make `new` of it, sorted, without overlaps; empty where the two are equal.

    A line that goes into one other is edited between its first and its last character that differ; lines come and go
    whole. No edit begins or ends within a `\\r\\n`, where LSP has no position.
    """
    return edits_of(compare(old, new))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts from the first line in which they differ to the last. `first` is that line's offset in both, `row` its
    number; `old` and `new` are the lines with their ends, to whose numbers in these lists `changes` refer."""

    first: int
    row: int
    old: list[str]
    new: list[str]
    changes: tuple[Change, ...]


def compare(old: str, new: str) -> Comparison:
    """The lines in which `old` and `new` differ."""
    # What the texts begin and end with alike is found much faster than lines are split and compared.
    head, tail = _alike(old, new)
    first = line_start(old, head)
    last = _common_start(old, new, tail)
    was = split_lines(old[first:last])
    now = split_lines(new[first : len(new) - (len(old) - last)])
    row = old.count("\n", 0, first) + old.count("\r", 0, first) - old.count("\r\n", 0, first)
    return Comparison(first, row, was, now, changes(was, now))


def edits_of(comparison: Comparison) -> tuple[Edit, ...]:
    """The comparison's changes as edits of the old text (`hunks`)."""
    was, now = comparison.old, comparison.new
    starts = list(accumulate(map(len, was), initial=comparison.first))
    return tuple(
        _shortest(
            "".join(was[part.first : part.last]), "".join(now[part.new_first : part.new_last]), starts[part.first]
        )
        for change in comparison.changes
        for part in _paired(change)
    )


def _alike(old: str, new: str) -> tuple[int, int]:
    """How many characters the two begin with alike, and end with, where that parts no `\\r\\n` of either."""
    span, _ = changed_span(old, new)
    head, tail = span.start, len(old) - span.end
    if head and old[head - 1] == "\r" and "\n" in (old[head : head + 1], new[head : head + 1]):
        head -= 1
    if tail and old[-tail] == "\n" and "\r" in (old[-tail - 1 : -tail], new[-tail - 1 : -tail]):
        tail -= 1
    return head, tail


def _common_start(old: str, new: str, tail: int) -> int:
    """The offset in `old` where its first line begins that lies within the `tail` characters at the end of both, and is
    a line of `new` as well; the text's length where there is none."""
    offset = len(old) - tail
    if all(tail == len(text) or text[len(text) - tail - 1] in "\r\n" for text in (old, new)):
        return offset
    stop = line_end(old, offset)
    return stop + (2 if old.startswith("\r\n", stop) else 1 if stop < len(old) else 0)


def _paired(change: Change) -> Iterator[Change]:
    """Line by line where as many come as go, so that each keeps what marks it."""
    count = change.last - change.first
    if count == change.new_last - change.new_first:
        for at in range(count):
            row, new_row = change.first + at, change.new_first + at
            yield Change(row, row + 1, new_row, new_row + 1)
    else:
        yield change


def _shortest(before: str, after: str, start: int) -> Edit:
    """One edit for the lines at the offset `start`, cut down to what differs where that is a change within one line,
    or adds or removes text only."""
    head, tail = _alike(before, after)
    replaced = before[head : len(before) - tail].rstrip("\r\n")
    if ("\n" in replaced or "\r" in replaced) and len(after) > head + tail:
        head = tail = 0
    return Edit(Span(start + head, start + len(before) - tail), after[head : len(after) - tail])
