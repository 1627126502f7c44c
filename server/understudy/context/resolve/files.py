"""Which of the workspace's files a path written in a source may mean.

Nothing here looks at the disk. Most build set-ups map names to folders by files that are not read here (`go.mod`,
`tsconfig.json`, `composer.json`); instead the end of the path is looked for, and the file nearest to the one that
imports is taken, which is right wherever the layout repeats the name.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Protocol

_SEPARATOR = os.sep
MAX_FOLDER = 32  # files of one folder that an import may stand for


class Files(Protocol):
    """The files of a workspace, as an `Index` has them."""

    def __contains__(self, path: object) -> bool:
        """Whether a file is known."""
        ...

    def ending(self, tail: str) -> tuple[str, ...]:
        """The files whose path ends in the whole parts `tail`, with `/` between them: `models/user.py`. A tail that
        ends in `/` is a folder's: the files that lie in it, not those of its own folders."""
        ...


def parts_of(path: str) -> list[str]:
    """The parts of a path of this system; the first is empty or a drive."""
    return path.split(_SEPARATOR)


def within(path: str, folder: str) -> bool:
    """Whether a path lies below a folder."""
    return path.startswith(folder) and path[len(folder) : len(folder) + 1] == _SEPARATOR


def folder_of(path: str) -> str:
    """The folder of a path, without a separator at its end."""
    return path.rpartition(_SEPARATOR)[0]


def name_of(path: str) -> str:
    """The last part of a path."""
    return path.rpartition(_SEPARATOR)[2]


def stem_of(path: str) -> str:
    """The last part of a path up to its first dot, but for a dot in front."""
    name = name_of(path)
    return name[0:1] + name[1:].partition(".")[0]


def joined(folder: str, relative: str) -> str:
    """`relative`, written with `/`, seen from `folder`. Nothing is looked up; `..` above the top stays at the top."""
    parts = parts_of(folder)
    for part in relative.split("/"):
        if part == "..":
            del parts[max(len(parts) - 1, 1) :]
        elif part not in ("", "."):
            parts.append(part)
    return _SEPARATOR.join(parts)


def shared(path: str, other: str) -> int:
    """The number of leading parts that two paths have in common."""
    count = 0
    for one, two in zip(parts_of(path), parts_of(other), strict=False):
        if one != two:
            break
        count += 1
    return count


def nearest_first(paths: Iterable[str], origin: str) -> list[str]:
    """The paths, those that share most leading parts with `origin` first, then the shorter, then by name."""
    return sorted(set(paths), key=lambda path: (-shared(path, origin), path.count(_SEPARATOR), path))


def first_of(files: Files, candidates: Iterable[str]) -> tuple[str, ...]:
    """The first of these paths that is a file of the workspace, or nothing."""
    return next(((path,) for path in candidates if path in files), ())


def first_ending(files: Files, tails: Iterable[str], origin: str) -> tuple[str, ...]:
    """The file nearest to `origin` that ends in the first of these tails that any file ends in, or nothing."""
    for tail in tails:
        if found := files.ending(tail):
            return (nearest_first(found, origin)[0],)
    return ()


def in_folder(files: Files, tails: Iterable[str], origin: str, suffixes: tuple[str, ...]) -> tuple[str, ...]:
    """The files with one of `suffixes` in the folder nearest to `origin` that ends in the first tail that any does."""
    for tail in tails:
        found = [path for path in files.ending(f"{tail}/") if path.endswith(suffixes)]
        if found:
            folder = folder_of(nearest_first(found, origin)[0])
            return tuple(sorted(path for path in found if folder_of(path) == folder)[:MAX_FOLDER])
    return ()
