"""What a reader makes of a database that it cannot read, for a moment or at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from keeping import Keeping

Keep = Callable[..., Keeping]
Write = Callable[[str, str], Path]


def test_what_could_not_be_read_for_a_moment_is_asked_again(tmp_path: Path, write: Write, keep: Keep) -> None:
    path = str(write("a.py", "x = 1\n"))
    kept = keep()
    kept.settle()
    kept.close()
    other = sqlite3.connect(tmp_path / "a.sqlite", isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    assert (kept.index.defined("x"), kept.index.record(path), path in kept.index) == ((), None, False)
    other.execute("ROLLBACK")
    other.close()
    assert [it.path for it in kept.index.defined("x")] == [path]
    assert kept.index.record(path) is not None
    assert path in kept.index


def test_a_path_that_is_no_text_is_not_known(write: Write, keep: Keep) -> None:
    write("a.py", "x = 1\n")
    index = keep().settle()
    assert "caf\udce9.py" not in index
    assert index.text("untitled:\ud800") is None
