"""The files that a file imports, and how the end of a path is looked for: for every way of keeping an index."""

from __future__ import annotations

import os
from collections.abc import Iterable

from understudy.context.index.record import FileRecord
from understudy.context.resolve.files import Files
from understudy.context.resolve.targets import targets


def imported(record: FileRecord, files: Files) -> tuple[str, ...]:
    """The files that a file imports, each once, in the order of its imports."""
    return tuple(dict.fromkeys(target for it in record.imports for target in targets(it, record, files)))


def key_of(path: str) -> tuple[str, str]:
    """The name of a file and that of its folder: one of them is known of every tail that may be asked for."""
    folder, _, name = path.rpartition(os.sep)
    return name, folder.rpartition(os.sep)[2]


def split_tail(tail: str) -> tuple[tuple[str, ...], bool]:
    """The parts of a tail, and whether it is a folder's (it ends in `/`)."""
    return tuple(part for part in tail.split("/") if part), tail.endswith("/")


def ends_in(paths: Iterable[str], parts: tuple[str, ...], *, folder: bool) -> tuple[str, ...]:
    """Those of `paths` that end in these parts, or whose folder does."""
    tail = "".join(f"{os.sep}{part}" for part in parts)
    if folder:
        return tuple(path for path in paths if path[: path.rfind(os.sep)].endswith(tail))
    return tuple(path for path in paths if path.endswith(tail))
