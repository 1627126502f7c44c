from __future__ import annotations

import os
from pathlib import Path

import pytest
from checkable import tree, write

from understudy.checking.overlay import mirror, remove, top_of

FILES = {
    "pyproject.toml": "[project]",
    "pkg/__init__.py": "",
    "pkg/a.py": "old",
    "pkg/b.py": "b",
    "pkg/deep/c.py": "c",
    "docs/index.md": "d",
}


@pytest.fixture(name="real")
def fixture_real(tmp_path: Path) -> Path:
    write(tmp_path / "real", FILES)
    return tmp_path / "real"


def test_only_the_way_to_a_changed_file_is_real(real: Path, tmp_path: Path) -> None:
    before = tree(real)
    made = mirror(real, {real / "pkg/a.py": "new"}, tmp_path / "place")
    assert tree(made.place) == {
        "docs": f"-> {real}/docs",
        "pkg/__init__.py": f"-> {real}/pkg/__init__.py",
        "pkg/a.py": "new",
        "pkg/b.py": f"-> {real}/pkg/b.py",
        "pkg/deep": f"-> {real}/pkg/deep",
        "pyproject.toml": f"-> {real}/pyproject.toml",
    }
    assert made.path(real / "pkg/a.py").read_text() == "new"
    assert made.path(real / "pkg/deep/c.py").read_text() == "c"
    remove(made.place)
    assert not made.place.exists()
    assert tree(real) == before


def test_new_files_in_new_folders(real: Path, tmp_path: Path) -> None:
    made = mirror(real, {real / "tests/unit/test_a.py": "test", real / "pkg/new.py": "n"}, tmp_path / "place")
    assert made.path(real / "tests/unit/test_a.py").read_text() == "test"
    assert made.path(real / "pkg/new.py").read_text() == "n"
    assert made.path(real / "pkg/b.py").read_text() == "b"
    assert not (real / "tests").exists()


def test_files_elsewhere_are_left_out(real: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.py"
    made = mirror(real, {real / "pkg/a.py": "new", elsewhere: "text"}, tmp_path / "place")
    assert made.path(elsewhere) == elsewhere
    assert not elsewhere.exists()


def test_no_tool_can_write_beside_the_sources_through_a_link(real: Path, tmp_path: Path) -> None:
    names = (".mypy_cache", ".ruff_cache", "pkg/__pycache__", ".pytest_cache")
    for name in names:
        (real / name).mkdir()
    (real / "tsconfig.tsbuildinfo").write_text("{}")
    (real / ".git").mkdir()
    (real / ".git" / "config").write_text("")
    made = mirror(real, {real / "pkg/a.py": "new"}, tmp_path / "place")
    for name in (*names, "tsconfig.tsbuildinfo"):
        assert not (made.place / name).exists()
    assert list((made.place / ".git").iterdir()) == [], "where the repository ends, and no repository"


def test_a_root_that_is_a_link(real: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(real)
    made = mirror(link, {link / "pkg/a.py": "new"}, tmp_path / "place")
    assert made.path(link / "pkg/a.py").read_text() == "new"
    assert (real / "pkg/a.py").read_text() == "old"


def test_a_linked_folder_on_the_way(real: Path, tmp_path: Path) -> None:
    (real / "linked").symlink_to(real / "pkg")
    made = mirror(real, {real / "linked/a.py": "new"}, tmp_path / "place")
    assert made.path(real / "linked/a.py").read_text() == "new"
    assert made.path(real / "pkg/a.py").read_text() == "old"
    assert (real / "pkg/a.py").read_text() == "old"


def test_names_and_texts_in_no_encoding(real: Path, tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(real) + b"/pkg/\xff.py"))).write_bytes(b"\xff")
    (real / "pkg/dangling").symlink_to("nowhere")
    made = mirror(real, {real / "pkg/a.py": "\ud800 lone"}, tmp_path / "place")
    assert made.path(real / "pkg/a.py").read_text() == "? lone"
    assert os.fsdecode(b"\xff.py") in {path.name for path in (made.place / "pkg").iterdir()}


def test_line_ends_stay(real: Path, tmp_path: Path) -> None:
    made = mirror(real, {real / "pkg/a.py": "a\r\nb\n"}, tmp_path / "place")
    assert made.path(real / "pkg/a.py").read_bytes() == b"a\r\nb\n"


def test_nothing_is_written_through_a_link(real: Path, tmp_path: Path) -> None:
    """Files that a checker is to find, where the workspace has laid out links of their names."""
    victim = tmp_path / "victim"
    victim.write_text("its own")
    (real / "settings").symlink_to(victim)
    (real / "dangling").symlink_to(tmp_path / "made")
    made = mirror(real, {real / "pkg/a.py": "new"}, tmp_path / "place")
    for name in ("settings", "dangling", "pyproject.toml"):
        assert made.put(real / name, "ours").read_text() == "ours"
    assert victim.read_text() == "its own"
    assert not (tmp_path / "made").exists()
    assert (real / "pyproject.toml").read_text() == FILES["pyproject.toml"]


def test_a_large_neighbour_is_not_looked_into(real: Path, tmp_path: Path) -> None:
    """A folder that nobody may list would fail, and root may list all: so the links are counted."""
    write(real, {f"large/{number}/file.py": "" for number in range(50)})
    made = mirror(real, {real / "pkg/a.py": "new"}, tmp_path / "place")
    assert (made.place / "large").is_symlink()
    assert len(tree(made.place)) == len(FILES) + 1


def test_an_overlay_begins_at_the_top_of_the_repository(real: Path) -> None:
    assert top_of(real / "pkg/deep") == real / "pkg/deep"
    (real / ".git").mkdir()
    assert top_of(real / "pkg/deep") == real
