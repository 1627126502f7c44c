from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from checkable import program

from understudy.checking.find import find, folders, grounds_of, virtual_environment

NAME = "a-checker-of-the-tests"


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    (tmp_path / "workspace").mkdir()
    return tmp_path / "workspace"


def found(root: Path, *path: object, trusted: bool = False, file: str = "a.py") -> Path | None:
    grounds = grounds_of(root / file, (root,), (root,) if trusted else ())
    return find(NAME, grounds, os.pathsep.join(map(str, path)))


def test_on_the_path(root: Path, tmp_path: Path) -> None:
    assert found(root, tmp_path / "bin") is None
    there = program(tmp_path / "bin" / NAME, "")
    assert found(root, "/nowhere", tmp_path / "bin") == there
    there.chmod(0o644)
    assert found(root, tmp_path / "bin") is None


def test_nothing_of_the_workspace(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    for place in ("", "bin", "node_modules/.bin", ".venv/bin", "venv/bin"):
        program(root / place / NAME, "")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / NAME).symlink_to(root / NAME)
    (tmp_path / "linked").symlink_to(root / "bin")
    for entries in (["."], [""], ["", "", "bin"], [root / "bin"], [root / ".venv/bin"], [tmp_path / "outside"]):
        assert found(root, *entries) is None, entries
    assert found(root, tmp_path / "linked") is None
    assert found(root, root / ".." / root.name / "bin") is None


def test_a_workspace_named_by_a_link(root: Path, tmp_path: Path) -> None:
    program(root / "bin" / NAME, "")
    link = tmp_path / "link"
    link.symlink_to(root)
    assert found(link, root / "bin") is None
    assert found(root, link / "bin") is None


def test_what_a_trusted_folder_brings_along(root: Path) -> None:
    above = program(root / "node_modules/.bin" / NAME, "")
    assert found(root, trusted=True, file="src/a.ts") == above
    near = program(root / "src/.venv/bin" / NAME, "")
    assert found(root, trusted=True, file="src/a.ts") == near
    assert found(root, ".", "", trusted=True, file="a.py") == above
    assert found(root, file="src/a.ts") is None


def test_trust_is_about_where_things_really_are(root: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    program(elsewhere / ".venv/bin" / NAME, "")
    (root / "linked").symlink_to(elsewhere)
    grounds = grounds_of(root / "linked/a.py", (root,), (root,))
    assert not grounds.trusted
    assert find(NAME, grounds, "") is None
    assert not grounds_of(tmp_path / "workspace-2/a.py", (), (root,)).trusted, "not by the beginning of a name"


def test_a_folder_in_an_untrusted_root_is_not_trusted(root: Path) -> None:
    """Its configuration is the root's."""
    (root / "sub").mkdir()
    assert not grounds_of(root / "sub/a.py", (root,), (root / "sub",)).trusted


def test_a_file_outside_every_root_belongs_to_its_folder(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    grounds = grounds_of(tmp_path / "elsewhere/a.py", (root,), ())
    program(tmp_path / "elsewhere" / NAME, "")
    assert grounds.root == tmp_path / "elsewhere"
    assert find(NAME, grounds, str(tmp_path / "elsewhere")) is None


def test_the_inner_root_counts(root: Path) -> None:
    assert grounds_of(root / "inner/a.py", (root, root / "inner"), ()).root == root / "inner"


def test_beside_this_interpreter(root: Path) -> None:
    grounds = grounds_of(root / "a.py", (root,), ())
    beside = Path(sys.executable).parent
    assert folders(grounds, "relative::") == (beside,)
    assert find(Path(sys.executable).name, grounds, "") == Path(sys.executable)


def test_an_environment_is_named_and_not_run(root: Path) -> None:
    grounds = grounds_of(root / "src/a.py", (root,), ())
    assert virtual_environment(grounds) is None
    (root / ".venv").mkdir()
    (root / ".venv/pyvenv.cfg").write_text("")
    assert virtual_environment(grounds) == root / ".venv"
