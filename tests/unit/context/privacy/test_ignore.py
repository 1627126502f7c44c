"""What rule files keep from the model."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from understudy.context.privacy.ignore import FILE, FILES
from understudy.context.privacy.policy import Privacy
from understudy.context.privacy.roots import innermost_first
from understudy.context.privacy.rule_files import MAX_BYTES

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes as POSIX has them")


def privacy(root: Path, *patterns: str) -> Privacy:
    return Privacy(innermost_first((root,)), patterns)


@pytest.mark.parametrize("file", FILES)
def test_patterns_are_those_of_gitignore(file: str, tmp_path: Path) -> None:
    (tmp_path / file).write_text("# ours\nbuild/\n/top.py\n*.gen.*\n!kept.gen.py\n", encoding="utf-8")
    rules = privacy(tmp_path)
    ignored = ["build/a.py", "src/build/a.py", "top.py", "src/a.gen.py"]
    assert [name for name in ignored if not rules.ignored(tmp_path / name)] == []
    assert [name for name in ("src/top.py", "kept.gen.py", "a.py") if rules.ignored(tmp_path / name)] == []


@pytest.mark.parametrize("file", FILES)
def test_rule_files_in_the_folders_below_and_above_hold_too(file: str, tmp_path: Path) -> None:
    root = tmp_path / "repository" / "top"
    (root / "sub").mkdir(parents=True)
    (tmp_path / file).write_text("/repository/top/above.py\n", encoding="utf-8")
    (root / "sub" / file).write_text("/below.py\ndeep/\n", encoding="utf-8")
    rules = privacy(root)
    for name in ("above.py", "sub/below.py", "sub/deep/a.py", "sub/a/deep/b.py"):
        assert rules.ignored(root / name), name
    for name in ("below.py", "sub/above.py", "deep/a.py", "sub/a/below.py"):
        assert not rules.ignored(root / name), name


def test_everything_but_what_is_named(tmp_path: Path) -> None:
    """The example of Cursor's documentation."""
    (tmp_path / FILE).write_text("*\n!app/\n!app/*/\n!app/**/*/\n!*.py\n", encoding="utf-8")
    rules = privacy(tmp_path)
    names = ["app/a.py", "app/b/a.py", "app/b/c/a.py", "a.py", "app/a.txt", "app/b/a.txt", "other/a.py"]
    ignored = ["app/a.txt", "app/b/a.txt", "other/a.py"]
    assert [name for name in names if rules.ignored(tmp_path / name)] == ignored


