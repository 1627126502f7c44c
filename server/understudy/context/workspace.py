"""All that is known about one workspace, kept up to date by document changes, and asked by every feature."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import monotonic

from understudy.context.budget import Count
from understudy.context.gather import Context, Known, gather
from understudy.context.privacy import Privacy
from understudy.context.recent import EditLog, OpenFiles
from understudy.context.roots import innermost_first
from understudy.context.syntax import Parsed, Place, Shape, SyntaxStore, text_place, text_shape
from understudy.core.paths import path_in_uri, uri_to_path
from understudy.core.text import Document


class Workspace:
    """The open documents of one set of workspace folders. `ignore` is the user's patterns, `clock` gives seconds.

    An index of the files that are not open has its place here, beside the open ones.
    """

    def __init__(
        self, roots: tuple[Path, ...] = (), ignore: tuple[str, ...] = (), *, clock: Callable[[], float] = monotonic
    ) -> None:
        self._roots = innermost_first(roots)
        self._privacy = Privacy(self._roots, ignore)
        self._clock = clock
        self._store = SyntaxStore()
        self._edits = EditLog()
        self._open = OpenFiles()

    def changed(self, before: Document | None, after: Document | None) -> None:
        """A document was opened (no `before`), changed, or closed (no `after`)."""
        for document in (before, after):
            # A link may lead elsewhere by now; while a text is open, it is the one that the link led to.
            if document is not None and (before is None or after is None):
                self._privacy.forget(path_in_uri(document.uri))
        if after is None:
            if before is not None:
                self._open.close(before.uri)
                self._store.forget(before.uri)
                self._edits = self._edits.without(before.uri)
            return
        self._open.put(after)
        if before is not None and before.uri == after.uri:
            self._edits = self._edits.after(before, after, self._clock())

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

    def gather(self, document: Document, offset: int, *, limit_tokens: int, count: Count) -> Context:
        """What the model is shown for a cursor, in at most `limit_tokens` tokens as `count` counts them."""
        if self._open.get(document.uri) is not None:
            self._open.put(document, offset)
        self._privacy.look()

        def hidden(uri: str) -> bool:
            # Of the file that is completed in, everything may be shown: else nothing would be asked.
            return uri != document.uri and self._privacy.hidden(path_in_uri(uri))

        known = Known(self._store, self._edits, self._open, hidden, self.name)
        return gather(document, offset, known, limit=limit_tokens, count=count)

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
        if path is None:
            return path_in_uri(uri).name
        for root in self._roots:
            if (within := root.within(path)) is not None:
                return within.relative_to(root.given).as_posix()
        return path.name
