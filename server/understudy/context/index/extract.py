"""What one file defines, uses and imports, read from its tree by the queries of its language.

The queries (`grammars/<language>/{tags,imports}.scm`) say what is what; here is what all languages share: which
definition stands in which, which names are local to a function, and how a signature is cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from understudy.context.index.doc import doc
from understudy.context.index.found import Found, find
from understudy.context.index.imports import imports
from understudy.context.index.nesting import Nested, nested
from understudy.context.index.record import Definition, FileRecord
from understudy.context.index.references import references
from understudy.context.index.signature import rows, signature
from understudy.context.syntax.source import Source


def extract(source: Source, path: str) -> FileRecord:
    """What a file defines, uses and imports. Broken code is read as well as it can be."""
    found = find(source.matches("record", 0, len(source.data)))
    within = nested(source, found.scopes)
    bases: dict[str, list[str]] = {}
    for name, added in _extensions(source, within):
        bases.setdefault(name, []).extend(added)
    definitions = tuple(_definitions(source, path, within, found))
    return FileRecord(
        path,
        source.grammar.language.name,
        tuple(_extended(it, bases) for it in _once(definitions)),
        dict(sorted(references(source, found, within).items())),
        imports(source, found.imports),
        source.node_text(found.packages[-1]) if found.packages else "",
        source.rows,
    )


def _definitions(source: Source, path: str, within: Sequence[Nested], found: Found) -> Iterator[Definition]:
    lines = source.lines
    imported = {
        captures[key][0].start_byte
        for captures in found.imports
        for key in ("import.name", "import.alias")
        if key in captures and "import.module" in captures
    }
    for it in within:
        if it.kind is None or not it.names:
            continue
        first, last = rows(it.scope)
        header = signature(it.scope, lines, value=it.kind in ("constant", "field"))
        said = doc(it.scope, source, lines, first)
        bases = tuple(dict.fromkeys(source.node_text(base) for base in it.scope.bases))
        for node, name in zip(it.scope.names, it.names, strict=True):
            if name != "_" and node.start_byte not in imported:
                yield Definition(path, name, it.kind, it.parent, header, first, last, said, bases)


def _extensions(source: Source, within: Sequence[Nested]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The dotted names of classes that are given bases apart from their definition, with these."""
    for it in within:
        if it.scope.what == "extension" and it.scope.bases:
            yield it.qualified, tuple(map(source.node_text, it.scope.bases))


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
