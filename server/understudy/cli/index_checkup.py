"""What `understudy doctor` says of the indexes of workspaces: how many files each knows, its size and its age."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import time

from understudy.cli.checkup import Finding, Level, folder
from understudy.cli.indexing import index_folder
from understudy.core.settings import Settings

LISTED = 5  # the last written
SUFFIX = ".sqlite"
UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"))


def index_findings(settings: Settings) -> Iterator[Finding]:
    """The indexes that are kept, the last written first."""
    if not settings.context.index:
        yield Finding("index", "`context.index` is switched off: files that are not open are not read", Level.NOTE)
    databases = sorted(index_folder().glob(f"*{SUFFIX}"), key=_written, reverse=True)
    if not databases:
        if settings.context.index:
            yield Finding("index", "no workspace was read yet; an editor does so when it opens a folder")
        return
    if (trouble := folder("index folder", index_folder())).level is not Level.OK:
        yield replace(trouble, level=Level.NOTE)  # completions work without it
    whole = sum(map(_size, databases))
    kept = f"{len(databases)} workspace{'' if len(databases) == 1 else 's'}, {whole / 1e6:,.0f} MB"
    yield Finding("index", f"{kept} in {index_folder()}; delete the folder to have them read again")
    for database in databases[:LISTED]:
        yield of_one(database)


def of_one(database: Path) -> Finding:
    """One workspace folder's index."""
    from understudy.context.index.old import PROBLEM
    from understudy.context.index.sqlite import SqliteIndex

    name = database.stem.rpartition("-")[0]
    damaged: list[bool] = []
    files = SqliteIndex(database, lambda: damaged.append(True)).paths()
    if damaged:
        return Finding(f"index of {name}", f"{database} is damaged", Level.NOTE, "It is made again at the next start.")
    below = f" below {os.path.commonpath([os.path.dirname(files[0]), files[-1]])}" if files else ""  # noqa: PTH120
    state = f"{_size(database) / 1e6:,.1f} MB, written {_ago(time() - _written(database))}"
    known = f"{len(files):,} files{below}, {state}"
    with suppress(OSError):
        problem = database.with_suffix(PROBLEM).read_text(encoding="utf-8", errors="replace")
        return Finding(f"index of {name}", known, Level.NOTE, problem)
    return Finding(f"index of {name}", known)


def _parts(database: Path) -> list[os.stat_result]:
    """The states of a database's files: it and its log, if they are there."""
    files = (database, database.with_name(f"{database.name}-wal"))
    return [file.stat() for file in files if file.exists()]


def _size(database: Path) -> int:
    return sum(state.st_size for state in _parts(database))


def _written(database: Path) -> float:
    return max((state.st_mtime for state in _parts(database)), default=0.0)


def _ago(seconds: float) -> str:
    for size, name in UNITS:
        if (number := int(seconds // size)) > 0:
            return f"{number} {name}{'' if number == 1 else 's'} ago"
    return "just now"
