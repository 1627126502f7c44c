"""All that is known about one workspace, kept up to date by document changes, and asked by every feature."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import monotonic

from understudy.context.budget import Count
from understudy.context.gather import Context, Known, gather
from understudy.context.ignore import FILE, IgnoreRules
from understudy.context.recent import EditLog, OpenFiles
from understudy.context.syntax import Parsed, Place, Shape, SyntaxStore, text_place, text_shape
from understudy.core.paths import uri_to_path
from understudy.core.text import Document


class Workspace:
    """The open documents of one set of workspace folders. `ignore` is the user's patterns, `clock` gives seconds.

    An index of the files that are not open has its place here, beside the open ones.
    """

    def __init__(
        self, roots: tuple[Path, ...] = (), ignore: tuple[str, ...] = (), *, clock: Callable[[], float] = monotonic
    ) -> None:
        self._roots = tuple(sorted(roots, key=lambda root: len(root.parts), reverse=True))
        self._patterns = ignore
        self._clock = clock
        self._store = SyntaxStore()
        self._edits = EditLog()
        self._open = OpenFiles()
        self._rules: dict[Path | None, tuple[object, IgnoreRules]] = {}
        self._verdicts: dict[str, bool] = {}

    def changed(self, before: Document | None, after: Document | None) -> None:
        """A document was opened (no `before`), changed, or closed (no `after`)."""
        if after is None:
            if before is not None:
                self._open.close(before.uri)
                self._store.forget(before.uri)
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
        known = Known(self._store, self._edits, self._open, self.ignored, self.name)
        return gather(document, offset, known, limit=limit_tokens, count=count)

    def ignored(self, uri: str) -> bool:
        """Whether a file must not be shown to a model. A text that is no file yet may be: it has no name to go by."""
        path = uri_to_path(uri)
        if path is None:
            return False
        rules = self._rules_for(self._root_of(path))
        if uri not in self._verdicts:
            self._verdicts[uri] = rules.ignored(path)
        return self._verdicts[uri]

    def ignore_reason(self, uri: str) -> str | None:
        """Why everything is ignored where this file is, when the rules themselves are broken."""
        path = uri_to_path(uri)
        return self._rules_for(self._root_of(path)).reason if path is not None else None

    def name(self, uri: str) -> str:
        """The path that the model is shown: relative to the workspace folder, else the file's name alone."""
        path = uri_to_path(uri)
        if path is None:
            return uri.rpartition("/")[2].rpartition(":")[2]
        root = self._root_of(path)
        return path.relative_to(root).as_posix() if root is not None else path.name

    def _root_of(self, path: Path) -> Path | None:
        return next((root for root in self._roots if path.is_relative_to(root)), None)

    def _rules_for(self, root: Path | None) -> IgnoreRules:
        """The rules of a folder, read again when its file has changed."""
        stamp = _stamp(root / FILE) if root is not None else None
        known = self._rules.get(root)
        if known is None or known[0] != stamp:
            self._rules[root] = known = stamp, IgnoreRules.load(root, self._patterns)
            self._verdicts.clear()
        return known[1]


def _stamp(file: Path) -> object:
    try:
        state = file.stat()
    except OSError:
        return None
    return state.st_mtime_ns, state.st_size
