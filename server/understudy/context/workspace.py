"""All that is known about one workspace, kept up to date by document changes, and asked by every feature."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from understudy.context.budget import Count
from understudy.context.gather import Context, Known, gather
from understudy.context.ignore import FILE, IgnoreRules
from understudy.context.recent import EditLog, OpenFiles
from understudy.context.syntax import Parsed, Place, Shape, SyntaxStore, text_place, text_shape
from understudy.core.paths import path_in_uri, uri_to_path
from understudy.core.text import Document

MAX_VERDICTS = 512  # several times the documents that are ever asked about at once


@dataclass(frozen=True, slots=True)
class _Root:
    """A workspace folder as the client names it, and where it really is; None when that cannot be found out."""

    given: Path
    real: Path | None

    def within(self, path: Path) -> Path | None:
        """`path` as it is called below `given`; None for what is not in the folder."""
        for folder in (self.given, self.real):
            if folder is not None and path.is_relative_to(folder):
                return self.given / path.relative_to(folder)
        return None


class Workspace:
    """The open documents of one set of workspace folders. `ignore` is the user's patterns, `clock` gives seconds.

    An index of the files that are not open has its place here, beside the open ones.
    """

    def __init__(
        self, roots: tuple[Path, ...] = (), ignore: tuple[str, ...] = (), *, clock: Callable[[], float] = monotonic
    ) -> None:
        innermost_first = sorted(roots, key=lambda root: len(root.parts), reverse=True)
        self._roots = tuple(_Root(root, _resolved(root)) for root in innermost_first)
        self._patterns = ignore
        self._clock = clock
        self._store = SyntaxStore()
        self._edits = EditLog()
        self._open = OpenFiles()
        self._rules: dict[_Root | None, tuple[object, IgnoreRules]] = {}
        self._verdicts: dict[str, bool] = {}

    def changed(self, before: Document | None, after: Document | None) -> None:
        """A document was opened (no `before`), changed, or closed (no `after`)."""
        for document in (before, after):
            # A link may lead elsewhere by now; while a text is open, it is the one that the link led to.
            if document is not None and (before is None or after is None):
                self._verdicts.pop(document.uri, None)
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
        known = Known(self._store, self._edits, self._open, self.ignored, self.name)
        return gather(document, offset, known, limit=limit_tokens, count=count)

    def ignored(self, uri: str) -> bool:
        """Whether a text must not be shown to a model, by the path in its URI, whatever the scheme, and by where that
        path leads. A link or a folder that cannot be followed counts as ignored."""
        self._refresh()
        if uri not in self._verdicts:
            if len(self._verdicts) >= MAX_VERDICTS:
                del self._verdicts[next(iter(self._verdicts))]
            self._verdicts[uri] = self._verdict(path_in_uri(uri))
        return self._verdicts[uri]

    def ignore_reason(self, uri: str) -> str | None:
        """Why everything is ignored where this file is, when the rules themselves are broken."""
        self._refresh()
        asked = self._rules_about(path_in_uri(uri))
        return next((rules.reason for rules, _ in asked if rules.reason is not None), None)

    def name(self, uri: str) -> str:
        """The path that the model is shown: relative to the workspace folder, else the file's name alone."""
        path = uri_to_path(uri)
        if path is None:
            return path_in_uri(uri).name
        for root in self._roots:
            if (within := root.within(path)) is not None:
                return within.relative_to(root.given).as_posix()
        return path.name

    def _verdict(self, path: Path) -> bool:
        # A path without a root, as of an unsaved buffer, is on no disk.
        real = _resolved(path) if path.is_absolute() else path
        if real is None or any(root.real is None for root in self._roots):
            return True
        return any(rules.ignored(it) for place in {path, real} for rules, it in self._rules_about(place))

    def _rules_about(self, path: Path) -> list[tuple[IgnoreRules, Path]]:
        """The rules of every folder that holds `path`, each with the path as the folder calls it."""
        within = [(self._rules[root][1], it) for root in self._roots if (it := root.within(path)) is not None]
        return within or [(self._rules[None][1], path)]

    def _refresh(self) -> None:
        """Read the rules whose file has changed again. With one of them, every verdict is out of date."""
        for root in (*self._roots, None):
            folder = root.given if root is not None else None
            stamp = _stamp(folder / FILE) if folder is not None else None
            known = self._rules.get(root)
            if known is None or known[0] != stamp:
                self._rules[root] = stamp, IgnoreRules.load(folder, self._patterns)
                self._verdicts.clear()


def _resolved(path: Path) -> Path | None:
    """Where `path` leads when every link is followed, also to what does not exist; None when that is unknown."""
    try:
        try:
            return path.resolve(strict=True)
        except (FileNotFoundError, NotADirectoryError):
            return path.resolve()
    except (OSError, RuntimeError, ValueError):  # in this order: no right to look, links in a circle, no path at all
        return None


def _stamp(file: Path) -> object:
    try:
        state = file.stat()
    except OSError as failure:
        return failure.errno  # a file that may not be looked at is not one that is missing
    return state.st_mtime_ns, state.st_size
