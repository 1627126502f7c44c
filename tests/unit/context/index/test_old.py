"""Which databases are removed when an indexer starts."""

from __future__ import annotations

import os
from pathlib import Path
from time import time

import pytest

from understudy.context.index.folder import Folder
from understudy.context.index.kept import Kept, database_of
from understudy.context.index.old import PROBLEM, UNUSED_DAYS, remove_old
from understudy.context.index.store import Store
from understudy.core.lock import holding

DAY = 86400.0


def kept_once(root: Path, folder: Path) -> Path:
    """A database as an indexer leaves it."""

    def make(root: Path, store: Store) -> Folder:
        return Folder(root, store, lambda path, *, folder=False: False, 10, lambda tasks, urgency: None, lambda: None)

    root.mkdir()
    file = database_of(root, folder)
    kept = Kept(root, file, make, lambda said: None)
    kept.open()
    kept.close()
    return file


def test_of_a_folder_that_is_gone(tmp_path: Path) -> None:
    there, gone = (kept_once(tmp_path / name, tmp_path / "index") for name in ("there", "gone"))
    gone.with_suffix(PROBLEM).write_text("no room")
    assert remove_old(tmp_path / "index", (), time()) == []
    (tmp_path / "gone").rmdir()
    assert remove_old(tmp_path / "index", (), time()) == [gone]
    assert {it.stem for it in (tmp_path / "index").iterdir()} == {there.stem}


def test_that_nobody_has_used_for_long(tmp_path: Path) -> None:
    file = kept_once(tmp_path / "project", tmp_path / "index")
    end = time() + UNUSED_DAYS * DAY
    assert remove_old(tmp_path / "index", (), end - DAY) == []
    assert remove_old(tmp_path / "index", (file,), end + DAY) == [], "whose indexer starts"
    assert remove_old(tmp_path / "index", (), end + DAY) == [file]


def test_opening_it_is_a_use(tmp_path: Path) -> None:
    file = kept_once(tmp_path / "project", tmp_path / "index")
    for it in file.parent.iterdir():
        os.utime(it, (0, 0))
    (tmp_path / "project").rmdir()
    kept_once(tmp_path / "project", tmp_path / "index")
    assert remove_old(tmp_path / "index", (), time() + DAY) == []


def test_never_one_that_is_held(tmp_path: Path) -> None:
    file = kept_once(tmp_path / "gone", tmp_path / "index")
    (tmp_path / "gone").rmdir()
    with holding(file.with_suffix(".lock"), 1.0):
        assert remove_old(tmp_path / "index", (), time() + 999 * DAY) == []
        assert file.exists()
    assert remove_old(tmp_path / "index", (), time()) == [file]


def test_what_does_not_say_whose_it_is_goes_by_its_age_alone(tmp_path: Path) -> None:
    file = tmp_path / "x-0.sqlite"
    file.write_bytes(b"damaged")
    assert remove_old(tmp_path, (), time()) == []
    assert remove_old(tmp_path, (), time() + 91 * DAY) == [file]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="this user may look everywhere")
def test_a_folder_that_cannot_be_looked_at_is_not_gone(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir()
    kept_once(tmp_path / "closed/project", tmp_path / "index")
    (tmp_path / "closed").chmod(0)
    try:
        assert remove_old(tmp_path / "index", (), time()) == []
    finally:
        (tmp_path / "closed").chmod(0o700)
