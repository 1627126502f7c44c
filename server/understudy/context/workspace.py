"""All that is known about one workspace, kept up to date by document changes, and asked by every feature."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from time import monotonic

from understudy.context.arrange import Budget, Layout, Shown, arrange
from understudy.context.budget import Count
from understudy.context.candidates import CandidateCache, Candidates
from understudy.context.gather import Context, Limits, Spot, gather
from understudy.context.index.base import Index
from understudy.context.index.memory import MemoryIndex
from understudy.context.map import laid_out, ranked_map
from understudy.context.overlay import Overlay
from understudy.context.pieces import Piece
from understudy.context.privacy.policy import Privacy
from understudy.context.privacy.roots import Root, innermost_first
from understudy.context.recent import EditLog, OpenFiles
from understudy.context.resolve.tested import Tested, tested
from understudy.context.syntax.languages import language_of
from understudy.context.syntax.parsed import Parsed, Place, Shape, SyntaxStore, text_place, text_shape
from understudy.core.paths import path_in_uri, uri_to_path
from understudy.core.text import Document

MAX_NAMES = 4096  # paths whose spelling for the model is kept


class Workspace:
    """The open documents of one set of workspace folders, above an `index` of their files (by default of none).

    `ignore` is the user's patterns, `clock` gives seconds.
    """

    def __init__(
        self,
        roots: tuple[Path, ...] = (),
        ignore: tuple[str, ...] = (),
        *,
        index: Index | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._roots = innermost_first(roots)
        self._privacy = Privacy(self._roots, ignore)
        self._clock = clock
        self._store = SyntaxStore()
        self._edits = EditLog()
        self._open = OpenFiles()
        self._index = index if index is not None else MemoryIndex()
        self._overlay = Overlay(self._index, self._store.parse, clock)
        self._cache = CandidateCache(self._overlay, self._store.parse, self.path_of)
        self._layouts: dict[str, Layout] = {}
        self._names: dict[str, str] = {}
        self._paths: dict[str, str] = {}
        self._judged: dict[str, tuple[Candidates, Candidates]] = {}

    def changed(self, before: Document | None, after: Document | None) -> None:
        """A document was opened (no `before`), changed, or closed (no `after`)."""
        for document in (before, after):
            # A link may lead elsewhere by now; while a text is open, it is the one that the link led to.
            if document is not None and (before is None or after is None):
                self._privacy.forget(path_in_uri(document.uri))
        if after is None:
            if before is not None:
                self._close(before.uri)
            return
        for uri in self._open.put(after):
            self._close(uri)
        self._store.follow(before, after)
        self._overlay.put(after, self.path_of(after))
        if before is not None and before.uri == after.uri:
            self._edits = self._edits.after(before, after, self._clock())

    def opened(self) -> tuple[Document, ...]:
        """The documents that are open, as they are now."""
        return tuple(file.document for file in self._open)

    def parse(self, document: Document) -> Parsed | None:
        """The document with its tree; None without a grammar, or when it is too long."""
        return self._store.parse(document)

    def place(self, document: Document, offset: int) -> Place:
        """What stands around a cursor, from the tree or else from the text."""
        parsed = self.parse(document)
        return parsed.place(offset) if parsed is not None else text_place(document, offset)

    def shape(self, parsed: Parsed | None, document: Document, offset: int) -> Shape:
        """Whether one line or a block is wanted at a cursor."""
        return parsed.shape(offset) if parsed is not None else text_shape(document, offset)

    def gather(
        self,
        document: Document,
        offset: int,
        *,
        limit_tokens: int,
        count: Count,
        files_tokens: int | None = None,
        suffix_tokens: int | None = None,
    ) -> Context:
        """What the model is shown for a cursor, in at most `limit_tokens` tokens as `count` counts them.

        `files_tokens` of them are for other files, by default a share (`context.gather`), and at most `suffix_tokens`
        for the text after the cursor.
        """
        if self._open.get(document.uri) is not None:
            self._open.put(document, offset)
        self._privacy.look()
        found = self._cache.at(document, offset, self._edits, self._open)
        spot = Spot(document, offset, self._store.parse, self._shown_as)
        limits = Limits(limit_tokens, count, files_tokens, suffix_tokens)
        last = self._layouts.get(document.uri, Layout())
        context, layout = gather(spot, self._permitted(found), last, limits)
        # The candidates are judged when they are found; what is shown of them is for every prompt.
        if (allowed := self._allowed(layout, found.path)) is not layout:
            self._judged.pop(found.path, None)
            context, layout = gather(spot, self._permitted(found), allowed, limits)
        if self._open.get(document.uri) is not None:
            self._layouts[document.uri] = layout
        return context

    def candidates(self, document: Document, offset: int) -> tuple[Piece, ...]:
        """All that might be shown for a cursor, the best first."""
        self._privacy.look()
        return self._permitted(self._cache.at(document, offset, self._edits, self._open)).wanted.pieces

    def definitions(
        self, document: Document, offset: int, *, limit: int, count: Count, rows: Iterable[tuple[int, int]] = ()
    ) -> tuple[Shown, ...]:
        """What other files, and far parts of this one, have to say of a place, in at most `limit` tokens, secrets
        masked. `rows` (first, and after the last) of the document are shown anyway. Nothing is remembered of it: what
        completions show stays where it is."""
        self._privacy.look()
        found = self._permitted(self._cache.at(document, offset, self._edits, self._open))
        shown = tuple((found.path, first, last) for first, last in rows)
        return arrange(found.wanted, Layout(), Budget(limit, count, self._shown_as, shown, found.path)).files

    def map(self, limit: int, count: Count, near: Iterable[Path] = ()) -> tuple[Shown, ...]:
        """What the repository leans on most, in at most `limit` tokens; `near`: files from whose sight that is told."""
        self._privacy.look()
        index = self._overlay.index("")
        pieces = [it for it in ranked_map(index, [self._spelled(path) for path in near]) if not self._hidden(it.path)]
        return laid_out(pieces, limit, count, self._shown_as)

    def tested(self, document: Document) -> Tested | None:
        """Where the test of a document is, or goes, as paths of the index; None for what is no file, and where the
        language has no habit."""
        path = self.path_of(document)
        if not Path(path).is_absolute():
            return None
        root = next((it.given for it in self._roots if it.within(Path(path)) is not None), Path(path).parent)
        return tested(path, self._overlay.index(""), str(root))

    def file(self, path: str) -> Document | None:
        """A file, by its path in the index: as it is open, else as it is on the disk, with version 0. None for what the
        index does not know and what must not be shown."""
        self._privacy.look()
        if self._hidden(path):
            return None
        for it in self._open:
            if self.path_of(it.document) == path:
                return it.document
        text = self._overlay.index("").text(path)
        language = language_of(path)
        if text is None or language is None:
            return None
        return Document(Path(path).as_uri(), 0, language.ids[0], text)

    def settle(self) -> None:
        """Wait until all open documents are parsed and read as they are now. For commands that ask once; not for an
        event loop."""
        self._store.settle()
        self._overlay.settle()

    def close(self) -> None:
        """End the process that reads long documents, if there is one. Another question starts another."""
        self._overlay.close()

    def ignored(self, uri: str) -> bool:
        """Whether a text must not be shown to a model, by the path in its URI, whatever the scheme, and by where that
        path leads. A link or a folder that cannot be followed counts as ignored."""
        self._privacy.look()
        return self._privacy.ignored(path_in_uri(uri))

    def ignore_reason(self, uri: str) -> str | None:
        """Why everything is ignored where this file is, when the rules themselves are broken."""
        self._privacy.look()
        return self._privacy.reason(path_in_uri(uri))

    def name(self, uri: str) -> str:
        """The path that the model is shown: relative to the workspace folder, else the file's name alone."""
        path = uri_to_path(uri)
        return _relative(path, self._roots) if path is not None else path_in_uri(uri).name

    def path_of(self, document: Document) -> str:
        """A document's path as an index spells it: below the folder as the client names it. What is no file has its
        URI for a path."""
        if document.uri not in self._paths:
            path = uri_to_path(document.uri)
            if len(self._paths) >= MAX_NAMES:
                self._paths.clear()
            self._paths[document.uri] = self._spelled(path) if path is not None else document.uri
        return self._paths[document.uri]

    def _spelled(self, path: Path) -> str:
        return str(next((within for root in self._roots if (within := root.within(path)) is not None), path))

    def _shown_as(self, path: str) -> str:
        """How the model sees what an index calls `path`."""
        if path not in self._names:
            if len(self._names) >= MAX_NAMES:
                self._names.clear()
            self._names[path] = _relative(Path(path), self._roots) if Path(path).is_absolute() else self.name(path)
        return self._names[path]

    def _permitted(self, found: Candidates) -> Candidates:
        """The candidates less those that may not be shown. Of the file that is completed in, everything may be: else
        nothing would be asked."""
        known = self._judged.get(found.path)
        if known is not None and known[0] is found:
            return known[1]
        pieces = found.wanted.pieces
        hidden = {path for path in {it.path for it in pieces} if path != found.path and self._hidden(path)}
        permitted = found
        if hidden:
            left = tuple(it for it in pieces if it.path not in hidden)
            permitted = replace(found, wanted=replace(found.wanted, pieces=left))
        self._judged[found.path] = found, permitted
        return permitted

    def _allowed(self, layout: Layout, own: str) -> Layout:
        """A layout up to the first piece that may not be shown any more."""
        may = {path: path == own or not self._hidden(path) for path in {it.piece.path for it in layout.placed}}
        if all(may.values()):
            return layout
        return Layout(tuple(takewhile(lambda it: may[it.piece.path], layout.placed)))

    def _hidden(self, path: str) -> bool:
        return self._privacy.hidden(Path(path) if Path(path).is_absolute() else path_in_uri(path))

    def _close(self, uri: str) -> None:
        self._open.close(uri)
        self._store.forget(uri)
        self._edits = self._edits.without(uri)
        self._overlay.drop(uri)
        self._cache.forget(uri)
        self._layouts.pop(uri, None)
        self._judged.pop(self._paths.pop(uri, ""), None)


def _relative(path: Path, roots: tuple[Root, ...]) -> str:
    for root in roots:
        if (within := root.within(path)) is not None:
            return within.relative_to(root.given).as_posix()
    return path.name
