"""Indexes one above the other: the open documents hide the files of the same path on disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from heapq import merge
from itertools import islice
from typing import TypeVar

from understudy.context.index import linking
from understudy.context.index.base import Index
from understudy.context.index.edges import imported
from understudy.context.index.record import Chunk, Definition, FileRecord, Use
from understudy.context.syntax.languages import family

T = TypeVar("T", Definition, Use, Chunk)


Edges = dict[str, tuple[FileRecord, tuple[int, frozenset[str]], tuple[str, ...]]]
"""What files of an overlay import: by path the record, which files there were, and the files that it imports."""


class Layered:
    """What `overlay` knows, and of every other file what `below` knows. `edges` is what an overlay before this one had
    found out: what is still true of it is not found out again.

    What a file of the overlay imports and leans on is asked of both together. What leans on it keeps to how it was on
    disk until it is saved.
    """

    def __init__(self, overlay: Index, below: Index, edges: Edges | None = None) -> None:
        self._overlay = overlay
        self._below = below
        self._edges = edges if edges is not None else {}
        self._known_files: tuple[int, frozenset[str]] | None = None

    @property
    def revision(self) -> int:
        """Another number whenever one of the two has another."""
        return hash((self._overlay.revision, self._below.revision))

    def paths(self) -> Sequence[str]:
        """Every file, sorted."""
        below = (path for path in self._below.paths() if path not in self._overlay)
        return tuple(merge(self._overlay.paths(), below))

    def __contains__(self, path: object) -> bool:
        return path in self._overlay or path in self._below

    def ending(self, tail: str) -> tuple[str, ...]:
        """The files whose path ends in the whole parts `tail`."""
        return tuple(sorted({*self._overlay.ending(tail), *self._below.ending(tail)}))

    def record(self, path: str) -> FileRecord | None:
        """What is known of one file."""
        return self._holder(path).record(path)

    def text(self, path: str) -> str | None:
        """The text that the record was made from."""
        return self._holder(path).text(path)

    def defined(self, name: str, limit: int = 32, family: str = "") -> tuple[Definition, ...]:
        """The definitions of a name, sorted by path and row."""
        found: list[Definition] = self._both(lambda index, most: index.defined(name, most, family), limit)
        return tuple(sorted(found, key=lambda it: (it.path, it.first))[:limit])

    def using(self, name: str, limit: int = 32, family: str = "") -> tuple[Use, ...]:
        """The files that use a name, sorted by path."""
        found: list[Use] = self._both(lambda index, most: index.using(name, most, family), limit)
        return tuple(sorted(found, key=lambda it: it.path)[:limit])

    def targets(self, path: str) -> tuple[str, ...]:
        """The files that a file imports, in the order of its imports."""
        record = self._overlay.record(path)
        if record is None:
            return self._below.targets(path)
        files = self._files()
        known = self._edges.get(path)
        if known is None or known[0] is not record or known[1] != files:
            known = self._edges[path] = record, files, imported(record, self)
        return known[2]

    def importers(self, path: str, limit: int = 64) -> tuple[str, ...]:
        """The files that import a file, sorted."""
        above = [source for source in self._overlay.paths() if path in self.targets(source)]
        below = self._below.importers(path, limit + len(self._overlay.paths()))
        return tuple(islice(merge(above, (it for it in below if it not in self._overlay)), limit))

    def links(self, path: str) -> Mapping[str, float]:
        """How strongly a file leans on others."""
        record = self._overlay.record(path)
        if record is None:
            return self._below.links(path)
        kin = family(record.language)
        return linking.links_of(record, lambda name: self._definers(name, kin), self.targets)

    def similar(self, words: Sequence[str], limit: int = 8) -> tuple[Chunk, ...]:
        """Stretches of files that hold these words. The scores of the two layers are compared as they are."""
        found: list[Chunk] = self._both(lambda index, most: index.similar(words, most), limit)
        return tuple(sorted(found, key=lambda it: (-it.score, it.path, it.first))[:limit])

    def _files(self) -> tuple[int, frozenset[str]]:
        """What differs when there are other files: imports hang on nothing else but the one that imports."""
        revision = self._below.revision
        if self._known_files is None or self._known_files[0] != revision:
            self._known_files = revision, frozenset(it for it in self._overlay.paths() if it not in self._below)
        return self._known_files

    def _holder(self, path: str) -> Index:
        return self._overlay if path in self._overlay else self._below

    def _definers(self, name: str, kin: str) -> list[str]:
        found = self.defined(name, 4 * linking.MOST_DEFINERS, kin)
        return list(dict.fromkeys(it.path for it in found))

    def _both(self, ask: Callable[[Index, int], Sequence[T]], limit: int) -> list[T]:
        """The first `limit` of each layer; of the one below those that are not hidden."""
        asked = limit
        while True:
            below = ask(self._below, asked)
            shown: list[T] = [it for it in below if it.path not in self._overlay]
            if len(below) < asked or len(shown) >= limit:
                return shown + list(ask(self._overlay, limit))
            asked *= 2