def test_a_byte_order_mark_hides_no_pattern(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("private.py\n", encoding="utf-8-sig")
    assert privacy(tmp_path).ignored(tmp_path / "private.py")


def test_no_set_of_rules_takes_from_another(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / FILE).write_text("!.env\n!mine.py\nours.py\n", encoding="utf-8")
    (tmp_path / ".cursorignore").write_text("!ours.py\n", encoding="utf-8")
    (tmp_path / "sub" / FILE).write_text("!ours.py\n!.env\n!mine.py\n", encoding="utf-8")
    rules = privacy(tmp_path, "mine.py")
    for name in (".env", "mine.py", "ours.py", "sub/.env", "sub/mine.py", "sub/ours.py"):
        assert rules.ignored(tmp_path / name), name


def test_what_lies_in_an_ignored_folder_cannot_be_taken_out(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("private/\n!private/a.py\n", encoding="utf-8")
    assert privacy(tmp_path).ignored(tmp_path / "private" / "a.py")


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("Private/", "private/a.py"),
        ("private.py", "PRIVATE.py"),
        ("cafe\u0301.py", "caf\u00e9.py"),
        ("caf\u00e9.py", "cafe\u0301.py"),
        ("private.py", "private.py."),
        ("private.py", "private.py "),
        ("stra\u00dfe.py", "STRASSE.py"),
    ],
)
def test_spellings_that_a_file_system_may_take_for_the_same(pattern: str, name: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(f"{pattern}\n", encoding="utf-8")
    assert privacy(tmp_path).ignored(tmp_path / name)
    (tmp_path / FILE).write_text("", encoding="utf-8")
    assert privacy(tmp_path, pattern).ignored(tmp_path / name)


def test_a_pattern_that_lets_through_does_so_exactly_as_it_is_written(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("*.py\n!Kept.py\n", encoding="utf-8")
    assert privacy(tmp_path).ignored(tmp_path / "kept.py")


def _folder(file: Path) -> None:
    file.mkdir()


def _not_text(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00broken")


def _too_long(file: Path) -> None:
    file.write_bytes(b"#" * (MAX_BYTES + 1))


def _no_pattern(file: Path) -> None:
    file.write_text("a.py\n!\n", encoding="utf-8")


def _pipe(file: Path) -> None:
    os.mkfifo(file)


def _lost_link(file: Path) -> None:
    file.symlink_to(file.parent / "nowhere")


def _circle(file: Path) -> None:
    file.symlink_to(file)


def _device(file: Path) -> None:
    file.symlink_to("/dev/zero")


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(
    "make",
    [
        _folder,
        _not_text,
        _too_long,
        _no_pattern,
        *(pytest.param(it, marks=POSIX) for it in (_pipe, _lost_link, _circle, _device)),
    ],
)
def test_rules_that_cannot_be_read_ignore_everything_that_they_are_about(
    file: str, make: object, tmp_path: Path
) -> None:
    (tmp_path / "sub").mkdir()
    assert callable(make)
    make(tmp_path / "sub" / file)
    rules = privacy(tmp_path)
    for name in ("sub/main.py", "sub/a/b/main.py"):
        assert rules.ignored(tmp_path / name)
        assert str(tmp_path / "sub" / file) in (rules.reason(tmp_path / name) or "")
    assert not rules.ignored(tmp_path / "main.py")
    assert rules.reason(tmp_path / "main.py") is None


def test_a_pattern_of_the_users_that_cannot_be_understood_ignores_everything(tmp_path: Path) -> None:
    rules = privacy(tmp_path, "!")
    assert rules.ignored(tmp_path / "main.py")
    assert rules.reason(tmp_path / "main.py") is not None


def test_a_path_without_end_is_ignored(tmp_path: Path) -> None:
    assert privacy(tmp_path).ignored(tmp_path / ("a/" * 1500) / "b.py")
    assert Privacy().ignored(Path("a/" * 1500) / "b.py")


def test_changed_rules_hold_from_the_next_look_on(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    rules = privacy(tmp_path)
    one, two = tmp_path / "sub" / "one.py", tmp_path / "two.py"
    assert [rules.ignored(one), rules.ignored(two)] == [False, False]
    before = rules.stamp()
    (tmp_path / "sub" / ".aiignore").write_text("one.py\n", encoding="utf-8")
    assert rules.stamp() != before
    assert not rules.ignored(one), "a prompt is made by one state of the rules"
    rules.look()
    assert [rules.ignored(one), rules.ignored(two)] == [True, False]
    before = rules.stamp()
    (tmp_path / ".cursorignore").write_text("two.py\n", encoding="utf-8")
    assert rules.stamp() != before
    rules.look()
    assert [rules.ignored(one), rules.ignored(two)] == [True, True]
    (tmp_path / "sub" / ".aiignore").unlink()
    rules.look()
    assert [rules.ignored(one), rules.ignored(two)] == [False, True]
    assert rules.stamp() == rules.stamp()


@POSIX
def test_changed_rules_hold_although_their_file_looks_the_same(tmp_path: Path) -> None:
    """Tools that copy files set the time of the last change back."""
    rules, file = privacy(tmp_path), tmp_path / FILE
    file.write_text("a.py\n", encoding="utf-8")
    os.utime(file, ns=(1, 1))
    assert not rules.ignored(tmp_path / "b.py")
    file.write_text("b.py\n", encoding="utf-8")
    os.utime(file, ns=(1, 1))
    rules.look()
    assert rules.ignored(tmp_path / "b.py")
