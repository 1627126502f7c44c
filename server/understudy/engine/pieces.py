"""From a vocabulary's spelling of tokens back to the text that each stands for.

Tokenizers answer with their own spelling: byte-level ones write every byte as a printable character (GPT-2's table, in
which a space is `Ġ`), SentencePiece writes a space as `▁` and odd bytes as `<0x0A>`.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from functools import cache
from unicodedata import normalize

SENTENCEPIECE_SPACE = "▁"
_BYTE = re.compile(r"<0x([0-9A-Fa-f]{2})>")


def texts_of(spelled: Sequence[str], text: str) -> tuple[str, ...]:
    """The text of each token of `text`; joined they are `text` (as a tokenizer may normalise it, to NFC or NFKC).

    A character that several tokens share belongs to the last of them, and the others are empty. The answer is empty
    where the spelling is not understood.
    """
    wanted = (text, *(normalize(form, text) for form in ("NFC", "NFKC") if not text.isascii()))
    for to_bytes in (_byte_level, _sentencepiece):
        pieces = _decoded([to_bytes(token) for token in spelled])
        if pieces is None:
            continue
        joined = "".join(pieces)
        if joined in wanted:
            return pieces
        # SentencePiece puts a space of its own before the first word.
        if joined.startswith(" ") and joined[1:] in wanted:
            first = next(index for index, piece in enumerate(pieces) if piece)
            return (*pieces[:first], pieces[first][1:], *pieces[first + 1 :])
    return ()


def _decoded(parts: list[bytes]) -> tuple[str, ...] | None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        pieces = tuple(decoder.decode(part) for part in parts)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return pieces


def _byte_level(token: str) -> bytes:
    """A token with a character outside the table is a special one, which is spelled as it is."""
    table = _byte_of_character()
    try:
        return bytes(table[character] for character in token)
    except KeyError:
        return token.encode("utf-8", "replace")


def _sentencepiece(token: str) -> bytes:
    if match := _BYTE.fullmatch(token):
        return bytes.fromhex(match[1])
    return token.replace(SENTENCEPIECE_SPACE, " ").encode("utf-8", "replace")


@cache
def _byte_of_character() -> dict[str, int]:
    """GPT-2's table: printable Latin-1 bytes stand for themselves, the others for the characters from U+0100 on."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(0x100) if byte not in set(printable)]
    shifted = {chr(0x100 + place): byte for place, byte in enumerate(others)}
    return {chr(byte): byte for byte in printable} | shifted
