"""What the context engine finds of other files, on this repository's own sources, with the real index.

`python -m bench.recall` measures it on packages of others. Here are a few lines, so that a change that breaks retrieval
is seen at once; the floors lie well below what is found.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.recall.case import Project
from bench.recall.measure import run
from bench.recall.systems import OURS

ROOT = Path(__file__).parents[1]
BUDGET = 1024
SEED = 5


def own(language: str, folder: Path, ending: str) -> Project:
    """Sources of this repository, as a package."""
    files = {it.relative_to(folder).as_posix(): it.read_text("utf-8") for it in sorted(folder.rglob(f"*{ending}"))}
    return Project("understudy", language, folder, files)


@pytest.mark.timeout(300)  # some ten seconds, more where the cores are others'
@pytest.mark.parametrize(
    ("language", "folder", "ending", "lines", "floor"),
    [("python", "server", ".py", 40, 0.7), ("typescript", "extension", ".ts", 20, 0.7)],
)
async def test_definitions_in_other_files_are_found(
    language: str, folder: str, ending: str, lines: int, floor: float
) -> None:
    project = own(language, ROOT / folder, ending)
    tallies = await run([project], limit=lines, seed=SEED, systems=(OURS, "tabs"), budgets=(BUDGET,))
    ours, tabs = tallies[OURS, BUDGET], tallies["tabs", BUDGET]
    assert len(ours.lines) == lines
    missed = [f"{case.where}: {name}" for case, name in ours.misses]
    assert ours.share.value >= floor, missed
    assert ours.share.value >= 2 * tabs.share.value
    assert max(ours.tokens) <= BUDGET
