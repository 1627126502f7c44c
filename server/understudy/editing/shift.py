"""Where the rows and spans of one text are in a later one."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from understudy.core.text import Span
from understudy.editing.diff import Change
from understudy.editing.hunks import compare, edits_of


class Shift:
    """Places in `old` carried to `new`, as far as what stands there is still the same.

    The change between the two is found by comparing them, not by what somebody did: of two equal lines either may
    count as the new one.
    """

    def __init__(self, old: str, new: str) -> None:
        self._comparison = compare(old, new)
        self._firsts = [change.first for change in self._comparison.changes]
        self._edits = edits_of(self._comparison)
        self._starts = [edit.span.start for edit in self._edits]
        self._grown = [0, *accumulate(len(it.text) - (it.span.end - it.span.start) for it in self._edits)]

    def row(self, row: int) -> int | None:
        """The row of `new`, from 0, that `row` has become; None where lines went away or other lines, more or fewer,
        took their place. A line that was changed for another one is the same row still."""
        at = bisect_right(self._firsts, row - self._comparison.row) - 1
        if at < 0:
            return row
        change = self._comparison.changes[at]
        inside = row - self._comparison.row - change.first
        count, new_count = change.last - change.first, change.new_last - change.new_first
        if inside >= count:
            return row + change.new_last - change.last
        if count == new_count or (inside < new_count and self._same(change, inside)):
            return row + change.new_first - change.first
        return None

    def _same(self, change: Change, inside: int) -> bool:
        """Whether a line differs in its end alone: the last one of a text often has none until another follows."""
        old, new = self._comparison.old[change.first + inside], self._comparison.new[change.new_first + inside]
        return old.rstrip("\r\n") == new.rstrip("\r\n")

    def offset(self, offset: int) -> int | None:
        """Where the character at `offset` is now; None where it was replaced. What is inserted there is before it."""
        at = bisect_right(self._starts, offset) - 1
        if at >= 0 and offset < self._edits[at].span.end:
            return None
        return offset + self._grown[at + 1]

    def span(self, span: Span) -> Span | None:
        """Where a stretch of text is now; None where anything in it was changed, also by an insertion within it. What
        is inserted at one of its ends stays outside."""
        first = bisect_right(self._starts, span.start) - 1
        if first >= 0 and self._edits[first].span.end > span.start:
            return None
        following = first + 1
        if following < len(self._edits) and self._edits[following].span.start < span.end:
            return None
        grown = self._grown[following]
        return Span(span.start + grown, span.end + grown)
