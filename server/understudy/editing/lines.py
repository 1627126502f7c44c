"""A text as rows: what stands in each, how it ends, where it begins."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

from understudy.core.text import split_lines

BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Lines:
    """The rows of `text` as editors count them, so that a text that ends in a line end has an empty row after it.

    `bodies` are without line ends, and the first is without a byte order mark, which no model quotes. `ends` holds the
    line ends, empty for the last row; `starts` the offset of each body. None of it is to be changed.
    """

    text: str
    bodies: list[str]
    ends: list[str]
    starts: list[int]

    def __len__(self) -> int:
        return len(self.bodies)

    @property
    def newline(self) -> str:
        """The line end that the text uses first, `\\n` where it has none."""
        return self.ends[0] or "\n"

    def end(self, row: int) -> int:
        """The offset just after the body of `row`, before its line end."""
        return self.starts[row] + len(self.bodies[row])

    def bound(self, row: int) -> int:
        """The offset where `row` begins, also of the row after the last one: the length of the text."""
        return self.starts[row] if row < len(self.starts) else len(self.text)


def read_lines(text: str) -> Lines:
    """The rows of `text`; there is at least one."""
    offset = len(BOM) if text.startswith(BOM) else 0
    lines = split_lines(text[offset:])
    bodies = [line.rstrip("\r\n") for line in lines]
    ends = [line[len(body) :] for line, body in zip(lines, bodies, strict=True)]
    starts = list(accumulate(map(len, lines), initial=offset))
    if ends and not ends[-1]:
        starts.pop()
    else:
        bodies.append("")
        ends.append("")
    return Lines(text, bodies, ends, starts)
