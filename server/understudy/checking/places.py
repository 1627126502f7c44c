"""Rows and columns as tools count them, and offsets into a text."""

from __future__ import annotations

from enum import Enum

from understudy.core.text import Span, line_end, split_lines


class Unit(Enum):
    """What a tool's columns count; the value is the encoding whose units they are, and how many bytes each has."""

    CODE_POINT = ("utf-32-le", 4)
    UTF16 = ("utf-16-le", 2)
    UTF8 = ("utf-8", 1)


class Lines:
    """A text by its lines. Rows and columns count from 0; what lies outside the text is moved to its nearest place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._lines = split_lines(text)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))
        if not self._lines or self._lines[-1].endswith(("\n", "\r")):
            self._lines.append("")  # the empty line after the last line end is a place too
        else:
            self._starts.pop()

    def offset(self, row: int, column: int, unit: Unit = Unit.CODE_POINT) -> int:
        """The code point at a row and column."""
        if row < 0:
            return 0
        if row >= len(self._lines):
            return len(self.text)
        line = self._lines[row]
        start = self._starts[row]
        end = line_end(self.text, start)
        if unit is not Unit.CODE_POINT and not line.isascii():
            encoding, width = unit.value
            before = line.encode(encoding, "surrogatepass")[: max(0, column) * width]
            column = len(before.decode(encoding, "ignore"))
        return min(start + max(0, column), end)

    def span(self, start: tuple[int, int], end: tuple[int, int] | None, unit: Unit = Unit.CODE_POINT) -> Span:
        """From one row and column to another; without an end, the word that begins there."""
        first = self.offset(*start, unit)
        if end is not None:
            return Span(first, max(first, self.offset(*end, unit)))
        last = first
        while last < len(self.text) and (self.text[last].isalnum() or self.text[last] in "_$"):
            last += 1
        return Span(first, max(last, min(first + 1, line_end(self.text, first))))

    def row(self, row: int) -> Span:
        """A whole line, without its indentation and its line end."""
        first = self.offset(row, 0)
        last = line_end(self.text, first)
        return Span(first + len(self.text[first:last]) - len(self.text[first:last].lstrip()), last)

    def is_ascii(self, row: int) -> bool:
        """Whether all units are the same in a row."""
        return not 0 <= row < len(self._lines) or self._lines[row].isascii()
