"""Syntax trees of the open documents, kept up to date edit by edit, and the questions that completion asks of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from understudy.context.graft import Graft, graft
from understudy.context.grammar import Grammar, TooSlow, grammar_for
from understudy.context.place import Place, Shape, place, shape, text_place, text_shape
from understudy.context.source import Source
from understudy.core.text import Document

__all__ = ["Graft", "Parsed", "Place", "Shape", "SyntaxStore", "text_place", "text_shape"]

# A first parse holds up everything else for as long as it takes. Sound code of this many code points was measured at 10
# to 30 ms in most languages and at 50 ms in the slowest (Kotlin, Ruby, PHP; one core of a cloud machine). In longer
# files completions rest on the text alone.
MAX_CHARACTERS = 150_000
# The time of a parse hangs on the text more than on its length: one bracket opened at the top of a sound file of 60,000
# code points was measured at 0.1 s in Python and 2.8 s in Lua.
PARSE_SECONDS = 0.1
# A text that was given up on is left alone for as long, so that it takes a tenth of the time at most.
AGAIN_SECONDS = 10 * PARSE_SECONDS
MAX_TREES = 32


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document with its tree. Offsets are code points. Broken code is answered for as well as it can be."""

    document: Document
    source: Source

    def place(self, offset: int) -> Place:
        """What stands around the cursor."""
        return place(self.source, offset)

    def shape(self, offset: int) -> Shape:
        """Whether one line or a block is wanted at the cursor (the table is at `context.place.shape`)."""
        return shape(self.source, offset)

    def graft(self, offset: int, insertion: str) -> Graft:
        """What of `insertion` can stand at `offset` without a new syntax error. Takes a handful of parses."""
        return graft(self.source, offset, insertion)


class SyntaxStore:
    """The last tree of each document, by URI; the one used longest ago goes first.

    A parse is given up after `within` seconds of the thread's time; `clock` gives seconds.
    """

    def __init__(
        self, limit: int = MAX_TREES, *, within: float = PARSE_SECONDS, clock: Callable[[], float] = monotonic
    ) -> None:
        self._limit = limit
        self._within = within
        self._clock = clock
        self._slow: dict[str, tuple[Document, float]] = {}
        self._kept: OrderedDict[str, Parsed] = OrderedDict()

    def parse(self, document: Document) -> Parsed | None:
        """The document with its tree, made from its last one. None without a grammar, or when it is too long or takes
        too long."""
        grammar = grammar_for(document.language) if len(document.text) <= MAX_CHARACTERS else None
        if grammar is None:
            self.forget(document.uri)
            return None
        last = self._kept.get(document.uri)
        if last is not None and last.document == document:
            self._kept.move_to_end(document.uri)
            return last
        given_up, again = self._slow.get(document.uri, (None, 0.0))
        if given_up == document or (given_up is not None and self._clock() < again):
            return None
        self._slow.pop(document.uri, None)
        try:
            parsed = Parsed(document, self._source(last, grammar, document.text))
        except TooSlow:
            # The tree before stays: once the bracket is closed, only little of it has to be parsed again.
            self._slow[document.uri] = document, self._clock() + AGAIN_SECONDS
            if len(self._slow) > self._limit:
                del self._slow[next(iter(self._slow))]
            return None
        self._kept[document.uri] = parsed
        self._kept.move_to_end(document.uri)
        if len(self._kept) > self._limit:
            self._kept.popitem(last=False)
        return parsed

    def forget(self, uri: str) -> None:
        """Drop the tree of a document that was closed."""
        self._kept.pop(uri, None)
        self._slow.pop(uri, None)

    def _source(self, last: Parsed | None, grammar: Grammar, text: str) -> Source:
        if last is not None and last.source.grammar is grammar:
            return last.source.changed(text, self._within)
        return Source.parse(grammar, text, self._within)
