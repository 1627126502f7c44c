"""The file that is fixed is written in one step, or not at all, and keeps all that its text does not say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from understudy.cli.fix.source import read_source, write_source
from understudy.core.errors import UnderstudyError


def test_mark_line_ends_and_rights_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "ä.py"
    file.write_bytes(b"\xef\xbb\xbfx = 1\r\ny = 2")
    file.chmod(0o640)
    source = read_source(file)
    assert source.document.text == "x = 1\r\ny = 2", "what marks the encoding is no text"
    write_source(source, "x = 3\r\ny = 2")
    assert file.read_bytes() == b"\xef\xbb\xbfx = 3\r\ny = 2"
    assert file.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_stays_one(tmp_path: Path) -> None:
    file, link = tmp_path / "a.py", tmp_path / "b.py"
    file.write_text("old")
    link.symlink_to(file)
    write_source(read_source(link), "new")
    assert link.is_symlink()
    assert file.read_text() == "new"


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("old")
    source = read_source(file)
    file.write_text("other")
    with pytest.raises(UnderstudyError, match="changed meanwhile"):
        write_source(source, "new")
    assert file.read_text() == "other"
    assert list(tmp_path.iterdir()) == [file]
    file.unlink()
    with pytest.raises(UnderstudyError, match="is gone"):
        write_source(source, "new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_protected_file_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("old")
    file.chmod(0o444)
    with pytest.raises(UnderstudyError, match="write-protected"):
        write_source(read_source(file), "new")
    assert file.read_text() == "old"
