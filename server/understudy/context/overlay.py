"""The open documents as an index of their own: what is typed there and not saved yet is what counts.

To read what a document defines takes some tens of microseconds a row, too long to do it at a keystroke. A short one is
read at once. What is known of a longer one is what the index below has read from the disk, if that is the same text, or
what a process of its own has read of it (`open_reader`); until it has done so again, that stands for it, its rows moved
along with the text.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from time import monotonic

from understudy.context.index.base import Index
from understudy.context.index.layered import Edges, Layered
from understudy.context.index.memory import MemoryIndex
from understudy.context.index.record import FileRecord
from understudy.context.index.workers import NOW, Answered, Workers
from understudy.context.open_reader import COMMAND, Read, read, result, task
from understudy.context.syntax.languages import language_of
from understudy.context.syntax.parsed import MAX_CHARACTERS, Parsed
from understudy.core.text import Document, changed_span

AT_ONCE = 6000  # code points of a document that is read in this process, in some 5 ms
READER = partial(Workers, 1, command=COMMAND)
AGAIN_SECONDS = 1.0  # between two readings of a longer one, so that typing in it leaves the machine to others


@dataclass(slots=True)
class _Open:
    """One open document. `read` is the last that was read of it, which need not be its newest text. `seen` is the text,
    and the revision of the index below, for which was found out whether they are the same: `saved`."""

    document: Document
    path: str
    read: Read | None = None
    reading: Future[Read | None] | None = None
    again: float = 0.0
    seen: tuple[str, int] = "", -1
    saved: bool = False


class Overlay:
    """The open documents above the index `below`. `parse` gives a document's tree, `clock` seconds, and `workers` the
    one process that reads long ones."""

    def __init__(
        self,
        below: Index,
        parse: Callable[[Document], Parsed | None],
        clock: Callable[[], float] = monotonic,
        workers: Callable[[Answered], Workers] = READER,
    ) -> None:
        self._below = below
        self._parse = parse
        self._clock = clock
        self._open: dict[str, _Open] = {}
        self._start = workers
        self._workers: Workers | None = None
        self._awaited: dict[str, tuple[str, Future[Read | None]]] = {}
        self._reads: dict[str, Read] = {}
        self._index = below
        self._edges: Edges = {}

    def put(self, document: Document, path: str) -> None:
        """A document was opened or changed; `path` is its own as the index spells it."""
        known = self._open.get(document.uri)
        if known is None or known.document.language != document.language:
            self._open[document.uri] = _Open(document, path)
        else:
            known.document = document

    def drop(self, uri: str) -> None:
        """A document was closed."""
        if (known := self._open.pop(uri, None)) is not None:
            self._edges.pop(known.path, None)

    def index(self, typed_in: str) -> Index:
        """All files, as seen from the document with the URI `typed_in`.

        What the others can find in that one may be behind its text: its own record is told by `record`, and an index
        that is another after every key would have everything looked for again.
        """
        reads: dict[str, Read] = {}
        for uri, it in self._open.items():
            if uri != typed_in:
                self._look(it, anyhow=True)
                read = it.read if not it.saved else None
            else:
                read = self._reads.get(it.path)
            if read is not None:
                reads[it.path] = read
        if reads != self._reads:
            self._reads = reads
            self._index = Layered(_index_of(reads), self._below, self._edges) if reads else self._below
        return self._index

    def record(self, document: Document, path: str) -> FileRecord | None:
        """What is known of a document, as it is now or was a moment ago."""
        it = self._open.get(document.uri)
        if it is None or it.document != document:
            it = _Open(document, path, it.read if it is not None else None)
        self._look(it, anyhow=False)
        return _moved(it.read, document.text) if it.read is not None else None

    def settle(self) -> None:
        """Wait until every open document is read as it is now. Not for an event loop."""
        for it in self._open.values():
            while it.read is None or it.read.text != it.document.text:
                self._look(it, anyhow=True, now=True)
                if it.reading is None:
                    break
                if it.reading.result() is None:
                    break

    def _look(self, it: _Open, *, anyhow: bool, now: bool = False) -> None:
        """Take what a thread has read, and see that a text that has changed is read: `anyhow`, or when it has got or
        lost rows; `now`, however short ago that was done."""
        if it.reading is not None and it.reading.done():
            it.read, it.reading = it.reading.result() or it.read, None
        text = it.document.text
        if anyhow or it.read is None:
            self._compare(it)
        if it.reading is not None and self._workers is not None:
            self._workers.check()
        if it.reading is not None or (it.read is not None and it.read.text == text):
            return
        if not anyhow and it.read is not None and it.read.text.count("\n") == text.count("\n"):
            return
        if len(text) > AT_ONCE and self._clock() < it.again and not now:
            return
        if len(text) > AT_ONCE:
            it.again = self._clock() + AGAIN_SECONDS
            it.reading = self._begin(it)
        elif (parsed := self._parse(it.document)) is not None:
            it.read = read(parsed.source, it.path)

    def _begin(self, it: _Open) -> Future[Read | None] | None:
        """Have a document read by the process. Two of one path, of which one is no file, are read in turn."""
        if it.path in self._awaited or len(it.document.text) > MAX_CHARACTERS or not language_of(it.document.language):
            return None
        if self._workers is None:
            self._workers = self._start(self._answered)
        future: Future[Read | None] = Future()
        self._awaited[it.path] = it.document.text, future
        self._workers.submit([task(it.path, it.document.language, it.document.text)], NOW)
        return future

    def _answered(self, path: str, answer: object) -> None:
        """Called from a thread."""
        if (awaited := self._awaited.pop(path, None)) is not None:
            text, future = awaited
            future.set_result(result(text, answer))

    def close(self) -> None:
        """End the process."""
        if self._workers is not None:
            self._workers.close()
            self._workers = None
            while self._awaited:  # what nobody answers any more
                _, (_, future) = self._awaited.popitem()
                future.set_result(None)

    def _compare(self, it: _Open) -> None:
        """Find out whether the index below has read this very text: then there is nothing to read."""
        text, revision = it.document.text, self._below.revision
        if it.seen == (text, revision):
            return
        it.seen = text, revision
        it.saved = it.path in self._below and self._below.text(it.path) == text
        if it.saved and (record := self._below.record(it.path)) is not None:
            it.read = Read(text, record, None)


def _index_of(reads: dict[str, Read]) -> MemoryIndex:
    return MemoryIndex(
        [it.record for it in reads.values()],
        {path: it.text for path, it in reads.items()},
        ranges={path: it.ranges for path, it in reads.items() if it.ranges},
    )


def _moved(read: Read, text: str) -> FileRecord:
    """The record of an older text for the newer `text`: what stands below the change is where it is now. The rows of
    uses are left as they were."""
    if read.text == text:
        return read.record
    span, new = changed_span(read.text, text)
    more = new.count("\n") - read.text.count("\n", span.start, span.end)
    if not more:
        return read.record
    row = read.text.count("\n", 0, span.start)
    # What is put in before the first character of a row moves that row as well.
    stays = row if read.text[span.start - 1 : span.start] not in ("\n", "") or not new.endswith("\n") else row - 1

    def at(old: int) -> int:
        return old if old <= stays else max(row, old + more)

    definitions = tuple(
        replace(it, first=at(it.first), last=at(it.last)) if it.last > stays else it for it in read.record.definitions
    )
    imports = tuple(replace(it, row=at(it.row)) if it.row > stays else it for it in read.record.imports)
    return replace(read.record, definitions=definitions, imports=imports, rows=read.record.rows + more)
