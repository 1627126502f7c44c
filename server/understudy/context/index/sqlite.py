"""Reading the index of one workspace folder from its database, while another process writes it."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from understudy.context.index import bm25
from understudy.context.index import entry as packed
from understudy.context.index.edges import ends_in, split_tail
from understudy.context.index.entry import key
from understudy.context.index.reading import decoded
from understudy.context.index.record import Chunk, Definition, FileRecord, Use
from understudy.context.index.words import asked
from understudy.context.syntax.languages import EVERY_FAMILY

log = logging.getLogger(__name__)

CACHE_KIB = 8_000
AT_ONCE = 500
"""Values in one question; older SQLites take 999."""
MOST_RECORDS = 256
DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
MOST_ANSWERS = 16_384

T = TypeVar("T")


class SqliteIndex:
    """An `Index` of the database at `file`, which may not exist yet. Any thread may ask it.

    What was read is remembered until `changed` is called, by whoever hears that the database was written. What cannot
    be read is not known, and asked for again; that is logged once for each change, and `damaged` is called if it is the
    database's fault.
    """

    def __init__(self, file: Path | None = None, damaged: Callable[[], None] = lambda: None) -> None:
        self._file = file
        self._damaged = damaged
        self._revision = 0
        self._opened = 0
        self._connections = threading.local()
        self._failed = -1  # the revision of which a failure was logged
        self._failures = 0
        self.changed()

    def read_from(self, file: Path) -> None:
        """Read this database from now on, also if it is another one of the same name."""
        self._file = file
        self._opened += 1
        self.changed()

    def changed(self) -> None:
        """The database was written."""
        self._revision += 1
        self._records: dict[str, FileRecord | None] = {}
        self._answers: dict[tuple[object, ...], Any] = {}

    @property
    def revision(self) -> int:
        """Another number after each change."""
        return self._revision

    def paths(self) -> Sequence[str]:
        """Every file, sorted."""
        return self._remembered(self._paths)

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and self._remembered(self._number, path) is not None

    def ending(self, tail: str) -> tuple[str, ...]:
        """The files whose path ends in the whole parts `tail`, or whose folder does where it ends in `/`."""
        return self._remembered(self._ending, tail)

    def record(self, path: str) -> FileRecord | None:
        """What is known of one file."""
        known = self._records
        if path not in known:
            failures, record = self._failures, self._record(path)
            if self._failures != failures:
                return record
            if len(known) >= MOST_RECORDS:
                known.clear()
            known[path] = record
        return known[path]

    def text(self, path: str) -> str | None:
        """The text that the record was made from; None where the file has changed since or is gone."""
        rows = self._ask("SELECT modified, size FROM file WHERE path = ? AND digest NOT NULL", path)
        if not rows:
            return None
        try:
            state = Path(path).stat(follow_symlinks=False)
            if (state.st_mtime_ns, state.st_size) != rows[0]:
                return None
            return decoded(Path(path).read_bytes())
        except OSError:
            return None

    def defined(self, name: str, limit: int = 32, family: str = "") -> tuple[Definition, ...]:
        """The definitions of a name, sorted by path and row."""
        return self._remembered(self._defined, name, limit, family)

    def using(self, name: str, limit: int = 32, family: str = "") -> tuple[Use, ...]:
        """The files that use a name, sorted by path."""
        return self._remembered(self._using, name, limit, family)

    def targets(self, path: str) -> tuple[str, ...]:
        """The files that a file imports, in the order of its imports."""
        return self._remembered(self._targets, path)

    def importers(self, path: str, limit: int = 64) -> tuple[str, ...]:
        """The files that import a file, sorted."""
        return self._remembered(self._importers, path, limit)

    def links(self, path: str) -> Mapping[str, float]:
        """How strongly a file leans on others."""
        return self._remembered(self._links, path)

    def similar(self, words: Sequence[str], limit: int = 8) -> tuple[Chunk, ...]:
        """Stretches of files that hold these words, the best first (BM25). The rarest of them are looked for."""
        total, size = self._remembered(self._totals)
        found = bm25.candidates(asked(words), lambda word: self._remembered(self._holders, word), total)
        average = size / total if total else 0.0
        scored = [
            (-bm25.by_length(found[number], held, average), self._path(file), first, last)
            for number, file, first, last, held in self._many(
                "SELECT id, file, first, last, size FROM chunk WHERE id IN", list(found)
            )
        ]
        return tuple(Chunk(path, first, last, -score) for score, path, first, last in sorted(scored)[:limit])

    def _paths(self) -> tuple[str, ...]:
        return tuple(row[0] for row in self._ask("SELECT path FROM file WHERE digest NOT NULL ORDER BY id"))

    def _ending(self, tail: str) -> tuple[str, ...]:
        parts, folder = split_tail(tail)
        if not parts:
            return ()
        column = "folder" if folder else "tail"
        rows = self._ask(f"SELECT path FROM file WHERE {column} = ? AND digest NOT NULL ORDER BY path", parts[-1])
        return ends_in([row[0] for row in rows], parts, folder=folder)

    def _record(self, path: str) -> FileRecord | None:
        number = self._remembered(self._number, path)
        rows = self._ask("SELECT about, imports, refs FROM body WHERE file = ?", number)
        if not rows:
            return None
        about, imports, references = rows[0]
        definitions = self._ask("SELECT body FROM definition WHERE file = ? ORDER BY n", number)
        return packed.record(path, about, imports, references, (row[0] for row in definitions))

    def _defined(self, name: str, limit: int, family: str) -> tuple[Definition, ...]:
        rows = self._keyed("SELECT file, body FROM definition", "ORDER BY file, n", name, limit, family)
        return tuple(packed.definition(self._path(file), body) for file, body in rows)

    def _using(self, name: str, limit: int, family: str) -> tuple[Use, ...]:
        rows = self._keyed("SELECT file, rows FROM use", "ORDER BY file", name, limit, family)
        return tuple(Use(self._path(file), packed.rows(at)) for file, at in rows)

    def _keyed(self, what: str, order: str, name: str, limit: int, family: str) -> list[tuple[Any, ...]]:
        keys = [key(name, kin) for kin in ((family,) if family else EVERY_FAMILY)]
        return self._ask(f"{what} WHERE key IN ({', '.join('?' * len(keys))}) {order} LIMIT ?", *keys, limit)

    def _targets(self, path: str) -> tuple[str, ...]:
        number = self._remembered(self._number, path)
        rows = self._ask("SELECT target FROM edge WHERE source = ? ORDER BY n", number)
        return tuple(self._path(file) for (file,) in rows)

    def _importers(self, path: str, limit: int) -> tuple[str, ...]:
        number = self._remembered(self._number, path)
        rows = self._ask("SELECT source FROM edge WHERE target = ? ORDER BY source LIMIT ?", number, limit)
        return tuple(self._path(file) for (file,) in rows)

    def _links(self, path: str) -> Mapping[str, float]:
        rows = self._ask("SELECT body FROM link WHERE file = ?", self._remembered(self._number, path))
        return {self._path(file): weight for file, weight in packed.weights(rows[0][0])} if rows else {}

    def _totals(self) -> tuple[int, int]:
        """The number of chunks, and of the words in them."""
        rows = self._ask("SELECT count(*), total(size) FROM chunk")
        return rows[0] if rows else (0, 0)

    def _holders(self, word: str) -> list[int]:
        found = "SELECT rowid FROM words WHERE words MATCH ? LIMIT ?"
        return [row[0] for row in self._ask(found, f'"{word}"', bm25.COMMON + 1)]

    def _number(self, path: str) -> int | None:
        rows = self._ask("SELECT id FROM file WHERE path = ? AND digest NOT NULL", path)
        return rows[0][0] if rows else None

    def _path(self, number: int) -> str:
        return self._remembered(self._find_path, number)

    def _find_path(self, number: int) -> str:
        rows = self._ask("SELECT path FROM file WHERE id = ?", number)
        return rows[0][0] if rows else ""

    def _many(self, sql: str, values: Sequence[int]) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = []
        for first in range(0, len(values), AT_ONCE):
            some = values[first : first + AT_ONCE]
            found += self._ask(f"{sql} ({', '.join('?' * len(some))})", *some)
        return found

    def _remembered(self, ask: Callable[..., T], *about: object) -> T:
        known = self._answers
        question = (ask.__name__, *about)
        try:
            return known[question]  # type: ignore[no-any-return]
        except KeyError:
            pass
        failures, answer = self._failures, ask(*about)
        if self._failures != failures:
            return answer
        if len(known) >= MOST_ANSWERS:
            known.clear()
        known[question] = answer
        return answer

    def _ask(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            connection = self._connection()
            return connection.execute(sql, values).fetchall() if connection is not None else []
        except UnicodeEncodeError:  # a client's lone surrogate, or a file's name that is no UTF-8: not in the index
            return []
        except sqlite3.Error as failure:
            self._failures += 1
            if self._failed != self._revision:
                self._failed = self._revision
                log.warning("The index of the workspace cannot be read: %s", failure)
                if getattr(failure, "sqlite_errorcode", 0) & 0xFF in DAMAGE:
                    self._damaged()
            return []

    def _connection(self) -> sqlite3.Connection | None:
        mine = self._connections
        if getattr(mine, "opened", None) != self._opened:
            self.close()
            if self._file is None or not self._file.exists():
                return None
            uri = f"{self._file.absolute().as_uri()}?mode=ro"
            mine.connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=0.0)
            mine.connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            mine.opened = self._opened
        return mine.connection  # type: ignore[no-any-return]

    def close(self) -> None:
        """Let go of this thread's connection; another question makes another one."""
        connection = getattr(self._connections, "connection", None)
        if connection is not None:
            connection.close()
        self._connections.connection, self._connections.opened = None, None
