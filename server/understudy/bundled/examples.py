"""Rows for training: pieces of documents, most of them in FIM form, packed until a row of tokens is full."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise
from random import Random
from typing import Any, Protocol

from understudy.bundled import fim
from understudy.bundled.corpus import Document

REPOSITORY_SHARE = 0.08
SUFFIX_FIRST_SHARE = 0.7
MIDDLE_WEIGHT = 3.0
FIRST_WEIGHT = 6.0
"""How much a token of the middle, and each of its first two, counts in the loss, where one of plain text counts 1.

Middles are few tokens of many, and they are what the model is for.
"""
CUT_EVERY = 120
"""Plain text is cut at a random place about every so many characters and its parts are tokenized apart.

A cursor cuts words too: what then stands before it are not the tokens that uncut text has there.
"""

# What is left of a row is filled with plain text, so this chance makes over half of all documents FIM ones.
_FIM_CHANCE = 0.75
_EXTRA_CHANCE = 0.42
_BYTES_PER_TOKEN = 3.6
_SMALLEST = 24
_SHORT = 160
_MARKERS = frozenset(fim.SPECIAL_TOKENS.index(token) for token in fim.SPECIAL_TOKENS if token != fim.END)


@dataclass(frozen=True)
class Piece:
    """Tokens of one packed part, and for each how much predicting it counts in the loss."""

    tokens: list[int]
    weights: list[float]


class Extra(Protocol):
    """Another source of pieces than documents."""

    def draw(self, room: int, random: Random) -> Piece | None:
        """A piece of at most `room` tokens; None when there is none as short."""
        ...


class Packer:
    """Draws pieces from documents at random and packs them into rows of a fixed length.

    A package is drawn with the 0.7th power of its size, so that the largest do not crowd out the small, tidy ones.
    Where there is an `extra`, its pieces come between, with somewhat more than half of all tokens.
    """

    def __init__(self, documents: list[Document], tokenizer: Any, seed: int, extra: Extra | None = None) -> None:
        """Raises ValueError when there is no document."""
        if not documents:
            raise ValueError("there is nothing to train on")
        self.tokenizer = tokenizer
        self.random = Random(seed)
        self.documents = documents
        self.extra = extra
        self.of_package: dict[str, list[Document]] = {}
        for document in documents:
            self.of_package.setdefault(document.package, []).append(document)
        sizes = {name: sum(len(it.text) for it in files) for name, files in self.of_package.items()}
        self._totals = list(accumulate(len(it.text) * sizes[it.package] ** -0.3 for it in documents))

    def row(self, length: int) -> Piece:
        """A piece of exactly `length` tokens; plain text that does not fit is cut at its end, a FIM form never is."""
        tokens: list[int] = []
        weights: list[float] = []
        while (room := length - len(tokens)) > 0:
            piece = self._piece(room)
            tokens += piece.tokens[:room]
            weights += piece.weights[:room]
        return Piece(tokens, weights)

    def _piece(self, room: int) -> Piece:
        if self.extra and self.random.random() < _EXTRA_CHANCE and (piece := self.extra.draw(room, self.random)):
            return piece
        document = self.random.choices(self.documents, cum_weights=self._totals)[0]
        if room < 2 * _SMALLEST:
            return self._plain(document, room)
        if room >= 384 and self.random.random() < REPOSITORY_SHARE:
            return self._repository(document, room) or self._plain(document, room)
        if self.random.random() < _FIM_CHANCE:
            # Many short ones, so that a row has several middles; a third try is nearly always short enough.
            longest = room if self.random.random() < 0.5 else min(room, _SHORT)
            size = int(_SMALLEST * (longest / _SMALLEST) ** self.random.random())
            for shrink in (1.0, 0.8, 0.6):
                if piece := self._fim("", document, int(size * shrink), room):
                    return piece
        return self._plain(document, int(self.random.uniform(_SMALLEST, room)))

    def _window(self, document: Document, size: int) -> tuple[str, bool]:
        """About `size` tokens' worth of text, beginning as a server's window may, and whether it reaches the end."""
        text, wanted = document.text, int(size * _BYTES_PER_TOKEN)
        kind = self.random.random()
        begin = 0
        if kind > 0.25 and len(text) > wanted:
            begin = self.random.randint(0, len(text) - wanted // 2)
            if kind < 0.85:
                begin = text.rfind("\n", 0, begin) + 1
        return text[begin : begin + wanted], begin + wanted >= len(text)

    def _plain(self, document: Document, size: int) -> Piece:
        text, complete = self._window(document, size)
        tokens = [token for part in self._parts(text) for token in self.tokenizer.encode(part).ids]
        return Piece([*tokens, 0], [1.0] * len(tokens) + [1.0 if complete else 0.0])

    def _parts(self, text: str) -> list[str]:
        places = sorted(self.random.choices(range(len(text) + 1), k=len(text) // CUT_EVERY))
        return [text[begin:end] for begin, end in pairwise((0, *places, len(text)))]

    def _fim(self, head: str, document: Document, size: int, room: int) -> Piece | None:
        """`head` and a FIM form, at most `room` tokens; None when the text drawn does not fit or has no code."""
        hole = fim.cut(self._window(document, size)[0], self.random)
        if hole is None:
            return None
        order = "spm" if self.random.random() < SUFFIX_FIRST_SHARE else "psm"
        asked = self.tokenizer.encode(head + fim.prompt(hole.prefix, hole.suffix, order)).ids
        middle = self.tokenizer.encode(hole.middle).ids
        if len(asked) + len(middle) + 1 > room:
            return None
        # A marker comes where a dice fell, which nothing predicts: it must not be learnt as a likely next token.
        weights = [0.0 if token in _MARKERS else 1.0 for token in asked]
        weights += [FIRST_WEIGHT] * 2 + [MIDDLE_WEIGHT] * (len(middle) - 1)
        return Piece([*asked, *middle, 0], weights[: len(asked) + len(middle) + 1])

    def _repository(self, document: Document, room: int) -> Piece | None:
        """One or two other files of the package, then the current one, usually in FIM form."""
        others = self.random.choices(self.of_package[document.package], k=self.random.randint(1, 2))
        share = room // (len(others) + 2)
        files = [(other.path, self._window(other, share)[0]) for other in others if other is not document]
        head = fim.repository_head(document.package, files, document.path)
        if self.random.random() < 0.8:
            return self._fim(head, document, share, room)
        tokens = self.tokenizer.encode(head + self._window(document, share)[0]).ids
        return Piece([*tokens, 0], [0.0 if token in _MARKERS else 1.0 for token in tokens] + [0.0])
