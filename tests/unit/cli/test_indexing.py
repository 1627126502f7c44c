"""Which folders are read, and when an index gives way to another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from understudy.cli.checkup import Level
from understudy.cli.index_checkup import of_one
from understudy.cli.indexing import (
    ABOVE_HOME,
    HOME,
    NO_FOLDER,
    QUICK_SECONDS,
    SWITCHED_OFF,
    UNUSED,
    Indexes,
    readable,
    settled,
)
from understudy.context.index.indexing import Indexing, Progress
from understudy.context.index.kept import database_of
from understudy.context.index.old import PROBLEM
from understudy.core.settings import Settings


@pytest.fixture(name="home")
def fixture_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "homes" / "me"
    (home / "project").mkdir(parents=True)
    for variable in ("HOME", "USERPROFILE", "UNDERSTUDY_STATE_HOME"):
        monkeypatch.setenv(variable, str(home))
    return home


def test_neither_a_home_folder_nor_what_holds_it_is_read(home: Path) -> None:
    assert readable((home / "project",)) == ((home / "project",), "")
    assert readable((home,)) == ((), HOME)
    assert readable((home.parent,)) == ((), ABOVE_HOME.format(home.parent))
    assert readable((Path(home.anchor),)) == ((), ABOVE_HOME.format(home.anchor))
    assert readable((home, home / "project")) == ((home / "project",), HOME)


def test_a_link_to_a_home_folder_is_a_home_folder(home: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(home)
    assert readable((tmp_path / "link",)) == ((), HOME)


def test_a_folder_that_leads_nowhere_costs_itself_alone(home: Path, tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    kept, why = readable((tmp_path / "circle", home / "project"))
    assert kept == (home / "project",)
    assert str(tmp_path / "circle") in why


def settings(**groups: dict[str, Any]) -> Settings:
    return Settings.model_validate(groups)


async def test_an_index_is_the_same_until_folders_or_rules_are_others(home: Path) -> None:
    indexes, project = Indexes(), home / "project"
    first = indexes.open(settings(), (project,)).indexing
    assert first is not None
    assert indexes.open(settings(completion={"debounceMs": 9}, engine={"model": "x"}), (project,)).indexing is first
    others = [
        indexes.open(settings(completion={"ignore": ["secret/"]}), (project,)).indexing,
        indexes.open(settings(context={"maxFiles": 9}), (project,)).indexing,
        indexes.open(settings(), (project, home.parent / "you")).indexing,
    ]
    assert None not in others
    assert len({id(it) for it in (first, *others)}) == 4


async def test_why_there_is_none(home: Path) -> None:
    for opened, why in (
        (Indexes().open(settings(), ()), NO_FOLDER),
        (Indexes().open(settings(), (home,)), HOME),
        (Indexes().open(settings(context={"index": False}), (home / "project",)), SWITCHED_OFF),
        (Indexes().open(settings(completion={"enabled": False}, fix={"enabled": False}), (home / "project",)), UNUSED),
    ):
        assert (opened.indexing, opened.unread) == (None, why)


@pytest.mark.parametrize("off", ["completion", "fix"])
async def test_files_are_read_for_whichever_is_switched_on(home: Path, off: str) -> None:
    opened = Indexes().open(settings(**{off: {"enabled": False}}), (home / "project",))
    assert opened.indexing is not None
    await opened.indexing.aclose()


class Waiting:
    """Says what it does once, and has nothing more to tell for `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    async def run(self, report: Callable[[Progress], None]) -> None:
        report(Progress("Waiting for another process", 0, 1))
        await asyncio.Event().wait()

    async def settled(self) -> None:
        await asyncio.sleep(self._seconds)

    async def aclose(self) -> None:
        pass

    def touched(self, paths: object) -> None:
        pass

    def rescan(self) -> None:
        pass


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.0, ""), (QUICK_SECONDS + 0.3, "  0 %  Waiting for another process\n")]
)
async def test_what_takes_long_is_shown_though_nothing_moves(
    capsys: pytest.CaptureFixture[str], seconds: float, shown: str
) -> None:
    async with settled(Waiting(seconds)):
        pass
    assert capsys.readouterr().err == shown


class Troubled(Waiting):
    async def run(self, report: Callable[[Progress], None]) -> None:
        report(Progress("", 0, 0, "There is no room. Make some."))
        await super().run(report)


async def test_a_problem_is_shown_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    async with settled(Troubled(0.0)):
        pass
    assert "There is no room. Make some." in capsys.readouterr().err


async def test_doctor_says_what_is_wrong_with_an_index(tmp_path: Path) -> None:
    root, state = tmp_path / "project", tmp_path / "index"
    root.mkdir()
    (root / "a.py").write_text("x = 1\n")
    async with settled(Indexing((root,), state)):
        pass
    file = database_of(root, state)
    assert of_one(file).level is Level.OK
    file.with_suffix(PROBLEM).write_text("There is no room. Make some.")
    assert (of_one(file).level, of_one(file).remedy) == (Level.NOTE, "There is no room. Make some.")
    file.write_bytes(b"damaged" * 1000)
    assert "damaged" in of_one(file).found
