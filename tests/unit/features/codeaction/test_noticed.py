"""What quick checkers see by themselves: when they are asked, for whom, and what ends it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from checking_words import Words
from understudy.checking.base import Checking, Overlay, Report
from understudy.checking.diagnostic import Diagnostic
from understudy.checking.local import LocalChecking
from understudy.context.workspace import Workspace
from understudy.core.settings import FixSettings
from understudy.core.text import Document, Span
from understudy.engine.scripted import ScriptedEngine, ScriptedSource
from understudy.features.codeaction.fixer import Fixer
from understudy.features.codeaction.noticed import LANGUAGES, LONGEST, PAUSE_SECONDS, QUICK, quick
from understudy.features.codeaction.outcome import Query

TEXT = "def one(path):\n    return pth\n\n\ndef two(path):\n    return path\n"
SAID = {"pth": "No name `pth`", "ptx": "No name `ptx`"}


@dataclass
class Counted(Words):
    """Tells which texts it was asked about."""

    said: dict[str, str] = field(default_factory=lambda: SAID)
    asked: list[str] = field(default_factory=list)

    async def check(self, overlay: Overlay, target: Diagnostic | None) -> tuple[Report, ...]:
        self.asked.append(overlay.document.text)
        return await super().check(overlay, target)


class Endless:
    """Checks for ever, and says when it was told to stop."""

    began = stopped = 0

    async def check(self, overlay: Overlay, target: Diagnostic | None) -> tuple[Report, ...]:
        self.began += 1
        try:
            await asyncio.Event().wait()
        finally:
            self.stopped += 1
        return ()


@dataclass
class Desk:
    fixer: Fixer
    workspace: Workspace
    document: Document

    def type(self, old: str, new: str) -> None:
        before = self.document
        self.document = replace(before, version=before.version + 1, text=before.text.replace(old, new, 1))
        self.workspace.changed(before, self.document)
        self.fixer.changed(before, self.document)

    def fixes(self, word: str, *diagnostics: Diagnostic, automatic: bool = False) -> list[str]:
        """The fixes in the menu at the beginning of the line of a word."""
        at = self.document.text.rindex("\n", 0, self.document.text.index(word)) + 1
        query = Query(self.document, Span(at, at), diagnostics, only=("quickfix",), automatic=automatic)
        return [it.title for it in self.fixer.offers(query) if it.kind == "quickfix"]


@asynccontextmanager
async def desk(
    noticing: Checking, *, language: str = "python", text: str = TEXT, uri: str = "file:///project/main.py"
) -> AsyncIterator[Desk]:
    workspace, document = Workspace(), Document(uri, 1, language, text)
    source = ScriptedSource(ScriptedEngine())
    fixer = Fixer(FixSettings(speculate=False), source, workspace, Words({}), noticing=noticing)
    workspace.changed(None, document)
    fixer.changed(None, document)
    try:
        yield Desk(fixer, workspace, document)
    finally:
        await fixer.aclose()


async def until(condition: Callable[[], object]) -> None:
    for _ in range(2000):
        if condition():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it has not come about")


async def a_while() -> None:
    """Longer than the pause after which something would be checked."""
    await asyncio.sleep(PAUSE_SECONDS + 0.3)


async def test_a_menu_that_is_opened_by_hand_has_fixes_for_the_problems_of_its_line() -> None:
    async with desk(Counted()) as it:
        await until(lambda: it.fixes("pth"))
        assert it.fixes("pth") == ["Fix: No name `pth`"]
        assert it.fixes("    return path") == []
        assert it.fixes("pth", automatic=True) == []


async def test_what_was_seen_holds_for_the_text_in_which_it_was_seen() -> None:
    checking = Counted()
    async with desk(checking) as it:
        await until(lambda: it.fixes("pth"))
        it.type("pth", "ptx")
        assert it.fixes("ptx") == []
        await until(lambda: it.fixes("ptx"))
        assert it.fixes("ptx") == ["Fix: No name `ptx`"]
        assert len(checking.asked) == 2


async def test_while_somebody_types_nothing_is_checked() -> None:
    checking = Counted()
    async with desk(checking) as it:
        for number in range(20):
            it.type("    return pth", f"    # {number}\n    return pth")
            await asyncio.sleep(0)
        await until(lambda: it.fixes("pth"))
        assert checking.asked == [it.document.text]


async def test_a_key_ends_a_check() -> None:
    checking = Endless()
    async with desk(checking) as it:
        await until(lambda: checking.began == 1)
        it.type("pth", "ptx")
        await until(lambda: checking.stopped == 1)
        await until(lambda: checking.began == 2)
    assert checking.stopped == 2


async def test_an_editor_that_sends_problems_needs_none_of_ours() -> None:
    checking = Counted()
    async with desk(checking) as it:
        await until(lambda: it.fixes("pth"))
        at = TEXT.index("two")
        assert it.fixes("two", Diagnostic(Span(at, at + 3), "Too short", "Other")) == ["Fix: Too short"]
        assert it.fixes("pth") == []
        it.type("pth", "ptx")
        await a_while()
        assert checking.asked == [TEXT]


async def test_what_waits_for_its_check_is_not_checked_once_the_editor_sends_problems() -> None:
    checking = Counted()
    async with desk(checking) as it:
        at = TEXT.index("two")
        it.fixes("two", Diagnostic(Span(at, at + 3), "Too short", "Other"))
        await a_while()
        assert not checking.asked


@pytest.mark.parametrize("other", [{"language": "lua"}, {"text": TEXT + "#" * LONGEST}])
async def test_long_texts_and_other_languages_are_left_alone(other: dict[str, str]) -> None:
    checking = Counted()
    async with desk(checking, **other):
        await a_while()
        assert not checking.asked


async def test_a_document_that_is_closed_is_forgotten() -> None:
    checking = Counted()
    async with desk(checking) as it:
        await until(lambda: it.fixes("pth"))
        it.fixer.changed(it.document, None)
        assert it.fixes("pth") == []
        it.fixer.changed(None, it.document)
        it.fixer.changed(it.document, None)
        await a_while()
        assert checking.asked == [TEXT]


async def test_the_checkers_that_are_installed(tmp_path: Path) -> None:
    checking = LocalChecking((tmp_path,), FixSettings(checkers=quick(("auto",))))
    try:
        async with desk(checking, uri=(tmp_path / "main.py").as_uri()) as it:
            await until(lambda: it.fixes("pth"))
            assert it.fixes("pth") == ["Fix: Undefined name `pth`"]
        assert await asyncio.to_thread(os.listdir, tmp_path) == []
    finally:
        checking.close()


def test_of_the_chosen_checkers_the_quick_ones() -> None:
    assert quick(("auto",)) == QUICK
    assert quick(("mypy", "ruff")) == ("ruff",)
    assert quick(("mypy",)) == ()
    assert {"python", "go"} == LANGUAGES
