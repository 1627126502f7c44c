"""What an editor's text is by the book: an array of the client's code units, edited by index (LSP 3.18, "Position").

It shares nothing with the server: no lines are kept, nothing is cached, and columns are counted one unit at a time.
"""

from __future__ import annotations

import re

CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


class Oracle:
    def __init__(self, text: str, encoding: str) -> None:
        self._codec, self._size = CODECS[encoding]
        self.units: list[bytes] = []
        self.replace(text)

    def replace(self, text: str) -> None:
        self.units = self._units(text)

    def edit(self, start: tuple[int, int], end: tuple[int, int], text: str) -> None:
        first, last = sorted((self.index(*start), self.index(*end)))
        self.units[first:last] = self._units(text)

    def index(self, line: int, column: int) -> int:
        """The index of the unit at a position; the end of the line or the text for one behind it."""
        at = 0
        while line > 0:
            while at < len(self.units) and not self._is("\r", at) and not self._is("\n", at):
                at += 1
            if at == len(self.units):
                return at
            at += 2 if self._is("\r", at) and self._is("\n", at + 1) else 1
            line -= 1
        start = at
        while at < len(self.units) and at - start < column and not self._is("\r", at) and not self._is("\n", at):
            at += 1
        while at > start and at < len(self.units) and self._continues(at):
            at -= 1
        return at

    def text(self) -> str:
        """The text, with U+FFFD where half a surrogate pair stands alone."""
        joined = b"".join(self.units).decode(self._codec, "surrogatepass")
        return re.sub("[\ud800-\udfff]", "\ufffd", joined)

    def offset(self, line: int, column: int) -> int:
        """The number of code points before a position."""
        return len(b"".join(self.units[: self.index(line, column)]).decode(self._codec, "surrogatepass"))

    def _units(self, text: str) -> list[bytes]:
        encoded = text.encode(self._codec, "surrogatepass")
        return [encoded[at : at + self._size] for at in range(0, len(encoded), self._size)]

    def _is(self, char: str, at: int) -> bool:
        return at < len(self.units) and self.units[at] == char.encode(self._codec)

    def _continues(self, at: int) -> bool:
        """Whether the unit at `at` goes on with the character of the one before it."""
        if self._size == 1:
            return 0x80 <= self.units[at][0] < 0xC0
        if self._size == 2:
            high, low = int.from_bytes(self.units[at - 1], "little"), int.from_bytes(self.units[at], "little")
            return 0xD800 <= high < 0xDC00 <= low < 0xE000
        return False
