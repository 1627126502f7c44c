"""What is kept from the model."""

from __future__ import annotations

from pathlib import Path

import pytest

from understudy.context.ignore import FILE, IgnoreRules
from understudy.context.workspace import Workspace

SECRET = [
    ".env",
    ".env.local",
    "deploy/.env.production",
    "prod.env",
    "server.pem",
    "keys/server.key",
    "home/.ssh/config",
    "id_rsa",
    "id_ed25519.pub",
    ".aws/credentials",
    "credentials.json",
    "secrets.yaml",
    ".netrc",
    ".npmrc",
    ".kube/config",
    "main.tfvars",
    ".ENV",
    "Server.PEM",
]
PLAIN = [
    "main.py",
    "environment.py",
    "keyboard.py",
    "config.py",
    "src/envelope.ts",
    "docs/credentials_howto.md",
    "pem.py",
]


@pytest.mark.parametrize("name", SECRET)
def test_secrets_are_ignored_by_themselves(name: str, tmp_path: Path) -> None:
    assert IgnoreRules.load(tmp_path).ignored(tmp_path / name)
    assert IgnoreRules.load(None).ignored(tmp_path / name)


@pytest.mark.parametrize("name", PLAIN)
def test_other_files_are_not(name: str, tmp_path: Path) -> None:
    assert not IgnoreRules.load(tmp_path).ignored(tmp_path / name)
    assert not IgnoreRules.load(None).ignored(tmp_path / name)


def test_patterns_are_those_of_gitignore(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("# ours\nbuild/\n/top.py\n*.gen.*\n!kept.gen.py\n", encoding="utf-8")
    rules = IgnoreRules.load(tmp_path)
    ignored = ["build/a.py", "src/build/a.py", "top.py", "src/a.gen.py"]
    assert [name for name in ignored if not rules.ignored(tmp_path / name)] == []
    assert [name for name in ("src/top.py", "kept.gen.py", "a.py") if rules.ignored(tmp_path / name)] == []


def test_a_byte_order_mark_hides_no_pattern(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("private.py\n", encoding="utf-8-sig")
    assert IgnoreRules.load(tmp_path).ignored(tmp_path / "private.py")


def test_a_workspace_can_only_add(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("!.env\n!mine.py\n", encoding="utf-8")
    rules = IgnoreRules.load(tmp_path, ("mine.py",))
    assert rules.ignored(tmp_path / ".env")
    assert rules.ignored(tmp_path / "mine.py")


@pytest.mark.parametrize("content", [b"\xff\xfe\x00broken", None])
def test_rules_that_cannot_be_read_ignore_everything(content: bytes | None, tmp_path: Path) -> None:
    if content is None:
        (tmp_path / FILE).mkdir()
    else:
        (tmp_path / FILE).write_bytes(content)
    rules = IgnoreRules.load(tmp_path)
    assert rules.ignored(tmp_path / "main.py")
    assert rules.reason is not None
    assert FILE in rules.reason


def test_a_pattern_that_cannot_be_understood_ignores_everything(tmp_path: Path) -> None:
    rules = IgnoreRules.load(tmp_path, ("!",))
    assert rules.ignored(tmp_path / "main.py")
    assert rules.reason is not None


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
