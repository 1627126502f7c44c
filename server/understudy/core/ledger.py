"""The file that keeps the statistics: a small SQLite database, written in the background.

Nothing depends on it, so that no trouble with it ever reaches a request: a locked file is tried again, a broken one is
put aside, and on a full disk or in a folder that cannot be written the counting ends with one line in the log.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import astuple, fields
from pathlib import Path

from understudy.core.paths import data_dir
from understudy.core.statistics import Acceptance, Answer, Energy, EngineRequest, Event, Fixed, Retention, Suggested

log = logging.getLogger(__name__)

GATHER_SECONDS = 1.0  # events of a second go into one transaction
BUSY_SECONDS = 1.0
PENDING = 20_000  # events that wait at most; then the oldest are dropped
KEPT_DAYS = 180

TABLES: dict[type[Event], str] = {
    Answer: "answers",
    Suggested: "suggestions",
    Acceptance: "acceptances",
    Retention: "retentions",
    Fixed: "fixes",
    EngineRequest: "requests",
    Energy: "energy",
}

# Step n leads from `PRAGMA user_version` n to n + 1. Steps are only ever added.
MIGRATIONS = (
    """
    CREATE TABLE answers (at REAL NOT NULL, result TEXT NOT NULL, offered INTEGER NOT NULL, language TEXT NOT NULL,
        total_ms REAL NOT NULL, first_token_ms REAL, prompt_tokens INTEGER, cached_tokens INTEGER,
        completion_tokens INTEGER);
    CREATE TABLE suggestions (at REAL NOT NULL, language TEXT NOT NULL);
    CREATE TABLE acceptances (at REAL NOT NULL, language TEXT NOT NULL, whole INTEGER NOT NULL,
        length INTEGER NOT NULL);
    CREATE TABLE retentions (at REAL NOT NULL, language TEXT NOT NULL, after INTEGER NOT NULL, share REAL NOT NULL);
    CREATE INDEX answers_at ON answers (at);
    CREATE INDEX suggestions_at ON suggestions (at);
    CREATE INDEX acceptances_at ON acceptances (at);
    CREATE INDEX retentions_at ON retentions (at);
    """,
    # Tokens stand in `requests` from here on. Their columns in `answers` stay empty: SQLite before 3.35 drops none.
    """
    CREATE TABLE requests (at REAL NOT NULL, lane TEXT NOT NULL, model TEXT NOT NULL, prompt_tokens INTEGER NOT NULL,
        cached_tokens INTEGER, completion_tokens INTEGER NOT NULL, seconds REAL NOT NULL);
    CREATE TABLE energy (at REAL NOT NULL, board TEXT NOT NULL, joules REAL NOT NULL, seconds REAL NOT NULL);
    CREATE INDEX requests_at ON requests (at);
    CREATE INDEX energy_at ON energy (at);
    INSERT INTO requests SELECT at, 'typing', '', prompt_tokens, cached_tokens, coalesce(completion_tokens, 0),
        total_ms / 1000 FROM answers WHERE prompt_tokens IS NOT NULL;
    """,
    """
    CREATE TABLE fixes (at REAL NOT NULL, action TEXT NOT NULL, result TEXT NOT NULL, language TEXT NOT NULL,
        seconds REAL NOT NULL);
    CREATE INDEX fixes_at ON fixes (at);
    """,
)

BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class NewerLedger(sqlite3.DatabaseError):
    """The file was written by a newer Understudy."""


def ledger_file() -> Path:
    """Where the statistics are."""
    return data_dir() / "statistics.sqlite"


def kept_file(*, enabled: bool) -> Path | None:
    """Where the statistics are kept, unless they are switched off."""
    return ledger_file() if enabled else None


def open_ledger(file: Path, busy_seconds: float = BUSY_SECONDS) -> sqlite3.Connection:
    """The database, made or brought up to date where needed. Raises `sqlite3.Error` and `OSError`."""
    file.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(file, timeout=busy_seconds, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        with transaction(connection):
            _migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, and the write lock from the start, so that two windows wait for each other instead of failing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _migrate(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise NewerLedger(f"the statistics are of version {version}, and this Understudy knows {len(MIGRATIONS)}")
    for step in MIGRATIONS[version:]:
        for statement in filter(str.strip, step.split(";")):
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


class Ledger:
    """A `core.statistics.Recorder` whose thread writes what came within a second. `clock` gives seconds since 1970."""

    def __init__(
        self,
        file: Path,
        clock: Callable[[], float] = time.time,
        *,
        gather: float = GATHER_SECONDS,
        busy: float = BUSY_SECONDS,
    ) -> None:
        self._file = file
        self._clock = clock
        self._gather = gather
        self._busy = busy
        self._pending: deque[tuple[float, Event]] = deque(maxlen=PENDING)
        self._connection: sqlite3.Connection | None = None
        self._thread: threading.Thread | None = None
        self._waiting = threading.Event()
        self._closing = threading.Event()
        self._writing = threading.Lock()
        self._put_aside = False

    def record(self, event: Event) -> None:
        """Count one event: a moment's work, the writing is done elsewhere."""
        if self._closing.is_set():
            return
        self._pending.append((self._clock(), event))
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="statistics", daemon=True)
            self._thread.start()
        self._waiting.set()

    def flush(self) -> None:
        """Write what waits, in the caller's thread."""
        self._write()

    def close(self) -> None:
        """Write what waits and close the file."""
        self._closing.set()
        self._waiting.set()
        if self._thread is not None:
            self._thread.join()
        self._write()
        self._disconnect()

    def _work(self) -> None:
        while not self._closing.is_set():
            self._waiting.wait()
            self._closing.wait(self._gather)
            self._waiting.clear()
            self._write()

    def _write(self) -> None:
        with self._writing:
            batch = [self._pending.popleft() for _ in range(len(self._pending))]
            if not batch:
                return
            try:
                self._insert(batch)
            except (sqlite3.Error, OSError) as error:
                self._recover(error, batch)

    def _insert(self, batch: list[tuple[float, Event]]) -> None:
        if self._connection is None:
            self._connection = open_ledger(self._file, self._busy)
            self._prune(self._connection)
        with transaction(self._connection):
            for kind, table in TABLES.items():
                rows = [(at, *astuple(event)) for at, event in batch if isinstance(event, kind)]
                columns = ["at", *(field.name for field in fields(kind))]
                places = ", ".join("?" * len(columns))
                self._connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)

    def _prune(self, connection: sqlite3.Connection) -> None:
        oldest = self._clock() - KEPT_DAYS * 86400
        with transaction(connection):
            for table in TABLES.values():
                connection.execute(f"DELETE FROM {table} WHERE at < ?", (oldest,))

    def _recover(self, error: sqlite3.Error | OSError, batch: list[tuple[float, Event]]) -> None:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the primary code, without the extension
        if code in BROKEN and not self._put_aside:
            self._put_aside = True
            self._disconnect()
            try:
                put_aside(self._file)
            except OSError as refused:
                self._give_up(refused)
                return
        elif code not in BUSY:
            self._give_up(error)
            return
        self._pending.extendleft(reversed(batch))
        self._waiting.set()

    def _give_up(self, error: Exception) -> None:
        log.warning("Statistics are no longer kept (%s): %s", self._file, error)
        self._closing.set()
        self._pending.clear()
        self._disconnect()

    def _disconnect(self) -> None:
        if self._connection is not None:
            with closing(self._connection):
                self._connection = None


def put_aside(file: Path) -> None:
    """Rename a broken database, so that a new one can be begun and nothing is thrown away."""
    kept = file.with_suffix(".broken.sqlite")
    log.warning("The statistics in %s are damaged; they are kept as %s and begun anew.", file, kept)
    for suffix in ("-wal", "-shm"):
        Path(f"{file}{suffix}").unlink(missing_ok=True)
    if file.exists():
        file.replace(kept)
