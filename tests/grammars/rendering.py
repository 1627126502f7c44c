"""A file's record as text, to be read and compared."""

from __future__ import annotations

from understudy.context.index.record import FileRecord, Import


def definitions(record: FileRecord) -> str:
    """Per definition a line with kind, name, bases, rows and documentation; below it the signature."""
    blocks = []
    for it in record.definitions:
        bases = f" ({', '.join(it.bases)})" if it.bases else ""
        doc = f"  # {it.doc}" if it.doc else ""
        signature = "".join(f"\n  | {line}" for line in it.signature.split("\n"))
        blocks.append(f"{it.kind} {it.qualified}{bases} {it.first}-{it.last}{doc}{signature}")
    return "\n".join(blocks)


def imports(record: FileRecord) -> str:
    """Per import a line: row, module, what is taken from it, and as what it is known."""
    return "\n".join(_import(it) for it in record.imports)


def _import(it: Import) -> str:
    taken = f" take {it.name}" if it.name else ""
    return f"{it.row}: {it.module or '(own)'}{taken}{f' as {it.alias}' if it.alias else ''}"


def references(record: FileRecord) -> str:
    """Per name a line with its rows."""
    return "\n".join(f"{name} {' '.join(map(str, rows))}" for name, rows in record.references.items())
