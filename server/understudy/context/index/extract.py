"""What one file defines, uses and imports, read from its tree by the queries of its language.

The queries (`grammars/<language>/{tags,imports}.scm`) say what is what; here is what all languages share: which
definition stands in which, which names are local to a function, and how a signature is cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from understudy.context.index.doc import doc
from understudy.context.index.found import Found, find
from understudy.context.index.imports import imports
from understudy.context.index.nesting import Nested, nested
from understudy.context.index.record import Definition, FileRecord
from understudy.context.index.references import references
from understudy.context.index.signature import rows, signature
from understudy.context.source import Source

if TYPE_CHECKING:
    import tree_sitter


def extract(source: Source, path: str) -> FileRecord:
    """What a file defines, uses and imports. Broken code is read as well as it can be."""
    found = find(source.matches("record", 0, len(source.data)))
    lines = source.text.split("\n")
    within = nested(source, found.scopes)
    return FileRecord(
        path,
        source.grammar.language.name,
        tuple(_definitions(source, path, lines, within, found)),
        references(source, found, within),
        imports(source, found.imports),
        source.node_text(found.package) if found.package is not None else "",
        len(lines) - (not lines[-1]),
    )


def _definitions(
    source: Source, path: str, lines: Sequence[str], within: Sequence[Nested], found: Found
) -> Iterator[Definition]:
    fields: set[tuple[str, str]] = set()
    imported = {
        captures[key][0].start_byte
        for captures in found.imports
        for key in ("import.name", "import.alias")
        if key in captures and "import.module" in captures
    }
    extensions: dict[str, list[tree_sitter.Node]] = {}
    for it in within:
        if it.scope.what == "extension":
            extensions.setdefault(it.qualified, []).extend(it.scope.bases)
    for it in within:
        if it.kind is None or not it.names:
            continue
        first, last = rows(it.scope)
        header = signature(it.scope, lines, value=it.kind in ("constant", "field"))
        said = doc(it.scope, source, lines, first)
        bases = [*it.scope.bases, *(extensions.get(it.qualified, ()) if it.kind == "class" else ())]
        names_of_bases = tuple(dict.fromkeys(source.node_text(base) for base in bases))
        for node, name in zip(it.scope.names, it.names, strict=True):
            if name == "_" or node.start_byte in imported:
                continue
            if it.kind == "field":
                if (it.parent, name) in fields:
                    continue  # assigned again
                fields.add((it.parent, name))
            yield Definition(path, name, it.kind, it.parent, header, first, last, said, names_of_bases)
