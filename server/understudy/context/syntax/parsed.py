"""Syntax trees of the open documents, kept up to date edit by edit, and the questions that completion asks of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from time import monotonic

from understudy.context.syntax.graft import Graft, graft
from understudy.context.syntax.grammar import Grammar, TooSlow, grammar_for
from understudy.context.syntax.place import Place, Shape, place, shape, text_place, text_shape
from understudy.context.syntax.source import Source
from understudy.core.text import Document

__all__ = ["Graft", "Parsed", "Place", "Shape", "SyntaxStore", "text_place", "text_shape"]

# In longer texts completions rest on the text alone: the copies that a keystroke costs would be noticed.
MAX_CHARACTERS = 1_000_000
# A parse holds up everything else for as long as it takes. Sound code of this many code points was measured at 3 to 10
# ms on a core of a cloud machine; a longer text is first parsed in a thread.
AT_ONCE_CHARACTERS = 40_000
# What is parsed again after a keystroke takes well under this in sound code; where it does not (tree-sitter looks for a
# way out of an error through much of the text), a thread goes on.
AT_ONCE_SECONDS = 0.01
# The time of a parse hangs on the text more than on its length: one bracket opened at the top of a sound file of 60,000
# code points was measured at 0.1 s in Python and 2.8 s in Lua.
PARSE_SECONDS = 0.5
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
        """Whether one line or a block is wanted at the cursor (the table is at `context.syntax.place.shape`)."""
        return shape(self.source, offset)

    def graft(self, offset: int, insertion: str) -> Graft:
        """What of `insertion` can stand at `offset` without a new syntax error. Takes a handful of parses."""
        return graft(self.source, offset, insertion)


class SyntaxStore:
    """The last tree of each document, by URI; the one used longest ago goes first.

    Nothing here takes long: what does is parsed in a thread of its own, and until it is there the document has no tree.
    (tree-sitter keeps the interpreter's lock while it parses, but calls back often enough for others to take it.) A
    parse is given up after `within` seconds of that thread's time; `clock` gives seconds.
    """

    def __init__(
        self, limit: int = MAX_TREES, *, within: float = PARSE_SECONDS, clock: Callable[[], float] = monotonic
    ) -> None:
        self._limit = limit
        self._within = within
        self._clock = clock
        self._slow: dict[str, tuple[Document, float]] = {}
        self._kept: OrderedDict[str, Parsed] = OrderedDict()
        self._waiting: dict[str, tuple[Document, Future[Source | None]]] = {}
        self._thread: ThreadPoolExecutor | None = None

    def parse(self, document: Document) -> Parsed | None:
        """The document with its tree, made from its last one. None without a grammar, when it is too long or takes too
        long, and while a thread is at it."""
        grammar = grammar_for(document.language) if len(document.text) <= MAX_CHARACTERS else None
        if grammar is None:
            self.forget(document.uri)
            return None
        if document.uri in self._waiting and not self._taken(document.uri):
            return None
        last = self._kept.get(document.uri)
        if last is not None and last.document == document:
            self._kept.move_to_end(document.uri)
            return last
        if self._given_up(document):
            return None
        before = last.source if last is not None and last.source.grammar is grammar else None
        if before is None and len(document.text) > AT_ONCE_CHARACTERS:
            self._hand_over(document, grammar, None)
            return None
        try:
            return self._keep(document, _source(before, grammar, document.text, min(self._within, AT_ONCE_SECONDS)))
        except TooSlow:
            self._hand_over(document, grammar, before)
            return None

    def follow(self, before: Document | None, after: Document | None) -> None:
        """A document was opened (no `before`), changed, or closed (no `after`): its tree goes along, so that the next
        question finds little to do."""
        if after is None:
            if before is not None:
                self.forget(before.uri)
        elif after.uri in self._kept or len(after.text) > AT_ONCE_CHARACTERS:
            self.parse(after)

    def settle(self, seconds: float | None = None) -> None:
        """Wait until no parse is under way, at most for as long."""
        wait([future for _, future in self._waiting.values()], seconds)

    def forget(self, uri: str) -> None:
        """Drop the tree of a document that was closed."""
        self._kept.pop(uri, None)
        self._slow.pop(uri, None)
        if uri in self._waiting:
            self._waiting.pop(uri)[1].cancel()

    def _keep(self, document: Document, source: Source) -> Parsed:
        parsed = self._kept[document.uri] = Parsed(document, source)
        self._kept.move_to_end(document.uri)
        if len(self._kept) > self._limit:
            self._kept.popitem(last=False)
        return parsed

    def _given_up(self, document: Document) -> bool:
        given_up, again = self._slow.get(document.uri, (None, 0.0))
        if given_up == document or (given_up is not None and self._clock() < again):
            return True
        self._slow.pop(document.uri, None)
        return False

    def _hand_over(self, document: Document, grammar: Grammar, before: Source | None) -> None:
        """Let the thread go on with what takes long here."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "understudy-parse")
        future = self._thread.submit(_attempt, before, grammar, document.text, self._within)
        self._waiting[document.uri] = document, future
        if len(self._waiting) > self._limit:
            self._waiting.pop(next(iter(self._waiting)))[1].cancel()

    def _taken(self, uri: str) -> bool:
        """Take over what the thread has made; False while it is at it."""
        document, future = self._waiting[uri]
        if not future.done():
            return False
        del self._waiting[uri]
        source = future.result() if future.exception() is None else None
        if source is not None:
            self._keep(document, source)
            return True
        # The tree before stays: once the bracket is closed, only little of it has to be parsed again.
        self._slow[uri] = document, self._clock() + AGAIN_SECONDS
        if len(self._slow) > self._limit:
            del self._slow[next(iter(self._slow))]
        return True


def _source(before: Source | None, grammar: Grammar, text: str, within: float) -> Source:
    return before.changed(text, within) if before is not None else Source.parse(grammar, text, within)


def _attempt(before: Source | None, grammar: Grammar, text: str, within: float) -> Source | None:
    try:
        return _source(before, grammar, text, within)
    except TooSlow:
        return None
