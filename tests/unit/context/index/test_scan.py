"""Which files are read: each rule with what it is there for."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from understudy.context.index.reading import LARGEST, decoded, read, unfit
from understudy.context.index.scan import Found, look, nearest, scan
from understudy.context.privacy.policy import Privacy
from understudy.context.privacy.roots import innermost_first

Write = Callable[[str, str], Path]


def names(root: Path, most: int = 1000) -> list[str]:
    skips = Privacy(innermost_first((root,))).skips
    found = [it for it in scan(root, skips, most) if it is not None]
    for it in found:
        assert look(root, it.path, skips) == it, "one file alone is seen as the scan sees it"
    return [str(Path(it.path).relative_to(root)) for it in nearest(found, most)]


def seen(root: Path, path: Path) -> bool:
    return look(root, str(path), Privacy(innermost_first((root,))).skips) is not None


def test_sources_are_found_and_nothing_else(root: Path, write: Write) -> None:
    for name in ("b.py", "a.ts", "sub/deep/c.go", "notes.txt", "data.json", "noend"):
        write(name, "x = 1\n")
    assert names(root) == ["a.ts", "b.py", "sub/deep/c.go"]
    assert not seen(root, root / "notes.txt")
    assert not seen(root, root.parent / "outside.py")
    assert not seen(root, root / "sub/../b.py")


@pytest.mark.parametrize(
    "name",
    [
        "node_modules/a/b.js",
        ".git/hooks/a.py",
        "sub/__pycache__/a.py",
        ".venv/lib/a.py",
        "env/lib/a.py",
        "cache/a.py",
        "web/dist/a.js",
        "rs/target/a.rs",
        "jv/build/a.java",
    ],
)
def test_folders_that_hold_nothing_of_the_users_own(root: Path, write: Write, name: str) -> None:
    write("env/pyvenv.cfg", "")
    write("cache/CACHEDIR.TAG", "")
    write("web/package.json", "{}")
    write("rs/Cargo.toml", "")
    write("jv/build.gradle", "")
    path = write(name, "x = 1\n")
    assert names(root) == []
    assert not seen(root, path)


def test_the_names_of_outputs_are_sources_where_nothing_is_built(root: Path, write: Write) -> None:
    write("build/a.py", "x = 1\n")
    write("pkg/dist/b.py", "x = 1\n")
    assert names(root) == ["build/a.py", "pkg/dist/b.py"]


def test_a_folder_that_is_opened_is_read_whatever_it_is(tmp_path: Path) -> None:
    root = tmp_path / "node_modules"
    root.mkdir()
    (root / "pyvenv.cfg").touch()
    (root / "a.js").write_text("var a\n")
    assert names(root) == ["a.js"]


def test_gitignore_at_every_level_with_exceptions(root: Path, write: Write) -> None:
    (root / ".git" / "info").mkdir(parents=True)
    write(".git/info/exclude", "private.py\n")
    write(".gitignore", "*.gen.py\nout/\n/top.py\n")
    write("sub/.gitignore", "!keep.gen.py\nlocal.py\n")
    for name in ("a.gen.py", "top.py", "private.py", "out/a.py", "sub/keep.gen.py", "sub/b.gen.py", "sub/top.py"):
        write(name, "x = 1\n")
    write("sub/local.py", "x = 1\n")
    write("sub/out/keep.gen.py", "x = 1\n")
    assert names(root) == ["sub/keep.gen.py", "sub/top.py"]
    assert not seen(root, root / "out/a.py")
    assert not seen(root, root / "sub/local.py")


def test_rules_of_privacy_and_names_of_secrets(root: Path, write: Write) -> None:
    write(".understudyignore", "hidden/\n")
    for name in ("hidden/a.py", "secrets.py", "a.py"):
        write(name, "x = 1\n")
    assert names(root) == ["a.py"]
    assert not seen(root, root / "hidden/a.py")


def test_links_are_not_followed(root: Path, tmp_path: Path, write: Write) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.py").write_text("x = 1\n")
    write("a/b.py", "x = 1\n")
    (root / "out").symlink_to(outside)
    (root / "out.py").symlink_to(outside / "secret.py")
    (root / "a" / "circle").symlink_to(root)
    (root / "lost.py").symlink_to(root / "nowhere.py")
    assert names(root) == ["a/b.py"]
    assert not seen(root, root / "out" / "secret.py")
    assert not seen(root, root / "out.py")
    assert not seen(root, root / "a" / "circle" / "a" / "b.py")
    assert read(str(root / "out.py")) == "gone"


def test_a_folder_that_is_gone_or_closed_costs_itself(root: Path, write: Write) -> None:
    write("a.py", "x = 1\n")
    write("closed/b.py", "x = 1\n")
    (root / "closed").chmod(0)
    try:
        assert names(root) == (["a.py", "closed/b.py"] if os.access(root / "closed", os.R_OK) else ["a.py"])
    finally:
        (root / "closed").chmod(0o700)
    assert names(root / "nowhere") == []


def test_a_pipe_is_not_waited_for(root: Path, write: Write) -> None:
    write("a.py", "x = 1\n")
    os.mkfifo(root / "pipe.py")
    assert names(root) == ["a.py"]
    assert read(str(root / "pipe.py")) == "gone"


def test_large_files_cost_nothing(root: Path) -> None:
    for name in ("data.json", "data.py"):
        with (root / name).open("wb") as file:
            file.truncate(100_000_000)
    assert names(root) == []
    assert read(str(root / "data.py")) == "large"


def test_of_too_many_the_nearest_are_read_and_of_those_the_newest() -> None:
    found = [Found(f"/r/{name}", modified, 1) for name, modified in (("b", 2), ("d/c", 9), ("a", 1), ("d/a", 8))]
    assert [it.path for it in nearest(found, 3)] == ["/r/a", "/r/b", "/r/d/c"]
    assert [it.path for it in nearest(found, 1)] == ["/r/b"]
    assert nearest(found, 3) == nearest(reversed(found), 3)


def test_a_scan_ends_when_there_is_far_too_much(root: Path, write: Write) -> None:
    for number in range(40):
        write(f"{number:02}/a.py", "x = 1\n")
    assert len(names(root, 1)) == 1
    assert sum(it is not None for it in scan(root, Privacy().skips, 1)) == 17


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"x = 1\n", None),
        (b"", None),
        (b"x\0y", "binary"),
        (b"x" * 9000 + b"\0", "minified"),
        (b"x\n" * 5000 + b"\0", None),
        (b"// Code generated by protoc-gen-go. DO NOT EDIT.\npackage a\n", "generated"),
        (b"#!/usr/bin/env python\n# @generated by a tool\nx = 1\n", "generated"),
        (b"/* This file was automatically generated by SWIG. */\n", "generated"),
        (b"x = 1\n" * 12 + b"# @generated\n", None),
        (b"say('do not edit')\n", None),
        (b"var a=1;" * 700, "minified"),
        (b"var a = 1;\n" * 700, None),
        (b"x\n" * LARGEST, "large"),
    ],
)
def test_what_is_in_a_file_may_make_it_unfit(data: bytes, why: str | None) -> None:
    assert unfit(data) == why


def test_broken_encodings_are_read_row_by_row() -> None:
    assert decoded(b"a\xff\nb\xe4\n") == "a\ufffd\nb\ufffd\n"
    assert decoded(b"\xef\xbb\xbfa\r\nb") == "a\r\nb"
