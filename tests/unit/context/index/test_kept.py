"""One database and two that want to keep it."""

from __future__ import annotations

from pathlib import Path

from understudy.context.index.folder import Folder
from understudy.context.index.kept import Kept
from understudy.context.index.store import Store


def kept(root: Path, file: Path) -> Kept:
    def make(root: Path, store: Store) -> Folder:
        return Folder(root, store, lambda path, folder=False: False, 100, lambda tasks, urgency: None, lambda: None)

    return Kept(root, file, make, lambda said: None)


def test_who_only_follows_throws_nothing_away(root: Path, tmp_path: Path) -> None:
    first, second = kept(root, tmp_path / "a.sqlite"), kept(root, tmp_path / "a.sqlite")
    first.open()
    second.open()
    assert first.folder is not None
    assert second.folder is None
    before = (tmp_path / "a.sqlite").stat().st_ino
    second.damaged()
    assert (tmp_path / "a.sqlite").stat().st_ino == before
    first.damaged()
    first.open()
    assert first.folder is not None
    assert (tmp_path / "a.sqlite").exists()
    first.close()
    second.close()
