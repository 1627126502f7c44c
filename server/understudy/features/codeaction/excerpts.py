"""What the model is shown of a file: all of it where it is short, else the part in question and what belongs to it.

Lines are chosen in the order of their worth and shown in the order of the file: the part itself, the headers of the
scopes around it, the imports, then what stands right above and below.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from understudy.context.head import header_spans, import_spans
from understudy.context.privacy.secrets import masked
from understudy.context.syntax.parsed import Parsed
from understudy.core.text import Span, split_lines
from understudy.editing.words import Excerpt

FIRST_ROWS = 3  # shown where a file imports nothing: an import would go there
IMPORTS_SHARE = 0.5  # of what is left for the file beside the part in question
MOST_TARGET_ROWS = 20  # of a problem that is told of a whole definition, in a part that is too long to be shown whole
BRIDGED = 2  # rows that would be left out between two excerpts, and are not: the sign for them is as long


@dataclass(frozen=True, slots=True)
class Lines:
    """A text by its lines: `shown` without line ends and with secrets masked, `starts` where each begins in the text,
    `costs` the tokens of each."""

    shown: tuple[str, ...]
    starts: tuple[int, ...]
    costs: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Lines:
        """The lines of a text. Masking takes a moment in a long one."""
        starts = tuple(accumulate((len(line) for line in split_lines(text)), initial=0))
        shown = tuple(line.rstrip("\r\n") for line in split_lines(masked(text)))
        return cls(shown, starts[: len(shown)], tuple(tokens(line) for line in shown))

    def rows(self, span: Span) -> range:
        """The rows that a span touches; one that is empty touches the row that it stands in."""
        first = max(0, bisect_right(self.starts, span.start) - 1)
        last = max(first, bisect_right(self.starts, max(span.start, span.end - 1)) - 1)
        return range(first, min(len(self.shown), last + 1))

    def cost(self, rows: Iterable[int]) -> int:
        """Tokens of some rows, roughly."""
        return sum(self.costs[row] for row in rows)

    def excerpt(self, rows: range) -> Excerpt:
        """Rows that follow one another."""
        return Excerpt(rows.start, "\n".join(self.shown[rows.start : rows.stop]))


@dataclass(frozen=True, slots=True)
class Part:
    """What of a file the model is asked about: `focus`, and in it the `target` that suffices where there is no room for
    the whole; None: it must see the whole."""

    focus: Span
    target: Span | None = None


def tokens(line: str) -> int:
    """Tokens of one line with its end, as far as that is known for any model: three bytes each, rather too many for
    code. The same for every request, so that the same question is the same prompt."""
    return len(line.encode("utf-8", "surrogatepass")) // 3 + 1


def excerpts(lines: Lines, parsed: Parsed | None, part: Part, limit: int) -> tuple[Excerpt, ...]:
    """The excerpts of a file for a part of it, in at most `limit` tokens unless the part itself takes more."""
    every = range(len(lines.shown))
    if lines.cost(every) <= limit:
        return (lines.excerpt(every),) if every else ()
    chosen = _Chosen(lines, limit)
    focus = lines.rows(part.focus)
    place = part.focus
    if part.target is not None and lines.cost(focus) > limit:
        focus, place = lines.rows(part.target)[:MOST_TARGET_ROWS], part.target
    chosen.must(focus)
    if parsed is not None:
        for span in reversed(header_spans(parsed.source, place.start)):
            chosen.may(lines.rows(span))
    _imports(chosen, parsed, place)
    chosen.around(focus)
    said = [row for row in chosen.rows if lines.shown[row].strip()]  # no excerpt begins or ends with a blank line
    return tuple(lines.excerpt(run) for run in _runs(sorted(said), chosen.rows))


class _Chosen:
    """Rows that are chosen, and the tokens that are left."""

    def __init__(self, lines: Lines, limit: int) -> None:
        self.lines = lines
        self.left = limit
        self.rows: set[int] = set()

    def must(self, rows: range) -> None:
        self.left -= self.lines.cost(rows)
        self.rows |= set(rows)

    def may(self, rows: range) -> bool:
        """Take rows if there is room for all of them."""
        new = set(rows) - self.rows
        cost = self.lines.cost(new)
        if cost > self.left:
            return False
        self.left -= cost
        self.rows |= new
        return True

    def around(self, rows: range) -> None:
        """Take what stands above and below, in turn, for as long as there is room."""
        above, below = rows.start - 1, rows.stop
        up, down = True, True
        while up or down:
            up = up and above >= 0 and self.may(range(above, above + 1))
            down = down and below < len(self.lines.shown) and self.may(range(below, below + 1))
            above, below = above - 1, below + 1


def _imports(chosen: _Chosen, parsed: Parsed | None, place: Span) -> None:
    spans = import_spans(parsed.source, place.start) if parsed is not None else []
    kept = int(chosen.left * (1 - IMPORTS_SHARE))
    for span in spans:
        rows = chosen.lines.rows(span)
        if chosen.left - chosen.lines.cost(rows) < kept:
            break
        chosen.may(rows)
    if not spans:
        chosen.may(range(min(FIRST_ROWS, len(chosen.lines.shown))))


def _runs(rows: Sequence[int], chosen: set[int]) -> list[range]:
    """Rows that follow one another, or nearly; what lies between two of them that are `chosen` is bridged."""
    runs: list[range] = []
    for row in rows:
        if runs and (row - runs[-1].stop <= BRIDGED or chosen.issuperset(range(runs[-1].stop, row))):
            runs[-1] = range(runs[-1].start, row + 1)
        else:
            runs.append(range(row, row + 1))
    return runs
