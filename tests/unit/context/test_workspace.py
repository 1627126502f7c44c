"""What a workspace keeps from the model: by which folder's rules, under which name, and for how long it is known."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from understudy.context.privacy.ignore import FILE
from understudy.context.privacy.policy import MAX_PLACES
from understudy.context.recent import MAX_FILES
from understudy.context.workspace import Workspace
from understudy.core.text import Document

LINKS = pytest.mark.skipif(sys.platform == "win32", reason="making a link takes a right that tests do not have there")


def document(path: Path, text: str = "CANARY = 1\n") -> Document:
    return Document(path.as_uri(), 1, "python", text)


def edit(workspace: Workspace, path: Path) -> None:
    workspace.changed(None, document(path))
    workspace.changed(document(path), document(path, "CANARY = 23\n"))


def shown(workspace: Workspace, path: Path) -> list[str]:
    context = workspace.gather(document(path, "x = 1\n"), 0, limit_tokens=2000, count=len)
    return [file.path for file in context.files]


@pytest.mark.parametrize(
    "uri",
    [
        "git:/home/u/app/.env?%7B%22ref%22%3A%22HEAD%22%7D",
        "vscode-remote://ssh-remote%2Bhost/home/u/app/.env",
        "vscode-remote://wsl%2Bdebian/home/u/.ssh/config",
        "vscode-notebook-cell:/home/u/id_rsa#W0sZmlsZQ%3D%3D",
        "vscode-vfs://github/owner/name/deploy/server.pem",
        "untitled:.env",
        "untitled:/home/u/app/.env",
        "untitled:C:%5CUsers%5Cu%5C.env",
        "untitled://.env",
        "GIT:/home/u/app/%2Eenv",
        "file://[a/.env",
        "file:///home/u%00/.env",
        "/home/u/app/.env",
        ".env",
        "git:/home/u/app/notes.md?HEAD",
    ],
)
def test_no_scheme_brings_a_secret_or_ignored_file_into_a_prompt(uri: str) -> None:
    assert Workspace((), ("*.md",)).ignored(uri)


@pytest.mark.parametrize(
    "uri",
    [
        "untitled:Untitled-1",
        "untitled:",
        "",
        "git:/home/u/app/main.py?%7B%22path%22%3A%22.env%22%7D",
        "vscode-remote://ssh-remote%2Bhost.env/home/u/app/main.py",
        "vscode-notebook-cell:/home/u/app/book.ipynb#.env",
    ],
)
def test_other_texts_of_any_scheme_are_shown(uri: str) -> None:
    assert not Workspace((), ("*.md",)).ignored(uri)


def test_a_folders_rules_hold_for_what_another_scheme_shows_of_it(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("/private/\n", encoding="utf-8")
    workspace = Workspace((tmp_path,))
    path = tmp_path.as_uri().removeprefix("file://")
    assert workspace.ignored(f"git:{path}/private/a.py?HEAD")
    assert workspace.ignored(f"vscode-notebook-cell:{path}/private/a.ipynb#X")
    assert not workspace.ignored(f"git:{path}/public/a.py?HEAD")


@LINKS
@pytest.mark.parametrize("exists", [True, False])
def test_a_link_to_a_secret_is_a_secret(exists: bool, tmp_path: Path) -> None:
    if exists:
        (tmp_path / ".env").write_text("KEY=1\n", encoding="utf-8")
    (tmp_path / "settings.py").symlink_to(tmp_path / ".env")
    (tmp_path / "second.py").symlink_to(tmp_path / "settings.py")
    workspace = Workspace((tmp_path,))
    assert workspace.ignored((tmp_path / "settings.py").as_uri())
    assert workspace.ignored((tmp_path / "second.py").as_uri())
    assert workspace.ignored((tmp_path / "settings.py").as_uri().replace("file://", "git:"))


@LINKS
def test_a_link_out_of_the_workspace_is_judged_by_where_it_leads(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / ".aws"
    root.mkdir()
    outside.mkdir()
    (outside / "a.py").write_text("", encoding="utf-8")
    (root / "linked").symlink_to(outside)
    assert Workspace((root,)).ignored((root / "linked" / "a.py").as_uri())


@LINKS
def test_a_secret_name_that_links_to_something_else_stays_one(tmp_path: Path) -> None:
    (tmp_path / "plain.txt").write_text("", encoding="utf-8")
    (tmp_path / ".env").symlink_to(tmp_path / "plain.txt")
    assert Workspace((tmp_path,)).ignored((tmp_path / ".env").as_uri())


@LINKS
def test_a_linked_folder_and_the_real_one_have_the_same_rules_and_names(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.mkdir()
    link.symlink_to(real)
    (real / FILE).write_text("/private/\n", encoding="utf-8")
    for root in (real, link):
        workspace = Workspace((root,))
        for folder in (real, link):
            assert workspace.ignored((folder / "private" / "a.py").as_uri()), (root, folder)
            assert not workspace.ignored((folder / "a.py").as_uri()), (root, folder)
    assert Workspace((link,)).name((real / "sub" / "a.py").as_uri()) == "sub/a.py"


@LINKS
def test_what_cannot_be_followed_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "one.py").symlink_to(tmp_path / "two.py")
    (tmp_path / "two.py").symlink_to(tmp_path / "one.py")
    assert Workspace((tmp_path,)).ignored((tmp_path / "one.py").as_uri())
    assert Workspace((tmp_path / "one.py",)).ignored((tmp_path / "plain.py").as_uri())
    assert not Workspace((tmp_path,)).ignored((tmp_path / "plain.py").as_uri())


@LINKS
def test_where_a_link_leads_is_looked_up_when_a_text_is_opened(tmp_path: Path) -> None:
    (tmp_path / "plain.txt").write_text("", encoding="utf-8")
    link = tmp_path / "a.py"
    link.symlink_to(tmp_path / "plain.txt")
    workspace = Workspace((tmp_path,))
    workspace.changed(None, document(link))
    assert not workspace.ignored(link.as_uri())
    link.unlink()
    link.symlink_to(tmp_path / ".env")
    workspace.changed(document(link), document(link, "x"))
    assert not workspace.ignored(link.as_uri()), "the text is still the one that was opened"
    workspace.changed(document(link, "x"), None)
    assert workspace.ignored(link.as_uri())


def test_the_rules_of_every_folder_that_holds_a_file_are_asked(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / FILE).write_text("private/\n/inner/top.py\n", encoding="utf-8")
    (inner / FILE).write_text("own.py\n!private/\n", encoding="utf-8")
    for roots in ((tmp_path, inner), (inner, tmp_path)):
        workspace = Workspace(roots)
        for name in ("private/a.py", "top.py", "own.py"):
            assert workspace.ignored((inner / name).as_uri()), name
        assert not workspace.ignored((inner / "a.py").as_uri())
        assert not workspace.ignored((tmp_path / "own.py").as_uri())
        assert workspace.name((inner / "a.py").as_uri()) == "a.py"


def test_changed_rules_of_any_folder_hold_at_once(tmp_path: Path) -> None:
    roots = tuple(tmp_path / name for name in ("one", "two", "two/three"))
    for root in roots:
        root.mkdir()
    workspace = Workspace(roots)
    files = [(root / "a.py").as_uri() for root in roots]

    def verdicts() -> list[bool]:
        return [workspace.ignored(uri) for uri in files]

    assert verdicts() == [False, False, False]
    (roots[0] / FILE).write_text("a.py\n", encoding="utf-8")
    assert verdicts() == [True, False, False]
    (roots[1] / FILE).write_text("a.py\n", encoding="utf-8")
    assert verdicts() == [True, True, True]
    (roots[0] / FILE).unlink()
    assert verdicts() == [False, True, True]
    (roots[1] / FILE).write_text("/a.py\n", encoding="utf-8")
    assert verdicts() == [False, True, False]
    (roots[1] / FILE).write_bytes(b"\xff\xff\xff")
    assert verdicts() == [False, True, True]
    assert [workspace.ignore_reason(uri) is None for uri in files] == [True, False, False]


@pytest.mark.skipif(sys.platform == "win32", reason="a file there has no time of its last change that cannot be set")
def test_rules_that_look_unchanged_by_time_and_size_are_read_again(tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_text("a.py\n", encoding="utf-8")
    workspace = Workspace((tmp_path,))
    uri = (tmp_path / "b.py").as_uri()
    assert not workspace.ignored(uri)
    state = file.stat()
    file.write_text("b.py\n", encoding="utf-8")
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert workspace.ignored(uri)


def test_the_workspace_reads_changed_rules_again(tmp_path: Path) -> None:
    workspace = Workspace((tmp_path,), ("*.md",))
    main, notes = (tmp_path / "main.py").as_uri(), (tmp_path / "notes.md").as_uri()
    assert not workspace.ignored(main)
    assert workspace.ignored(notes)
    (tmp_path / FILE).write_text("main.py\n", encoding="utf-8")
    assert workspace.ignored(main)
    assert workspace.ignore_reason(main) is None
    (tmp_path / FILE).write_bytes(b"\xff\xff\xff\xff")
    assert workspace.ignored(notes)
    assert workspace.ignore_reason(main) is not None
    (tmp_path / FILE).unlink()
    assert not workspace.ignored(main)


def test_a_file_outside_of_the_workspace_and_one_that_is_no_file(tmp_path: Path) -> None:
    workspace = Workspace((tmp_path / "inside",), ("*.md",))
    assert workspace.ignored((tmp_path / ".env").as_uri())
    assert workspace.ignored((tmp_path / "a.md").as_uri())
    assert not workspace.ignored((tmp_path / "a.py").as_uri())
    assert not workspace.ignored("untitled:Untitled-1")


def test_the_tree_follows_a_document_that_nobody_has_asked_about_yet(tmp_path: Path) -> None:
    """The first parse of a long one takes long; it is begun when the document is opened."""
    workspace = Workspace((tmp_path,))
    opened = document(tmp_path / "a.py", "x = [1, (5, 6)]\n" * 4000)
    workspace.changed(None, opened)
    workspace.settle()
    assert workspace.parse(opened) is not None
    small = document(tmp_path / "b.py", "x = 1\n")
    workspace.changed(None, small)
    assert workspace.parse(small) is not None
    changed = small.with_text("y = 1\nx = 1\n")
    workspace.changed(small, changed)
    assert workspace._store._kept[changed.uri].document == changed


def test_edits_of_a_closed_file_are_not_shown(tmp_path: Path) -> None:
    workspace = Workspace((tmp_path,))
    closed, kept = tmp_path / "closed.py", tmp_path / "kept.py"
    edit(workspace, closed)
    edit(workspace, kept)
    assert set(shown(workspace, tmp_path / "main.py")) == {"closed.py", "kept.py"}
    workspace.changed(document(closed, "CANARY = 23\n"), None)
    assert shown(workspace, tmp_path / "main.py") == ["kept.py"]


def test_edits_of_a_file_that_rules_ignore_by_now_are_not_shown(tmp_path: Path) -> None:
    workspace = Workspace((tmp_path,))
    edit(workspace, tmp_path / "a.py")
    assert shown(workspace, tmp_path / "main.py") == ["a.py"]
    (tmp_path / FILE).write_text("a.py\n", encoding="utf-8")
    assert shown(workspace, tmp_path / "main.py") == []


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("git:/home/u/app/a%20b.py?%7B%22ref%22%3A%22%22%7D", "a b.py"),
        ("vscode-notebook-cell:/home/u/book.ipynb#W0s", "book.ipynb"),
        ("untitled:Untitled-1", "Untitled-1"),
        ("untitled:/home/u/new.py", "new.py"),
    ],
)
def test_a_text_that_is_no_file_is_shown_under_its_name_alone(uri: str, name: str) -> None:
    assert Workspace((Path("/home/u"),)).name(uri) == name


def test_memory_is_bounded(tmp_path: Path) -> None:
    workspace = Workspace((tmp_path,))
    for number in range(MAX_FILES + 40):
        path = tmp_path / f"{number}.py"
        edit(workspace, path)
        assert not workspace.ignored(path.as_uri())
        workspace.changed(document(path, "CANARY = 23\n"), None)
    assert held(workspace) < 40, "nothing is kept of what was closed"
    for number in range(2 * MAX_PLACES):
        workspace.ignored(f"untitled:{number}")
    assert held(workspace) < MAX_PLACES + 40


def held(workspace: Workspace) -> int:
    """How many files' URIs and paths a workspace still knows, wherever in it they stand."""
    seen: set[int] = set()
    uris: set[str | Path] = set()
    waiting: list[object] = [workspace]
    while waiting:
        it = waiting.pop()
        if id(it) in seen:
            continue
        seen.add(id(it))
        if isinstance(it, Path):
            uris.add(it)
        elif isinstance(it, str):
            uris |= {it} if it.startswith(("file:", "untitled:")) else set()
        elif isinstance(it, dict):
            waiting += [*it.keys(), *it.values()]
        elif isinstance(it, (list, tuple, set, frozenset)):
            waiting += it
        elif type(it).__module__.startswith("understudy.context") or isinstance(it, Document):
            slots = getattr(type(it), "__slots__", ())
            waiting += [*getattr(it, "__dict__", {}).values(), *(getattr(it, slot) for slot in slots)]
    return len(uris)
