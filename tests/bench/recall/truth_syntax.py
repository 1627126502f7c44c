"""What lines of other languages name in other files: by import statements and definitions, read from the syntax tree by
a reader for each language (`truth_typescript`, `truth_go`, ...), without our queries and our index.

- `import`: a name that the file imports from a file of the package, or that files of one package or crate share without
  an import (Go, Java), and that the file binds nowhere else: not as a variable, a parameter or a type parameter of any
  scope. Re-exports are followed.
- `module`: an attribute of an imported module, or of a package in Go.
- `member`: an attribute of an imported class or enum, or one of `this` that is inherited from an imported class.
- `unique`: an attribute of anything else whose name is defined in at most `MOST_PLACES` places of the package, in none
  of the file itself, and is no name of the language's own library (`ordinary` of the reader). Types are not inferred.

Lines of imports are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from tree_sitter import Language, Node, Parser

from bench.recall.case import Target

MOST_PLACES = 3
DEEPEST = 6

Rows = dict[str, list[int]]
Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Taken:
    """What an imported name is: `name` of `module`, spelled as in the file; the module itself where it is empty."""

    module: str
    name: str


@dataclass(frozen=True, slots=True)
class Use:
    """A name that is used. `receiver` is what it is an attribute of: a name, `this`, or `?`; empty for a plain name.
    `owner` is the class around it."""

    name: str
    row: int
    receiver: str = ""
    owner: str = ""


@dataclass
class Owner:
    """A class, an interface or an enum: the names of what it extends, and its members."""

    bases: list[str] = field(default_factory=list)
    members: Rows = field(default_factory=dict)


@dataclass
class Source:
    """What a reader finds in one file. `tops` are its top-level names, `bound` the names that any scope within binds,
    `passed` what it exports of other modules by name, `stars` the modules that it exports or imports whole."""

    path: str
    lines: list[str]
    tops: Rows = field(default_factory=dict)
    owners: dict[str, Owner] = field(default_factory=dict)
    members: Rows = field(default_factory=dict)
    bound: set[str] = field(default_factory=set)
    imports: dict[str, Taken] = field(default_factory=dict)
    passed: dict[str, Taken] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    import_rows: set[int] = field(default_factory=set)

    def defines(self, name: str, row: int, owner: str = "") -> None:
        """A definition was read."""
        if owner:
            self.owners.setdefault(owner, Owner()).members.setdefault(name, []).append(row)
            self.members.setdefault(name, []).append(row)
        else:
            self.tops.setdefault(name, []).append(row)


class Reader(Protocol):
    """One language. `ordinary` are names of its own library."""

    def language(self, path: str) -> Language:
        """The grammar of a file."""
        ...

    def read(self, source: Source, root: Node) -> None:
        """Fill in what the tree says."""
        ...

    def ordinary(self) -> frozenset[str]:
        """Names of attributes that say nothing about the package."""
        ...

    def files(self, sources: dict[str, Source], path: str, module: str) -> list[str]:
        """The files that a module is, as `path` spells it; none of the package, none."""
        ...

    def shared(self, sources: dict[str, Source], path: str) -> list[str]:
        """Other files whose top-level names the file sees without an import."""
        ...


class SyntaxTruth:
    """The package's files as a reader finds them, and the targets of each row of each."""

    def __init__(self, files: dict[str, str], reader: Reader) -> None:
        self._reader = reader
        self._sources: dict[str, Source] = {}
        for path, text in sorted(files.items()):
            source = Source(path, text.split("\n"))
            reader.read(source, Parser(reader.language(path)).parse(text.encode()).root_node)
            self._sources[path] = source
        self._places: dict[str, list[Place]] = defaultdict(list)
        for source in self._sources.values():
            for name, rows in source.members.items():
                self._places[name] += [(source.path, row) for row in rows]

    def targets(self) -> Iterator[tuple[str, int, tuple[Target, ...]]]:
        """Every row that names something of another file: path, row, targets in the order of the line."""
        for source in self._sources.values():
            by_row: dict[int, dict[str, Target]] = defaultdict(dict)
            for use in source.uses:
                kind, places = self._meaning(source, use)
                if places and all(path != source.path for path, _ in places) and use.row not in source.import_rows:
                    known = tuple((path, self._sources[path].lines[row].strip()) for path, row in sorted(set(places)))
                    by_row[use.row].setdefault(use.name, Target(use.name, kind, known))
            for row in sorted(by_row):
                yield source.path, row, tuple(by_row[row].values())

    def _meaning(self, source: Source, use: Use) -> tuple[str, list[Place]]:
        if not use.receiver:
            return "import", self._plain(source, use.name)
        if use.receiver in source.imports and use.receiver not in source.bound | source.tops.keys():
            taken = source.imports[use.receiver]
            if modules := self._modules(source, taken):
                return "module", [place for it in modules for place in self._exported(it, use.name, 0)]
            return "member", self._member(source, use.receiver, use.name, 0)
        if use.receiver == "this" and use.owner:
            return "member", self._member(source, use.owner, use.name, 0)
        if use.receiver in self._shared_owners(source, use.receiver):
            return "member", self._member(source, use.receiver, use.name, 0)
        return "unique", self._unique(source, use.name)

    def _plain(self, source: Source, name: str) -> list[Place]:
        if name in source.bound or name in source.tops:
            return []
        if name in source.imports:
            taken = source.imports[name]
            found = self._reader.files(self._sources, source.path, taken.module)
            return [place for it in found for place in self._exported(it, taken.name, 0)] if taken.name else []
        return [
            (path, row)
            for path in self._reader.shared(self._sources, source.path)
            for row in self._sources[path].tops.get(name, [])
        ]

    def _shared_owners(self, source: Source, name: str) -> set[str]:
        if name in source.bound or name in source.tops:
            return set()
        shared = self._reader.shared(self._sources, source.path)
        return {name} if any(name in self._sources[path].owners for path in shared) else set()

    def _modules(self, source: Source, taken: Taken) -> list[str]:
        """The files of a module that was imported under a name."""
        if taken.name:
            inside = self._reader.files(self._sources, source.path, taken.module)
            passed = [self._sources[it].passed.get(taken.name) for it in inside]
            return [
                file
                for it, deeper in zip(inside, passed, strict=True)
                if deeper is not None and not deeper.name
                for file in self._reader.files(self._sources, it, deeper.module)
            ]
        return self._reader.files(self._sources, source.path, taken.module)

    def _exported(self, path: str, name: str, depth: int) -> list[Place]:
        """Where a name that a file exports is defined."""
        source = self._sources[path]
        if depth > DEEPEST:
            return []
        if name in source.tops:
            return [(path, row) for row in source.tops[name]]
        taken = source.passed.get(name)
        if taken is not None:
            found = self._reader.files(self._sources, path, taken.module)
            return [place for it in found for place in self._exported(it, taken.name, depth + 1)]
        for star in source.stars:
            for it in self._reader.files(self._sources, path, star):
                if it != path and (places := self._exported(it, name, depth + 1)):
                    return places
        return []

    def _member(self, source: Source, owner: str, name: str, depth: int) -> list[Place]:
        """Where a member of a class is defined: by the class, or by the first of those that it extends."""
        if depth > DEEPEST:
            return []
        known = source.owners.get(owner)
        if known is not None:
            if name in known.members:
                return [(source.path, row) for row in known.members[name]]
            for base in known.bases:
                if base != owner and (places := self._member(source, base, name, depth + 1)):
                    return places
            return []
        for path, row in self._plain(source, owner):
            there = self._sources[path]
            true_name = next((it for it, rows in there.tops.items() if row in rows and it in there.owners), None)
            if true_name and (places := self._member(there, true_name, name, depth + 1)):
                return places
        return []

    def _unique(self, source: Source, name: str) -> list[Place]:
        places = self._places.get(name, [])
        common = len(places) > MOST_PLACES or name in self._reader.ordinary() or len(name) < 3
        return [] if common or any(path == source.path for path, _ in places) else places


def text(node: Node | None) -> str:
    """A node's text."""
    return node.text.decode() if node is not None and node.text is not None else ""


def descend(node: Node) -> Iterator[Node]:
    """The node and all below it, in the order of the text."""
    pending = [node]
    while pending:
        it = pending.pop()
        yield it
        pending.extend(reversed(it.children))


def row(node: Node | None) -> int:
    """The row that a node begins in."""
    return node.start_point[0] if node is not None else 0
