"""For the tests of checkers: a workspace on disk, a checking for it, and programs that the tests write themselves."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from understudy.checking.base import Overlay, Report
from understudy.checking.diagnostic import Diagnostic
from understudy.checking.local import LocalChecking
from understudy.checking.session import Session
from understudy.core.settings import FixSettings
from understudy.core.text import Document, Span

ROOT = Path(__file__).resolve().parents[3]
NODE_MODULES = ROOT / "node_modules" / ".bin"


def write(folder: Path, files: dict[str, str]) -> None:
    """Files by their names below a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def program(path: Path, code: str) -> Path:
    """A program in Python."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!{sys.executable} -S\n{code}")
    path.chmod(0o755)
    return path


def tree(folder: Path) -> dict[str, str]:
    """All that lies in a folder: what each file holds, and where a link leads."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        elif path.is_file():
            found[name] = path.read_bytes().decode("utf-8", "backslashreplace")
    return found


def document(path: Path, text: str | None = None, language: str = "python") -> Document:
    """A file as an open document; with `text` it holds that instead."""
    return Document(path.as_uri(), 1, language, path.read_text() if text is None else text)


def target(source: str, code: str = "") -> Diagnostic:
    return Diagnostic(Span(0, 1), "a message", source, code)


class Place:
    """A workspace folder, a folder for what a session needs, and one that alone is on the PATH."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = folder / "workspace"
        self.bin = folder / "bin"
        self.home = folder / "state"
        for each in (self.root, self.bin, self.home):
            each.mkdir()
        monkeypatch.setenv("PATH", os.pathsep.join([str(self.bin), "/usr/bin", "/bin"]))
        self._checkings: list[LocalChecking] = []

    def checking(
        self,
        *,
        trusted: bool = False,
        opened: Iterable[Document] = (),
        roots: tuple[Path, ...] | None = None,
        **settings: object,
    ) -> LocalChecking:
        folders = (str(self.root),) if trusted else ()
        made = LocalChecking(
            (self.root,) if roots is None else roots,
            # Where all cores are busy, a type checker takes longer than users wait.
            FixSettings.model_validate({"trusted_folders": folders, "check_seconds": 100, **settings}),
            lambda: opened,
            Session(self.home),
        )
        self._checkings.append(made)
        return made

    def scratch(self) -> list[Path]:
        """What checks have not removed: folders in the session's folders, without what is kept."""
        return [path for path in self.home.glob("*/*") if path.name.startswith("tmp")]

    def close(self) -> None:
        for each in self._checkings:
            each.close()
        assert list(self.home.iterdir()) == [], "a session's folder is left"


async def report(checking: LocalChecking, doc: Document, source: str, **others: str) -> Report:
    """What the owner of a problem says."""
    return (await checking.check(Overlay(doc, others), target(source)))[0]


def said(report: Report, text: str) -> list[tuple[str, str]]:
    """The code, or else the message, of each problem and the text that it is about."""
    assert report.diagnostics is not None, report.unable
    return [(each.code or each.message, text[each.span.start : each.span.end]) for each in report.diagnostics]
