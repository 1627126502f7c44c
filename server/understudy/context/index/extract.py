"""What one file defines, uses and imports, read from its tree by the queries of its language.

The queries (`grammars/<language>/{tags,imports}.scm`) say what is what; here is what all languages share: which
definition stands in which, which names are local to a function, and how a signature is cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from understudy.context.index.doc import doc
from understudy.context.index.found import find
from understudy.context.index.imports import imports
from understudy.context.index.nesting import Nested, nested
from understudy.context.index.record import Definition, FileRecord
from understudy.context.index.references import references
from understudy.context.index.signature import rows, signature
from understudy.context.source import Source


def extract(source: Source, path: str) -> FileRecord:
    """What a file defines, uses and imports. Broken code is read as well as it can be."""
    found = find(source.matches("record", 0, len(source.data)))
    lines = source.text.split("\n")
    within = nested(source, found.scopes)
    return FileRecord(
        path,
        source.grammar.language.name,
        tuple(_definitions(source, path, lines, within)),
        references(source, found, within),
        imports(source, found.imports),
        source.node_text(found.package) if found.package is not None else "",
        len(lines) - (not lines[-1]),
    )


def _definitions(source: Source, path: str, lines: Sequence[str], within: Iterable[Nested]) -> Iterator[Definition]:
    fields: set[tuple[str, str]] = set()
    for it in within:
        if it.kind is None:
            continue
        first, last = rows(it.scope)
        header = signature(it.scope, lines, value=it.kind in ("constant", "field"))
        said = doc(it.scope, source, lines, first)
        bases = tuple(dict.fromkeys(source.node_text(base) for base in it.scope.bases))
        for name in it.names:
            if it.kind == "field":
                if (it.parent, name) in fields:
                    continue  # assigned again
                fields.add((it.parent, name))
            yield Definition(path, name, it.kind, it.parent, header, first, last, said, bases)
