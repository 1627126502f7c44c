"""A typed replay on the real engine with the bundled model, in a state folder of its own."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter

from bench.figures import row, say
from understudy.core.settings import EngineSettings, Settings
from understudy.engine.base import Engine, Progress
from understudy.engine.local import LocalSource
from understudy.engine.state import EngineFolder
from understudy.engine.supervisor import stop
from understudy.evaluation.commits import typings
from understudy.evaluation.journal import Record
from understudy.evaluation.replay import LINES, Session, outcome_lines, summarise, written

ROOT = Path(__file__).parents[2]
CHARACTERS = 900
WARM_UP = 100
QUIET = 0.6
BUNDLED = EngineSettings()


@asynccontextmanager
async def engine(settings: EngineSettings = BUNDLED) -> AsyncIterator[tuple[Engine, EngineFolder]]:
    """vLLM on the bundled model or another, stopped at the end."""
    with tempfile.TemporaryDirectory(prefix="understudy-bench-") as home:
        folder = EngineFolder(Path(home) / "engine")
        folder.root.mkdir()
        source = LocalSource(settings, who="bench", folder=folder)
        began = perf_counter()
        try:
            found = await source.ensure(_quiet)
            say(f"  vLLM ready after {perf_counter() - began:.0f} s")
            yield found, folder
        finally:
            await source.aclose()
            stop(folder)


async def measure() -> None:
    """Type real commits of this repository on the real engine and print what it took."""
    async with engine() as (real, _):
        await _replay(real, WARM_UP)
        figures = summarise(await _replay(real, CHARACTERS)).figures
    row("keystrokes", figures["keystrokes"])
    for line in outcome_lines(figures):
        say(f"  {line}")
    for words, name, form in LINES:
        if name == "without_new_request":
            met = figures[name] >= QUIET
            row(words, written(figures[name], form), f"≥ {QUIET:.0%}", met=met)
        elif figures[name] is not None:
            row(words, written(figures[name], form))


async def _replay(real: Engine, characters: int) -> list[Record]:
    session = Session(real, Settings())
    chosen = typings(ROOT, characters=characters, wanted=lambda language: language == "python", seed=characters)
    try:
        return [await session.record(typing) for typing in chosen]
    finally:
        await session.aclose()


def _quiet(_: Progress) -> None:
    return None
