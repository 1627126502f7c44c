"""The database of one workspace folder in the indexer: opened by one process at a time, made anew when it is damaged,
kept somewhere else when its place cannot be written."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
import zlib
from collections.abc import Callable
from contextlib import closing, suppress
from hashlib import blake2b
from pathlib import Path
from time import monotonic

from understudy.context.index.folder import Folder
from understudy.context.index.old import PROBLEM
from understudy.context.index.store import Store, remove
from understudy.core.lock import Lock, try_lock

FAILURES = (sqlite3.Error, zlib.error, json.JSONDecodeError)
FOLLOW_SECONDS = 1.0
PATIENCE_SECONDS = 30.0
"""So long after its last word another process is taken to read on; to link a big folder takes a part of that."""
NO_ROOM = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
NO_RIGHT = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)
ROOM = "Make room, or the folder writable, and restart the server."

Say = Callable[[dict[str, object]], None]
Make = Callable[[Path, Store], Folder]


def database_of(root: Path, folder: Path) -> Path:
    """Where the index of a workspace folder is kept."""
    digest = blake2b(str(root).encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()
    return folder / f"{root.name or 'root'}-{digest}.sqlite"


class Kept:
    """The database at `file` of the workspace folder `root`, and its `folder` while this process keeps it.

    Where another process keeps it, that one is waited for until it has read everything once, unless it writes nothing
    for `patience` seconds.
    """

    def __init__(self, root: Path, file: Path, make: Make, say: Say, patience: float = PATIENCE_SECONDS) -> None:
        self.root = root
        self.folder: Folder | None = None
        self._file = file
        self._make = make
        self._say = say
        self._lock: Lock | None = None
        self._again = 0.0
        self._patience = patience
        self._seen: object = None
        self._seen_at = monotonic()
        self._complete = False  # as another process keeps it
        self._renewed = False
        self._given_up = False
        self._temporary: Path | None = None
        self._note = file.with_suffix(PROBLEM)  # for `understudy doctor`
        self._noted = False  # that there is no problem
        self._unreadable = ""

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do; also where another process does it."""
        return self.folder.settled if self.folder is not None else self._given_up or self._complete

    def open(self) -> None:
        """Begin to keep the database, unless another process does; then look whether it has written."""
        if self.folder is not None or self._given_up or monotonic() < self._again:
            return
        self._again = monotonic() + FOLLOW_SECONDS
        try:
            self._lock = self._lock or try_lock(self._file.with_suffix(".lock"))
            if self._lock is None:
                self._follow()
                return
            self.folder = self._make(self.root, self._store(self._lock))
            self._say({"open": str(self.root), "file": str(self._file)})
        except FAILURES as failure:
            self._failed(failure)
        except OSError as failure:
            self._elsewhere(failure)

    def act(self, act: Callable[[Folder], None]) -> None:
        """Do something with the folder, if this process keeps it."""
        if self.folder is not None:
            try:
                act(self.folder)
            except FAILURES as failure:
                self._failed(failure)
            else:
                self._look(self.folder)

    def damaged(self) -> None:
        """A reader has found the database damaged. Only who keeps it makes it anew: it is being written."""
        if self.folder is not None:
            self._failed(sqlite3.DatabaseError("a reader found it damaged"))

    def close(self) -> None:
        """Let go of the database."""
        self._leave()
        self._release()
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)

    def _leave(self) -> None:
        if self.folder is not None:
            self.folder.close()
            self.folder = None

    def _store(self, lock: Lock) -> Store:
        """The database, marked as used by now and with the folder that it is of (see `old`)."""
        store = Store(self._file)
        if store.meta("root") != (root := os.fsencode(self.root)):
            store.say("root", root)
        os.utime(lock.path)
        return store

    def _look(self, folder: Folder) -> None:
        """Say what keeps the workspace folder itself from being read, once."""
        reason, self._unreadable = self._unreadable, folder.unreadable
        if folder.unreadable and folder.unreadable != reason:
            self._problem(f"{self.root} cannot be read ({folder.unreadable}).", "Open a folder that can be.")
        elif folder.looked and not folder.unreadable:
            self._well()

    def _well(self) -> None:
        if not self._noted:
            self._noted = True
            with suppress(OSError):
                self._note.unlink(missing_ok=True)

    def _release(self) -> None:
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.release()

    def _failed(self, failure: Exception) -> None:
        code = getattr(failure, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        self._leave()
        if code in NO_RIGHT:
            self._elsewhere(failure)
        elif code in NO_ROOM or self._renewed:
            self._give_up(f"What is known of {self.root} cannot be written to {self._file} ({failure}).")
        else:
            self._renewed = True
            self._again = 0.0
            try:
                remove(self._file)
            except OSError as refused:
                self._elsewhere(refused)

    def _elsewhere(self, failure: Exception) -> None:
        """Keep the database for as long as this process runs, where temporary files are."""
        if self._temporary is None:
            with suppress(OSError):
                self._temporary = Path(tempfile.mkdtemp(prefix="understudy-index-"))
                self._problem(
                    f"{self._file.parent} cannot be written ({failure}), so that files are read at each start."
                )
                self._release()
                self._file, self._again = self._temporary / self._file.name, 0.0
                return
        self._give_up(f"What is known of {self.root} can be kept nowhere ({failure}).")

    def _give_up(self, problem: str) -> None:
        self._given_up = True
        self._release()  # others would wait for what this process does not write
        self._problem(problem)

    def _problem(self, problem: str, remedy: str = ROOM) -> None:
        sentence = f"{problem} {remedy}"
        self._say({"problem": sentence})
        self._noted = False
        with suppress(OSError):  # what there is no room for, `understudy doctor` does not know
            self._note.write_text(sentence, encoding="utf-8", errors="replace")

    def _follow(self) -> None:
        before = self._seen
        with suppress(OSError):  # there is none yet
            written = self._file.with_name(f"{self._file.name}-wal").stat()
            self._seen = self._file.stat().st_ino, written.st_mtime_ns, written.st_size
        if self._seen != before:
            self._seen_at = monotonic()
            if not isinstance(before, tuple) or not isinstance(self._seen, tuple) or before[0] != self._seen[0]:
                self._say({"open": str(self.root), "file": str(self._file)})
            else:
                self._say({"changed": str(self.root)})
        # Once is enough: what it does later is little, and seen when it is done.
        self._complete |= linked(self._file) or monotonic() - self._seen_at > self._patience


def linked(file: Path) -> bool:
    """Whether a database says that everything was read and linked."""
    try:
        database = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=0.0)
        with closing(database):
            return bool(database.execute("SELECT 1 FROM meta WHERE name = 'linked' AND value = 1").fetchall())
    except sqlite3.Error:  # it is not there, or just being made
        return False
