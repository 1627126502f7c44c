"""The indexes of several folders as one. What leads from one folder to another is not known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from heapq import merge
from itertools import islice

from understudy.context.index.base import Index
from understudy.context.index.record import Chunk, Definition, FileRecord, Use


class Beside:
    """An `Index` of `indexes` that have no file in common."""

    def __init__(self, indexes: Sequence[Index]) -> None:
        self._indexes = tuple(indexes)

    @property
    def revision(self) -> int:
        """Another number whenever one of the indexes has another."""
        return hash(tuple(index.revision for index in self._indexes))

    def paths(self) -> Sequence[str]:
        """Every file, sorted."""
        return tuple(merge(*(index.paths() for index in self._indexes)))

    def __contains__(self, path: object) -> bool:
        return any(path in index for index in self._indexes)

    def ending(self, tail: str) -> tuple[str, ...]:
        """The files whose path ends in the whole parts `tail`, or whose folder does where it ends in `/`."""
        return tuple(merge(*(index.ending(tail) for index in self._indexes)))

    def record(self, path: str) -> FileRecord | None:
        """What is known of one file."""
        return next((found for index in self._indexes if (found := index.record(path)) is not None), None)

    def text(self, path: str) -> str | None:
        """The text that the record was made from."""
        return next((found for index in self._indexes if (found := index.text(path)) is not None), None)

    def defined(self, name: str, limit: int = 32, family: str = "") -> tuple[Definition, ...]:
        """The definitions of a name, sorted by path and row."""
        found = (index.defined(name, limit, family) for index in self._indexes)
        return tuple(islice(merge(*found, key=lambda it: (it.path, it.first)), limit))

    def using(self, name: str, limit: int = 32, family: str = "") -> tuple[Use, ...]:
        """The files that use a name, sorted by path."""
        found = (index.using(name, limit, family) for index in self._indexes)
        return tuple(islice(merge(*found, key=lambda it: it.path), limit))

    def targets(self, path: str) -> tuple[str, ...]:
        """The files that a file imports, in the order of its imports."""
        return tuple(target for index in self._indexes for target in index.targets(path))

    def importers(self, path: str, limit: int = 64) -> tuple[str, ...]:
        """The files that import a file, sorted."""
        return tuple(islice(merge(*(index.importers(path, limit) for index in self._indexes)), limit))

    def links(self, path: str) -> Mapping[str, float]:
        """How strongly a file leans on others."""
        return next((found for index in self._indexes if (found := index.links(path))), {})

    def similar(self, words: Sequence[str], limit: int = 8) -> tuple[Chunk, ...]:
        """Stretches of files that hold these words. The scores of different folders are compared as they are."""
        found: Iterable[Chunk] = (it for index in self._indexes for it in index.similar(words, limit))
        return tuple(sorted(found, key=lambda it: (-it.score, it.path, it.first))[:limit])
