"""An index in memory: for open documents, and for tests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import count, islice
from typing import TypeVar

from understudy.context.index import bm25, linking
from understudy.context.index.edges import ends_in, imported, key_of, split_tail
from understudy.context.index.record import Chunk, Definition, FileRecord, Use
from understudy.context.index.words import asked, words
from understudy.context.syntax import languages

WINDOW = 40  # rows of a chunk where nobody says how a file is divided
TEXTS = 64  # whose words are kept; more documents are seldom open

Ranges = tuple[tuple[int, int], ...]
T = TypeVar("T")
_revisions = count(1)


class MemoryIndex:
    """An `Index` of `records`, which never changes: another set of files is another index.

    `texts` are the files' texts by path. `edges` are the files that each imports; without them they are found by
    `resolve.targets` when first asked for. `ranges` are the rows of each file's chunks, by default windows of `WINDOW`.
    """

    def __init__(
        self,
        records: Iterable[FileRecord] = (),
        texts: Mapping[str, str] | None = None,
        edges: Mapping[str, tuple[str, ...]] | None = None,
        ranges: Mapping[str, Ranges] | None = None,
    ) -> None:
        self._records = {record.path: record for record in sorted(records, key=lambda record: record.path)}
        self._texts = dict(texts or {})
        self._ranges = dict(ranges or {})
        self._revision = next(_revisions)
        self._given = edges

    @property
    def revision(self) -> int:
        """A number of this index alone."""
        return self._revision

    def paths(self) -> Sequence[str]:
        """Every file, sorted."""
        return tuple(self._records)

    def __contains__(self, path: object) -> bool:
        return path in self._records

    def ending(self, tail: str) -> tuple[str, ...]:
        """The files whose path ends in the whole parts `tail`, or whose folder does where it ends in `/`."""
        parts, folder = split_tail(tail)
        if not parts:
            return ()
        return ends_in(self._by_name[folder].get(parts[-1], ()), parts, folder=folder)

    def record(self, path: str) -> FileRecord | None:
        """What is known of one file."""
        return self._records.get(path)

    def text(self, path: str) -> str | None:
        """A file's text, where it was given."""
        return self._texts.get(path)

    def defined(self, name: str, limit: int = 32, family: str = "") -> tuple[Definition, ...]:
        """The definitions of a name, sorted by path and row."""
        known = (it for it in self._defined.get(name, ()) if not family or self._family(it.path) == family)
        return tuple(islice(known, limit))

    def using(self, name: str, limit: int = 32, family: str = "") -> tuple[Use, ...]:
        """The files that use a name, sorted by path."""
        known = (path for path in self._users.get(name, ()) if not family or self._family(path) == family)
        return tuple(Use(path, self._records[path].references[name]) for path in islice(known, limit))

    def targets(self, path: str) -> tuple[str, ...]:
        """The files that a file imports, in the order of its imports."""
        return self._edges.get(path, ())

    def importers(self, path: str, limit: int = 64) -> tuple[str, ...]:
        """The files that import a file, sorted."""
        return tuple(self._importers.get(path, ())[:limit])

    def links(self, path: str) -> Mapping[str, float]:
        """How strongly a file leans on others."""
        record = self._records.get(path)
        if record is None:
            return {}
        kin = self._family(path)
        return linking.links_of(record, lambda name: self._definers(name, kin), self.targets)

    def similar(self, words: Sequence[str], limit: int = 8) -> tuple[Chunk, ...]:
        """Stretches of files that hold these words, the best first (BM25)."""
        chunks, sizes, holders, average = self._chunks
        found = bm25.candidates(asked(words), lambda word: holders.get(word, ()), len(chunks))
        scored = ((bm25.by_length(weight, sizes[number], average), chunks[number]) for number, weight in found.items())
        best = sorted(scored, key=lambda entry: (-entry[0], entry[1][:2]))
        return tuple(Chunk(*chunk, score) for score, chunk in best[:limit])

    def _family(self, path: str) -> str:
        return languages.family(self._records[path].language)

    def _definers(self, name: str, kin: str) -> list[str]:
        files = dict.fromkeys(it.path for it in self._defined.get(name, ()) if self._family(it.path) == kin)
        return list(islice(files, linking.MOST_DEFINERS + 1))

    @cached_property
    def _by_name(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        keys = {path: key_of(path) for path in self._records}
        files = _grouped((file, path) for path, (file, _) in keys.items())
        return files, _grouped((folder, path) for path, (_, folder) in keys.items())

    @cached_property
    def _defined(self) -> dict[str, list[Definition]]:
        every = (it for record in self._records.values() for it in record.definitions)
        found = _grouped((it.name, it) for it in every)
        return {name: sorted(them, key=lambda it: (it.path, it.first)) for name, them in found.items()}

    @cached_property
    def _users(self) -> dict[str, list[str]]:
        return _grouped((name, record.path) for record in self._records.values() for name in record.references)

    @cached_property
    def _edges(self) -> dict[str, tuple[str, ...]]:
        if self._given is not None:
            return {path: tuple(self._given.get(path, ())) for path in self._records}
        return {path: imported(record, self) for path, record in self._records.items()}

    @cached_property
    def _importers(self) -> dict[str, list[str]]:
        return _grouped((target, source) for source, targets in self._edges.items() for target in targets)

    @cached_property
    def _chunks(self) -> tuple[list[tuple[str, int, int]], list[int], dict[str, list[int]], float]:
        chunks: list[tuple[str, int, int]] = []
        sizes: list[int] = []
        holders: dict[str, list[int]] = defaultdict(list)
        for path in self._records:
            text = self._texts.get(path)
            if text is None:
                continue
            for (first, last), held in _held(text, self._ranges.get(path)):
                for word in held:
                    holders[word].append(len(chunks))
                chunks.append((path, first, last))
                sizes.append(len(held))
        return chunks, sizes, holders, bm25.average(sizes)


@lru_cache(maxsize=TEXTS)
def _held(text: str, ranges: Ranges | None) -> tuple[tuple[tuple[int, int], frozenset[str]], ...]:
    """The chunks of a text, each with its words. An index of the open documents is made anew with each that is opened
    or left, and most of them are as they were."""
    lines = text.split("\n")
    given = ranges if ranges is not None else windows(len(lines))
    return tuple(((first, last), frozenset(words("\n".join(lines[first:last])))) for first, last in given)


def windows(rows: int) -> Ranges:
    """All rows, `WINDOW` at a time."""
    return tuple((first, min(first + WINDOW, rows)) for first in range(0, rows, WINDOW))


def _grouped(pairs: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = defaultdict(list)
    for name, it in pairs:
        found[name].append(it)
    return found
