"""Which lines two texts have in common, in time that grows with their length.

difflib compares every line with all its likes: with 20,000 lines, of which every fifth is blank, that takes seconds.
Here lines that stand once in either text are the fixed points, as in Bram Cohen's patience diff
(https://bramcohen.livejournal.com/73318.html); between two of them the same is done again with what is unique there,
and difflib does what is left where that is small.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

# Lines of one side times those of the other up to which difflib is asked; its worst case there is some tens of ms.
SMALL = 10_000


@dataclass(frozen=True, slots=True)
class Change:
    """The old rows `first` up to, not including, `last` have become the new ones from `new_first` to `new_last`."""

    first: int
    last: int
    new_first: int
    new_last: int


def changes(old: Sequence[str], new: Sequence[str]) -> tuple[Change, ...]:
    """What turns `old` into `new`, in the order of the rows; between two changes at least one line is common."""
    found: list[Change] = []
    todo = [Change(0, len(old), 0, len(new))]
    while todo:
        gap = _trimmed(old, new, todo.pop())
        if gap.first == gap.last and gap.new_first == gap.new_last:
            continue
        if gap.first == gap.last or gap.new_first == gap.new_last:
            found.append(gap)
        elif anchors := _anchors(old, new, gap):
            todo += _between(old, new, gap, anchors)
        elif (gap.last - gap.first) * (gap.new_last - gap.new_first) <= SMALL:
            found += _by_difflib(old, new, gap)
        else:
            found.append(gap)
    return tuple(sorted(found, key=lambda change: (change.first, change.new_first)))


def _trimmed(old: Sequence[str], new: Sequence[str], gap: Change) -> Change:
    first, last, new_first, new_last = gap.first, gap.last, gap.new_first, gap.new_last
    while first < last and new_first < new_last and old[first] == new[new_first]:
        first, new_first = first + 1, new_first + 1
    while first < last and new_first < new_last and old[last - 1] == new[new_last - 1]:
        last, new_last = last - 1, new_last - 1
    return Change(first, last, new_first, new_last)


def _anchors(old: Sequence[str], new: Sequence[str], gap: Change) -> list[tuple[int, int]]:
    """Rows of lines that stand once in either side of the gap, as many as are in the same order in both."""
    here = _once(old, gap.first, gap.last)
    there = _once(new, gap.new_first, gap.new_last)
    return _increasing([(row, there[line]) for line, row in here.items() if line in there])


def _once(lines: Sequence[str], first: int, last: int) -> dict[str, int]:
    part = lines[first:last]
    counts = Counter(part)
    return {line: row for row, line in enumerate(part, first) if counts[line] == 1}


def _increasing(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The most of the pairs, which are ordered by their first number, whose second one grows too (patience sorting)."""
    if all(one[1] < other[1] for one, other in pairwise(pairs)):
        return pairs
    tops: list[int] = []
    piles: list[int] = []
    below: list[int] = []
    for position, (_, row) in enumerate(pairs):
        pile = bisect_left(tops, row)
        below.append(piles[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(row)
            piles.append(position)
        else:
            tops[pile] = row
            piles[pile] = position
    run: list[tuple[int, int]] = []
    at = piles[-1] if piles else -1
    while at >= 0:
        run.append(pairs[at])
        at = below[at]
    return run[::-1]


def _between(old: Sequence[str], new: Sequence[str], gap: Change, anchors: list[tuple[int, int]]) -> Iterator[Change]:
    """What lies before, between and after the anchors and is not the same in both."""
    row, new_row = gap.first, gap.new_first
    for end, new_end in (*anchors, (gap.last, gap.new_last)):
        if old[row:end] != new[new_row:new_end]:
            yield Change(row, end, new_row, new_end)
        row, new_row = end + 1, new_end + 1


def _by_difflib(old: Sequence[str], new: Sequence[str], gap: Change) -> list[Change]:
    matcher = SequenceMatcher(a=old[gap.first : gap.last], b=new[gap.new_first : gap.new_last], autojunk=False)
    return [
        Change(gap.first + a, gap.first + b, gap.new_first + c, gap.new_first + d)
        for what, a, b, c, d in matcher.get_opcodes()
        if what != "equal"
    ]
