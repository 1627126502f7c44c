"""The databases of workspace folders that are gone, or that nobody has opened for a long time: they are removed."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection
from contextlib import closing, suppress
from pathlib import Path

from understudy.context.index.store import remove
from understudy.core.lock import try_lock

UNUSED_DAYS = 90
PROBLEM = ".problem"
"""What the file beside a database ends in that says why it cannot be kept."""


def remove_old(folder: Path, own: Collection[Path], now: float) -> list[Path]:
    """Remove those of `folder`, but for `own` and for what another process keeps; `now` is in seconds since 1970."""
    removed = []
    for file in sorted(folder.glob("*.sqlite")):
        if file in own:
            continue
        with suppress(OSError):  # it is gone, or must not be removed
            used = last_used(file)  # before the lock, whose file may be made by taking it
            lock = try_lock(file.with_suffix(".lock"))
            if lock is None:
                continue
            old = False
            try:
                old = now - used > UNUSED_DAYS * 86400 or _gone(_root_of(file))
                if old:
                    remove(file)
                    file.with_suffix(PROBLEM).unlink(missing_ok=True)
                    removed.append(file)
            finally:
                lock.release(remove=old)
    return removed


def last_used(file: Path) -> float:
    """When a database was opened by its keeper or written, whichever was later; seconds since 1970."""
    files = file, file.with_name(f"{file.name}-wal"), file.with_suffix(".lock")
    return max(it.stat().st_mtime for it in files if it.exists())


def _root_of(file: Path) -> str | None:
    """The workspace folder of a database; None where it does not say."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=0.0)) as database:
            row = database.execute("SELECT value FROM meta WHERE name = 'root'").fetchone()
    except sqlite3.Error:
        return None
    return os.fsdecode(row[0]) if row is not None else None


def _gone(root: str | None) -> bool:
    if root is None:
        return False
    try:
        Path(root).stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:  # it is there, and cannot be looked at just now
        return False
    return False
