"""Token counts without a question to the engine per keystroke: known lines exactly, others by a careful estimate."""

from __future__ import annotations

from itertools import accumulate
from math import ceil

from understudy.core.errors import EngineError, EngineRefused
from understudy.core.text import split_lines
from understudy.engine.base import Engine, Tokens

FIRST_RATIO = 3.0
"""Bytes per token before anything is known; code has 3 to 4 with the vocabularies of 2024 to 2026."""

MARGIN = 0.9
"""An estimate takes lines to hold this share of the bytes per token seen so far: a budget must not be overrun."""

KNOWN_LINES = 20_000
LONGEST_LEARNED = 200_000  # characters; beyond it a text's tokens are estimated from its beginning
UNKNOWN_SHARE = 0.1


class TokenCounter:
    """Counts the tokens of texts in the vocabulary of one model.

    A line is counted by the tokens that begin in it, and a line that was seen with several counts by the largest; so a
    learned text is never counted below its true number. Where the engine does not say which token is which text, lines
    share the tokens by their size. Counts add up over whole lines.
    """

    def __init__(self, known_lines: int = KNOWN_LINES) -> None:
        self._limit = known_lines
        self._known: dict[str, int] = {}
        self._bytes = 0
        self._tokens = 0
        self._useless = False

    @property
    def bytes_per_token(self) -> float:
        """What an unknown line is estimated by."""
        return max(1.0, self._bytes / self._tokens * MARGIN) if self._tokens else FIRST_RATIO

    def count(self, text: str) -> int:
        """Tokens of `text`: exact where its lines are known, else an estimate that is rather too large."""
        known, ratio = self._known.get, self.bytes_per_token
        if (tokens := known(text)) is not None:  # most questions are about one line
            return tokens
        total = 0
        for line in split_lines(text):
            tokens = known(line)
            total += ceil(_size(line) / ratio) if tokens is None else tokens
        return total

    def wants(self, text: str) -> bool:
        """Whether learning `text` would help: a tenth of it is unknown, and the engine can tokenise."""
        if self._useless:
            return False
        known = self._known
        unknown = sum(len(line) for line in split_lines(_learnable(text)) if line not in known)
        return unknown > len(text) * UNKNOWN_SHARE

    async def learn(self, engine: Engine, text: str) -> None:
        """Have the engine tokenise `text` once. An engine that cannot leaves the estimate as it was."""
        text = _learnable(text)
        if not text:
            return
        try:
            tokens = await engine.tokenize(text)
        except EngineRefused:
            # It will not tokenise the next text either.
            self._useless = True
        except EngineError:
            return
        else:
            self._take(text, tokens)

    def _take(self, text: str, tokens: Tokens) -> None:
        self._bytes += _size(text)
        self._tokens += len(tokens.ids)
        lines = split_lines(text)
        for line, count in zip(lines, _tokens_per_line(lines, tokens), strict=True):
            # Taken out and put back, so that the order of the dictionary is that of the last learning.
            self._known[line] = max(count, self._known.pop(line, 0))
        while len(self._known) > self._limit:
            del self._known[next(iter(self._known))]


def _tokens_per_line(lines: list[str], tokens: Tokens) -> list[int]:
    """How many tokens begin in each line; an empty piece, part of a character, belongs to where it stands."""
    # A tokenizer may normalise the text (NFC), which changes its length and not its lines.
    ends = list(accumulate(len(line) for line in split_lines("".join(tokens.pieces))))
    if len(ends) != len(lines):
        sizes = [_size(line) for line in lines]
        return [ceil(len(tokens.ids) * size / sum(sizes)) for size in sizes]
    counts = [0] * len(lines)
    row = place = 0
    for piece in tokens.pieces:
        while place >= ends[row] and row + 1 < len(lines):
            row += 1
        counts[row] += 1
        place += len(piece)
    return counts


def _learnable(text: str) -> str:
    """The beginning of a text that is too long, up to a line end."""
    if len(text) <= LONGEST_LEARNED:
        return text
    end = text.rfind("\n", 0, LONGEST_LEARNED) + 1
    return text[: end or LONGEST_LEARNED]


def _size(text: str) -> int:
    """Bytes in UTF-8: a byte-level vocabulary needs up to three tokens for a character outside ASCII."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
