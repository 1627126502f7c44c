"""Positions of the client and offsets of ours, both ways: the one place that knows the client's units.

A client counts columns in UTF-8 bytes, UTF-16 units or UTF-32 code points; offsets and indices here are code points.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

SURROGATES = "surrogatepass"  # JSON can spell half a surrogate pair, and a client may well send one


class Encoding(Enum):
    """What a client's columns count. The value is LSP's `PositionEncodingKind`."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


def choose_encoding(offered: Sequence[str]) -> Encoding:
    """UTF-16 where the client offers it or nothing, since every client knows it; else the first offer that we know.

    Two servers with different encodings in one buffer upset Neovim, and some clients offer what they do not compute.
    """
    known = [encoding for name in offered for encoding in Encoding if encoding.value == name]
    return Encoding.UTF16 if Encoding.UTF16 in known or not known else known[0]


def index_of(line: str, column: int, encoding: Encoding) -> int:
    """The index in `line` of the client's `column`, at most the length of the line without its line end (LSP 3.18,
    "Position"). A column in the middle of a character means the place before it."""
    content = len(line.rstrip("\r\n")) if line.endswith(("\n", "\r")) else len(line)
    return min(index_of_unit(line[: min(column, content)], column, encoding), content)


def index_of_unit(text: str, units: int, encoding: Encoding) -> int:
    """The index in `text` that lies `units` of the client's units from its start, at most its length."""
    if encoding is Encoding.UTF32 or text.isascii():
        return min(units, len(text))
    if encoding is Encoding.UTF16:
        encoded = text.encode("utf-16-le", SURROGATES)
        end = min(2 * units, len(encoded))
        if 0 < end < len(encoded) and encoded[end - 1] >> 2 == 0b110110 and encoded[end + 1] >> 2 == 0b110111:
            end -= 2  # between the two halves of a surrogate pair
        return len(encoded[:end].decode("utf-16-le", SURROGATES))
    encoded = text.encode("utf-8", SURROGATES)
    end = min(units, len(encoded))
    while 0 < end < len(encoded) and encoded[end] >> 6 == 0b10:
        end -= 1  # before the continuation bytes of a character (RFC 3629)
    return len(encoded[:end].decode("utf-8", SURROGATES))


def column_of(line: str, index: int, encoding: Encoding) -> int:
    """The client's column of `index` in `line`."""
    return width(line[:index], encoding)


def width(text: str, encoding: Encoding) -> int:
    """How many of the client's units `text` takes."""
    if encoding is Encoding.UTF32 or text.isascii():
        return len(text)
    if encoding is Encoding.UTF16:
        return len(text.encode("utf-16-le", SURROGATES)) // 2
    return len(text.encode("utf-8", SURROGATES))
