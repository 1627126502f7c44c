"""Where the lines that a model quoted stand in a text: in one place, or in none that can be told.

A quote counts as found only where every one of its lines equals the line of the file, after one of three
normalisations: none, trailing white space, and an indentation that is off by the same in all lines. There is no
similarity threshold: engines that have one apply edits to lines that the model has not seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property

from understudy.core.text import Span, indent_of
from understudy.editing.indent import Reindent, Style, shift_between, style_of
from understudy.editing.lines import Lines


class Fit(IntEnum):
    """How a quote equals the lines of the file, the best first."""

    EXACT = 0
    TRAILING = 1
    SHIFTED = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Lines of the text that a quote fits, from the row `first` on; `shift` for `Fit.SHIFTED` alone."""

    first: int
    fit: Fit
    shift: Reindent | None = field(default=None, compare=False)


class Index:
    """The rows of a text by what stands in them, leading and trailing white space aside."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.stripped = [body.strip() for body in lines.bodies]
        self._rows: dict[str, list[int]] = {}
        for row, line in enumerate(self.stripped):
            self._rows.setdefault(line, []).append(row)

    @cached_property
    def style(self) -> Style:
        """How the text is indented."""
        return style_of(self.lines.bodies)

    def rows(self, line: str) -> Sequence[int]:
        """The rows that hold this line, which is stripped; ascending."""
        return self._rows.get(line, ())

    def standing(self, quote: Sequence[str]) -> Iterator[int]:
        """The rows from which the lines of `quote` stand one below the other, white space at their ends aside."""
        wanted = [line.strip() for line in quote]
        rarest = min(range(len(wanted)), key=lambda at: len(self.rows(wanted[at])))
        for row in self.rows(wanted[rarest]):
            first = row - rarest
            if first >= 0 and self.stripped[first : first + len(wanted)] == wanted:
                yield first


def places(index: Index, quote: Sequence[str], replacement: Sequence[str]) -> list[Place]:
    """Everywhere that `quote`, of at least one line, fits in some way; ascending."""
    found: list[Place] = []
    trimmed = [line.rstrip() for line in quote]
    for first in index.standing(quote):
        actual = index.lines.bodies[first : first + len(quote)]
        if actual == list(quote):
            found.append(Place(first, Fit.EXACT))
        elif [line.rstrip() for line in actual] == trimmed:
            found.append(Place(first, Fit.TRAILING))
        elif shift := shift_between(quote, actual, replacement, index.style):
            found.append(Place(first, Fit.SHIFTED, shift))
    return found


def decided(found: Sequence[Place], quote: Sequence[str], inside: Sequence[Place] | None = None) -> Place | None:
    """The one of the places that is meant, None where that cannot be told.

    Without a scope, the only one of the best fit. One exception: of a quote that stands at the left margin, an indented
    copy counts too, for losing the indentation is the commonest fault of a model's quote, and then the copy is what it
    quoted. In Python's standard library that refuses 0.5 % of single lines at the margin and nothing longer.

    `inside` are those places that lie in the scope, where the task is. The model was shown that, and perhaps nothing
    else of the file, so it cannot know of copies elsewhere: the only one of the best fit in the scope is meant, even
    when others outside fit as well. Not when one outside fits better: then either may be meant.
    """
    if inside:
        best = min(place.fit for place in found)
        return None if min(place.fit for place in inside) > best else decided(inside, quote)
    best = min(place.fit for place in found)
    of_best = [place for place in found if place.fit == best]
    at_margin = best < Fit.SHIFTED and not min(len(indent_of(line)) for line in quote if line.strip())
    rivals = found if at_margin else of_best
    return of_best[0] if len(rivals) == 1 else None


def within(found: Sequence[Place], count: int, lines: Lines, scope: Span) -> list[Place]:
    """The places whose `count` lines lie in the scope, of which a line counts that has any part in it."""
    end = max(scope.end, scope.start + 1)
    return [
        place
        for place in found
        if lines.end(place.first) >= scope.start and lines.starts[place.first + count - 1] < end
    ]
