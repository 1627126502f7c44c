"""The texts that are open in the editor, kept line by line, and frozen documents of them.

A text is spliced in place: a keystroke costs the lines that it touches and one join, whatever the size of the file.
Lines end as LSP says (`core.text.LINE`); Python's own `splitlines` would also split at form feed or U+2028.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import unquote

from understudy.core.text import Document, Span, split_lines
from understudy.lsp.convert import SURROGATES, Encoding, column_of, index_of

log = logging.getLogger(__name__)

_LONE = re.compile("[\ud800-\udfff]")


class Position(Protocol):
    """LSP's `Position`: a line, and a column in the client's units, both from 0."""

    line: int
    character: int


class Range(Protocol):
    """LSP's `Range`: from `start` up to, not including, `end`."""

    @property
    def start(self) -> Position:
        """First position."""
        ...

    @property
    def end(self) -> Position:
        """The position after the last."""
        ...


@dataclass(frozen=True, slots=True)
class Change:
    """One edit of the client: `text` takes the place of `span`, or of everything where there is no span."""

    text: str
    span: Range | None = None


class Buffer:
    """One open text. `encoding` says what the client's columns count."""

    def __init__(self, uri: str, version: int, language: str, text: str, encoding: Encoding) -> None:
        self.uri = uri
        self.version = version
        self._language = language
        self._encoding = encoding
        self._mark = (0, 0)  # a line and its offset, close to where the user types
        self._document: Document | None = None
        self._odd = False  # whether a lone surrogate may be in it
        self._lines: list[str] = []
        self._replace(text)

    def document(self) -> Document:
        """The text as it is now, frozen. Half a surrogate pair becomes U+FFFD, since nothing could encode it."""
        if self._document is None:
            text = "".join(self._lines)
            text = _LONE.sub("\ufffd", text) if self._odd else text
            self._document = Document(self.uri, self.version, self._language, text)
        return self._document

    def change(self, version: int, changes: Sequence[Change]) -> None:
        """Apply the changes of one message, each to the result of the one before it."""
        self._document = None
        for change in changes:
            if change.span is None:
                self._replace(change.text)
            else:
                self._splice(change.span, change.text)
        self.version = version

    def offset(self, position: Position) -> int:
        """The offset of a position. One behind the end of its line or of the text means that end."""
        line, index = self._place(position)
        return self._line_start(line) + index

    def position(self, offset: int) -> tuple[int, int]:
        """The line and, in the client's units, the column of `offset`."""
        line, start = self._mark
        while start > offset:
            line -= 1
            start -= len(self._lines[line])
        while line < len(self._lines) - 1 and start + len(self._lines[line]) <= offset:
            start += len(self._lines[line])
            line += 1
        self._mark = line, start
        return line, column_of(self._lines[line], offset - start, self._encoding)

    def span(self, span: Range) -> Span:
        """The span of a range, also of one whose end comes before its start."""
        start, end = sorted((self.offset(span.start), self.offset(span.end)))
        return Span(start, end)

    def _place(self, position: Position) -> tuple[int, int]:
        if position.line >= len(self._lines):
            return len(self._lines) - 1, len(self._lines[-1])
        return position.line, index_of(self._lines[position.line], position.character, self._encoding)

    def _line_start(self, line: int) -> int:
        at, start = self._mark
        if line < at and line < at - line:
            at, start = 0, 0
        if line >= at:
            start += sum(map(len, self._lines[at:line]))
        else:
            start -= sum(map(len, self._lines[line:at]))
        self._mark = line, start
        return start

    def _replace(self, text: str) -> None:
        self._odd = _has_lone(text)
        self._lines = _lines(_pair(text) if self._odd else text)
        self._mark = 0, 0

    def _splice(self, span: Range, text: str) -> None:
        (first, start), (last, end) = sorted((self._place(span.start), self._place(span.end)))
        self._line_start(first)
        middle = self._lines[first][:start] + text + self._lines[last][end:]
        # A \n that is now the first of its line belongs to a \r that ends the line before. The other way round does not
        # happen: no position lies behind a line's end, so what follows the edit keeps the end that it had.
        if first > 0 and self._lines[first - 1].endswith("\r"):
            first -= 1
            middle = self._lines[first] + middle
            self._line_start(first)
        self._odd = self._odd or _has_lone(text)
        middle = _pair(middle) if self._odd else middle
        lines = _lines(middle)
        if last < len(self._lines) - 1:
            lines.pop()  # the empty rest after the last line end belongs to the line that follows
        self._lines[first : last + 1] = lines


class Buffers:
    """The open texts by URI. However a client spells a URI it is found, and its own spelling is kept."""

    def __init__(self, encoding: Encoding) -> None:
        self._encoding = encoding
        self._open: dict[str, Buffer] = {}

    def __iter__(self) -> Iterator[Buffer]:
        return iter(tuple(self._open.values()))

    def get(self, uri: str) -> Buffer | None:
        """The open text, or None."""
        return self._open.get(key_of(uri))

    def open(self, uri: str, version: int, language: str, text: str) -> Buffer:
        """A text was opened. One that is open already is replaced."""
        buffer = self._open[key_of(uri)] = Buffer(uri, version, language, text, self._encoding)
        return buffer

    def change(self, uri: str, version: int, changes: Sequence[Change]) -> bool:
        """Apply the changes of one message; False, with a line in the log, when they do not fit what is open."""
        buffer = self._open.pop(key_of(uri), None)
        if buffer is None:
            log.warning("Ignored a change of a document that is not open: %s", uri)
            return False
        if version > buffer.version:
            # Out of the table meanwhile: a change that breaks off must not leave a wrong text behind.
            buffer.change(version, changes)
            self._open[key_of(uri)] = buffer
            return True
        self._open[key_of(uri)] = buffer
        log.warning("Refused a stale change of %s: version %d after %d", uri, version, buffer.version)
        return False

    def close(self, uri: str) -> Buffer | None:
        """A text was closed; what it was last, or None if it was not open."""
        return self._open.pop(key_of(uri), None)


def key_of(uri: str) -> str:
    """The same for every spelling of one URI: clients differ in what they escape and in the drive letter's case."""
    plain = unquote(uri)
    scheme, found, path = plain.partition(":///")
    return f"{scheme}{found}{path[:1].lower()}{path[1:]}" if path[1:2] == ":" else plain


def _lines(text: str) -> list[str]:
    """The lines of `text`, the last one without a line end and perhaps empty."""
    lines = split_lines(text)
    if not lines or lines[-1].endswith(("\n", "\r")):
        lines.append("")
    return lines


def _has_lone(text: str) -> bool:
    return not text.isascii() and _LONE.search(text) is not None


def _pair(text: str) -> str:
    """`text` with each two halves of a surrogate pair that have come to stand together made one character."""
    return text.encode("utf-16-le", SURROGATES).decode("utf-16-le", SURROGATES)
