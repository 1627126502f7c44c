from __future__ import annotations

import gc
from pathlib import Path

from understudy.checking.session import Session


def test_nothing_is_made_before_it_is_needed(tmp_path: Path) -> None:
    Session(tmp_path / "checks").close()
    assert not (tmp_path / "checks").exists()


def test_a_session_leaves_nothing(tmp_path: Path) -> None:
    session = Session(tmp_path)
    scratch = session.scratch()
    kept = session.kept("mypy")
    assert scratch.is_dir()
    assert session.kept("mypy") == kept
    session.close()
    session.close()
    assert list(tmp_path.iterdir()) == []


def test_forgotten_sessions_are_closed(tmp_path: Path) -> None:
    Session(tmp_path).scratch()
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_session_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / "left" / "tree").mkdir(parents=True)
    (tmp_path / "left" / "lock").write_text("")
    living = Session(tmp_path)
    scratch = living.scratch()
    assert not (tmp_path / "left").exists()
    other = Session(tmp_path)
    other.scratch()
    assert scratch.is_dir(), "one that lives keeps its folder"
    other.close()
    living.close()


def test_others_cannot_look_into_it(tmp_path: Path) -> None:
    session = Session(tmp_path / "checks")
    scratch = session.scratch()
    assert (tmp_path / "checks").stat().st_mode & 0o077 == 0
    assert scratch.parent.stat().st_mode & 0o077 == 0
    session.close()
