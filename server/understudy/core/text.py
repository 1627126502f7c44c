"""Text as every feature sees it: frozen documents, half-open spans of code points, edits.

Offsets count Unicode code points from 0. Only `understudy.lsp` knows the client's UTF-8, UTF-16 or UTF-32 columns.
Line ends are LSP's: `\\n`, `\\r\\n` and a lone `\\r`, never form feed or U+2028 (LSP 3.18, "Text Documents").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


@dataclass(frozen=True, slots=True)
class Span:
    """The code points from `start` up to, not including, `end`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces `span` by `text`."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """One version of one open text. `language` is LSP's language id, for example `python`."""

    uri: str
    version: int
    language: str
    text: str

    def with_text(self, text: str) -> Document:
        """The same document, holding another text: an overlay that was never in the editor."""
        return replace(self, text=text)


def split_lines(text: str) -> list[str]:
    """The lines of `text`, each with its line end; joined they give `text` again."""
    return LINE.findall(text)


def line_start(text: str, offset: int) -> int:
    """Offset of the first character of the line that holds `offset`."""
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def line_end(text: str, offset: int) -> int:
    """Offset just after the last character of the line that holds `offset`, before its line end."""
    newline = text.find("\n", offset)
    stop = len(text) if newline < 0 else newline
    carriage = text.find("\r", offset, stop)
    return stop if carriage < 0 else carriage


def line_before(text: str, offset: int) -> str:
    """The text of the cursor's line to the left of `offset`."""
    return text[line_start(text, offset) : offset]


def line_after(text: str, offset: int) -> str:
    """The text of the cursor's line to the right of `offset`, without its line end."""
    return text[offset : line_end(text, offset)]


def indent_of(line: str) -> str:
    """The leading spaces and tabs of `line`."""
    return line[: len(line) - len(line.lstrip(" \t"))]


def apply(text: str, edits: tuple[Edit, ...]) -> str:
    """`text` after `edits`, whose spans refer to `text` itself. Raises `ValueError` when two overlap."""
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        if edit.span.start < done:
            raise ValueError(f"overlapping edits at {edit.span.start}")
        parts += [text[done : edit.span.start], edit.text]
        done = edit.span.end
    return "".join([*parts, text[done:]])


def changed_span(old: str, new: str) -> tuple[Span, str]:
    """The smallest single replacement that turns `old` into `new`: the span in `old` and the text that takes its place.

    Found by halving, so that the work is done in slices by the string comparison of the interpreter: well under a
    millisecond at 2 MB.
    """
    limit = min(len(old), len(new))
    start = _agreeing(lambda a, b: old[a:b] == new[a:b], limit)
    ends = len(old), len(new)
    tail = _agreeing(lambda a, b: old[ends[0] - b : ends[0] - a] == new[ends[1] - b : ends[1] - a], limit - start)
    return Span(start, ends[0] - tail), new[start : ends[1] - tail]


def _agreeing(same: Callable[[int, int], bool], limit: int) -> int:
    """The largest n up to `limit` for which `same(0, n)` holds, when `same(a, b)` compares just the slice a..b."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if same(low, middle):
            low = middle
        else:
            high = middle - 1
    return low
