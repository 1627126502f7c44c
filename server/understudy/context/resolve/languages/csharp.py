"""C#: a namespace is most often a folder below one that has the project's name."""

from __future__ import annotations

from collections.abc import Iterator

from understudy.context.index.record import EVERYTHING, FileRecord, Import
from understudy.context.resolve.files import Files, first_ending, in_folder


def targets(imported: Import, record: FileRecord, files: Files) -> tuple[str, ...]:
    """The file of a type, where one is named; else the files of the namespace's folder."""
    parts = [part for part in imported.module.split(".") if part]
    named = imported.name if imported.name != EVERYTHING else ""
    if named:
        parts.append(named)
    if not parts or parts[0] in ("System", "Microsoft"):
        return ()
    one = first_ending(files, (f"{tail}.cs" for tail in _tails(parts)), record.path) if named else ()
    return one or in_folder(files, _tails(parts), record.path, (".cs",))


def _tails(parts: list[str]) -> Iterator[str]:
    """`A.B.C`: A/B/C, then with the project's folder called `A.B` or `A.B.C`, then without the front."""
    yield "/".join(parts)
    for count in range(len(parts), 1, -1):
        yield "/".join([".".join(parts[:count]), *parts[count:]])
    yield from ("/".join(parts[start:]) for start in range(1, len(parts)))
