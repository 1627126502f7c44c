"""What one file defines, uses and imports, read from its tree by the queries of its language.

The queries (`grammars/<language>/{tags,imports}.scm`) say what is what; here is what all languages share: which
definition stands in which, which names are local to a function, and how a signature is cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from understudy.context.index.doc import doc
from understudy.context.index.found import Found, find, keep
from understudy.context.index.imports import imports
from understudy.context.index.nesting import Nested, nested
from understudy.context.index.record import Definition, FileRecord, Import
from understudy.context.index.references import references
from understudy.context.index.signature import rows, signature
from understudy.context.syntax.source import Source


@dataclass(frozen=True, slots=True)
class Part:
    """What a stretch of a file says by itself.

    `definitions` holds fields once for each time they are set. `extensions` are the bases that a class is given apart
    from its definition: row, dotted name of the class, bases. `packages` are rows and names.
    """

    definitions: tuple[Definition, ...] = ()
    references: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    imports: tuple[Import, ...] = ()
    extensions: tuple[tuple[int, str, tuple[str, ...]], ...] = ()
    packages: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """The bytes from `start` up to `end`, which are whole nodes, and those around them that patterns may look at."""

    start: int
    end: int
    around: tuple[int, int]


def extract(source: Source, path: str) -> FileRecord:
    """What a file defines, uses and imports. Broken code is read as well as it can be."""
    return record(source, path, read(source, path))


def read(source: Source, path: str, stretch: Stretch | None = None) -> Part:
    """What the whole file says, or a stretch of it."""
    whole = Stretch(0, len(source.data) + 1, (0, len(source.data)))
    stretch = stretch or whole
    found = find(source.matches("record", *stretch.around))
    within = nested(source, found.scopes)
    inside = [it for it in within if stretch.start <= it.scope.start < stretch.end]
    if stretch is not whole:
        keep(found, (stretch.start, stretch.end))
    return Part(
        tuple(_definitions(source, path, inside, found)),
        references(source, found, within),
        imports(source, found.imports),
        tuple(_extensions(source, inside)),
        tuple((node.start_point[0], source.node_text(node)) for node in found.packages),
    )


def record(source: Source, path: str, part: Part) -> FileRecord:
    """The record of a file of which `part` says everything."""
    bases: dict[str, list[str]] = {}
    for _, name, added in part.extensions:
        bases.setdefault(name, []).extend(added)
    return FileRecord(
        path,
        source.grammar.language.name,
        tuple(_extended(it, bases) for it in _once(part.definitions)),
        dict(sorted(part.references.items())),
        part.imports,
        part.packages[-1][1] if part.packages else "",
        source.rows,
    )


def _definitions(source: Source, path: str, inside: Sequence[Nested], found: Found) -> Iterator[Definition]:
    lines = source.lines
    imported = {
        captures[key][0].start_byte
        for captures in found.imports
        for key in ("import.name", "import.alias")
        if key in captures and "import.module" in captures
    }
    for it in inside:
        if it.kind is None or not it.names:
            continue
        first, last = rows(it.scope)
        header = signature(it.scope, lines, value=it.kind in ("constant", "field"))
        said = doc(it.scope, source, lines, first)
        bases = tuple(dict.fromkeys(source.node_text(base) for base in it.scope.bases))
        for node, name in zip(it.scope.names, it.names, strict=True):
            if name != "_" and node.start_byte not in imported:
                yield Definition(path, name, it.kind, it.parent, header, first, last, said, bases)


def _extensions(source: Source, inside: Sequence[Nested]) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    for it in inside:
        if it.scope.what == "extension" and it.scope.bases:
            yield it.scope.node.start_point[0], it.qualified, tuple(map(source.node_text, it.scope.bases))


def _once(definitions: Sequence[Definition]) -> Iterator[Definition]:
    """The definitions without fields that are set again."""
    fields: set[tuple[str, str]] = set()
    for it in definitions:
        if it.kind == "field":
            if (it.parent, it.name) in fields:
                continue
            fields.add((it.parent, it.name))
        yield it


def _extended(it: Definition, bases: Mapping[str, Sequence[str]]) -> Definition:
    added = bases.get(it.qualified) if it.kind == "class" and bases else None
    return replace(it, bases=tuple(dict.fromkeys((*it.bases, *added)))) if added else it
