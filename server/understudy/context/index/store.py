"""Writing the index of one workspace folder: an SQLite database, written by one process and read by many.

Nothing here decides what is written when; see `indexer`. Every method may raise `sqlite3.Error`.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from understudy.context.index import entry as packed
from understudy.context.index.edges import key_of
from understudy.context.index.entry import Entry, key
from understudy.context.index.scan import Found
from understudy.context.syntax.grammar_files import grammar_root
from understudy.context.syntax.languages import LANGUAGES, family

CACHE_KIB = 24_000
GAP = 1 << 32
"""Between the numbers of two files; a number for a file between them is found so many halvings long."""
SCHEMA = Path(__file__).with_name("schema.sql")

Known = tuple[int, int, int, bytes | None]
"""Of a file: number, time of the last change, size, digest."""


class Full(Exception):
    """No number is free between two files."""


class Store:
    """The database at `file`, open for writing. `fresh` says that it was made anew."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._database = sqlite3.connect(file, isolation_level=None, timeout=5.0)
        try:
            self._ask(f"PRAGMA cache_size = -{CACHE_KIB}")
            self._ask("PRAGMA journal_mode = WAL")
            self._ask("PRAGMA synchronous = NORMAL")
            self.fresh = self.meta("stamp") != stamp()
            if self.fresh:
                self._make()
        except BaseException:
            self._database.close()
            raise

    def close(self) -> None:
        """Write what is begun, and let go."""
        with suppress(sqlite3.Error):
            self.commit()
        self._database.close()

    def begin(self) -> None:
        """Make what follows visible only by the next `commit`."""
        if not self._database.in_transaction:
            self._ask("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Make all that was written visible."""
        if self._database.in_transaction:
            self._ask("COMMIT")

    def meta(self, name: str) -> object:
        """A value of the table `meta`; None where there is none, nor a table."""
        try:
            row = self._ask("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        except sqlite3.OperationalError:
            return None
        return row[0] if row is not None else None

    def say(self, name: str, value: object) -> None:
        """Set a value of the table `meta`."""
        self._ask("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def known(self) -> dict[str, Known]:
        """Every file that was looked at, in the order of paths."""
        rows = self._ask("SELECT path, id, modified, size, digest FROM file ORDER BY id")
        return {path: rest for path, *rest in map(tuple, rows)}  # type: ignore[misc]

    def look(self, number: int, found: Found, digest: bytes | None, unfit: str | None = None) -> None:
        """Say that a file was looked at."""
        row = number, found.path, *key_of(found.path), found.modified, found.size, digest, unfit
        self._ask("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

    def put(self, number: int, it: Entry) -> None:
        """Write a file's entry, of which there is none."""
        ask, every = self._database.execute, self._database.executemany
        ask(
            "INSERT INTO body VALUES (?, ?, ?, ?, ?, ?)",
            (number, it.about, it.imports, it.leanings, it.references, it.spelling),
        )
        every(
            "INSERT INTO definition VALUES (?, ?, ?, ?)", ((number, n, *rest) for n, rest in enumerate(it.definitions))
        )
        every("INSERT INTO use VALUES (?, ?, ?)", ((name, number, rows) for name, rows in it.uses))
        for first, last, words in it.chunks:
            size = len(words.split())
            chunk = ask("INSERT INTO chunk VALUES (NULL, ?, ?, ?, ?)", (number, first, last, size)).lastrowid
            ask("INSERT INTO words (rowid, held) VALUES (?, ?)", (chunk, words))

    def take(self, number: int) -> None:
        """Take a file's entry out, if there is one, and what it leans on; what leans on it stays."""
        row = self._ask("SELECT about, refs, spelling FROM body WHERE file = ?", (number,)).fetchone()
        if row is None:
            return
        about, references, spelling = row
        kin = family(packed.language_of(about))
        keys = ((key(name, kin), number) for name in packed.names(references))
        self._database.executemany("DELETE FROM use WHERE key = ? AND file = ?", keys)
        chunks = self._ask("SELECT id FROM chunk WHERE file = ? ORDER BY first", (number,)).fetchall()
        out = "INSERT INTO words (words, rowid, held) VALUES ('delete', ?, ?)"
        words = packed.spelled(spelling)
        self._database.executemany(out, ((chunk, held) for (chunk,), held in zip(chunks, words, strict=False)))
        for table, column in (
            ("body", "file"),
            ("definition", "file"),
            ("chunk", "file"),
            ("edge", "source"),
            ("link", "file"),
        ):
            self._ask(f"DELETE FROM {table} WHERE {column} = ?", (number,))

    def forget(self, number: int) -> None:
        """Take a file out altogether."""
        self.take(number)
        self._ask("DELETE FROM file WHERE id = ?", (number,))
        self._ask("DELETE FROM edge WHERE target = ?", (number,))

    def copy(self, digest: bytes, suffix: str) -> Entry | None:
        """The entry of a file with this content and a path that ends in `suffix`."""
        like = "SELECT id FROM file WHERE digest = ? AND substr(tail, -length(?)) = ? ORDER BY id LIMIT 1"
        row = self._ask(like, (digest, suffix, suffix)).fetchone()
        if row is None:
            return None
        number = row[0]
        about, imports, leanings, references, spelling = self._ask(
            "SELECT about, imports, leanings, refs, spelling FROM body WHERE file = ?", (number,)
        ).fetchone()
        definitions = self._ask("SELECT key, body FROM definition WHERE file = ? ORDER BY n", (number,)).fetchall()
        uses = packed.uses(json.loads(references), family(packed.language_of(about)))
        rows = self._ask("SELECT first, last FROM chunk WHERE file = ? ORDER BY first", (number,)).fetchall()
        chunks = [(first, last, held) for (first, last), held in zip(rows, packed.spelled(spelling), strict=False)]
        return Entry(digest, about, imports, references, definitions, uses, leanings, chunks, spelling)

    def names_defined(self, number: int) -> set[int]:
        """The keys of the names that a file defines."""
        return {row[0] for row in self._ask("SELECT key FROM definition WHERE file = ?", (number,))}

    def users(self, name: int) -> list[int]:
        """The files that use a name, by its key."""
        return [row[0] for row in self._ask("SELECT file FROM use WHERE key = ?", (name,))]

    def definers(self, name: int, most: int) -> list[int]:
        """The files that define a name, sorted, at most `most`."""
        rows = self._ask("SELECT DISTINCT file FROM definition WHERE key = ? ORDER BY file LIMIT ?", (name, most))
        return [row[0] for row in rows]

    def every_definition(self) -> Iterator[tuple[int, int]]:
        """All keys with the files that define them, in this order; a pair may come several times."""
        return self._ask("SELECT key, file FROM definition INDEXED BY definition_key ORDER BY key, file")

    def importing(self) -> Iterator[tuple[int, str, str, str]]:
        """Number, path, and the JSON of language, package and imports of every file that is in the index."""
        return self._ask("SELECT id, path, about, imports FROM file JOIN body ON body.file = id ORDER BY id")

    def imports(self, number: int) -> tuple[str, str] | None:
        """The JSON of language, package and imports of a file."""
        row: tuple[str, str] | None = self._ask("SELECT about, imports FROM body WHERE file = ?", (number,)).fetchone()
        return row

    def leanings(self, number: int) -> tuple[str, list[tuple[int, float]]] | None:
        """A file's language and the keys of the names by which it leans on others, with their weights; None of a file
        without entry."""
        row = self._ask("SELECT about, leanings FROM body WHERE file = ?", (number,)).fetchone()
        return (packed.language_of(row[0]), packed.weights(row[1])) if row is not None else None

    def importers(self, number: int) -> list[int]:
        """The files that import a file."""
        return [row[0] for row in self._ask("SELECT source FROM edge WHERE target = ?", (number,))]

    def targets(self, number: int) -> list[int]:
        """The files that a file imports, in order."""
        return [row[0] for row in self._ask("SELECT target FROM edge WHERE source = ? ORDER BY n", (number,))]

    def set_targets(self, number: int, targets: Sequence[int]) -> None:
        """Say which files a file imports."""
        self._ask("DELETE FROM edge WHERE source = ?", (number,))
        rows = ((number, n, target) for n, target in enumerate(targets))
        self._database.executemany("INSERT INTO edge VALUES (?, ?, ?)", rows)

    def set_links(self, number: int, links: Mapping[int, float]) -> None:
        """Say how strongly a file leans on which."""
        self._ask("INSERT OR REPLACE INTO link VALUES (?, ?)", (number, packed.weighted(links.items())))

    def optimize(self) -> None:
        """Merge what the search by words was written in, which makes it several times as fast."""
        self._ask("INSERT INTO words (words) VALUES ('optimize')")

    def renumber(self) -> None:
        """Space the files' numbers evenly again. What leans on what has to be found anew."""
        self.begin()
        self._ask("CREATE TEMP TABLE moved (old INTEGER PRIMARY KEY, new INTEGER NOT NULL)")
        self._ask("INSERT INTO moved SELECT id, -row_number() OVER (ORDER BY id) * ? FROM file", (GAP,))
        self._ask("DELETE FROM link")
        for table, column in _NUMBERED:
            # By way of negative numbers, since a new number may be another file's old one.
            self._ask(f"UPDATE {table} SET {column} = (SELECT new FROM moved WHERE old = {column})")
            self._ask(f"UPDATE {table} SET {column} = -{column}")
        self._ask("DROP TABLE moved")
        self.commit()

    def _make(self) -> None:
        tables = self._ask("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT NULL").fetchall()
        own = [name for (name,) in tables if not name.startswith(("words_", "sqlite_"))]
        self.begin()
        for name in own:
            self._ask(f"DROP TABLE {name}")
        self.commit()
        self._database.executescript(SCHEMA.read_text(encoding="utf-8"))
        self.say("stamp", stamp())

    def _ask(self, sql: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        return self._database.execute(sql, values)


_NUMBERED = (
    ("file", "id"), ("body", "file"), ("definition", "file"), ("use", "file"),
    ("edge", "source"), ("edge", "target"), ("chunk", "file"),
)  # fmt: skip


@cache
def stamp() -> str:
    """What an index hangs on besides the files: queries, grammars, and the code that reads them."""
    content = hashlib.blake2b(digest_size=16)
    code = Path(__file__).parent
    sources = [*code.glob("*.py"), *code.glob("*.sql"), *code.parent.glob("resolve/**/*.py")]
    own = ("syntax/source", "syntax/grammar", "syntax/languages", "privacy/secrets", "privacy/secret_shapes")
    sources += [code.parent / f"{name}.py" for name in own]
    for file in sorted([*sources, *grammar_root().glob("*/*.scm")]):
        content.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    for name in sorted(parsers()):
        content.update(name.encode())
    return content.hexdigest()


def parsers() -> Iterator[str]:
    """The installed grammars and their versions."""
    from importlib import metadata

    for name in {language.module for language in LANGUAGES} | {"tree_sitter"}:
        with suppress(metadata.PackageNotFoundError):
            yield f"{name} {metadata.version(name)}"


def remove(file: Path) -> None:
    """Throw a database away."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)


def numbered(known: Mapping[str, int], paths: Sequence[str]) -> dict[str, int]:
    """Numbers for new files: between those of the files before and after. Raises `Full`."""
    numbers: dict[str, int] = {}
    for before, run, after in runs(sorted([*known, *paths]), known):
        least = known[before] if before is not None else 0
        most = known[after] if after is not None else least + GAP * (len(run) + 1)
        step = (most - least) // (len(run) + 1)
        if step < 1 or most >= 1 << 63:
            raise Full
        numbers.update((path, least + step * place) for place, path in enumerate(run, 1))
    return numbers


def runs(paths: Sequence[str], known: Container[str]) -> Iterator[tuple[str | None, list[str], str | None]]:
    """The unknown ones of `paths`, each run of them with the known ones before and after."""
    before, run = None, []
    for path in paths:
        if path not in known:
            run.append(path)
            continue
        if run:
            yield before, run, path
        before, run = path, []
    if run:
        yield before, run, None
