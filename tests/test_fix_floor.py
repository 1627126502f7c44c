"""That every true fix of a fault is offered as checked, and nothing that only looks like one: on this repository's own
sources, with ruff alone.

`python -m bench diagfix` does it on packages of others, with type checkers, in Python and TypeScript. Here are some
cases, so that a change that breaks the reading, the matching or the verification is seen at once.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from bench.diagfix import whole
from bench.diagfix.adversaries import ADVERSARIES
from bench.diagfix.packages import RUFF_TOML
from bench.diagfix.seed import KINDS, seeded
from bench.recall.case import Project, written

SOURCES = Path(__file__).parents[1] / "server" / "understudy" / "core"
SEED = 3


@pytest.fixture(name="project")
def fixture_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A few sources of this repository, as a package of their own."""
    programs = str(Path(sys.executable).parent)
    monkeypatch.setenv("PATH", programs, prepend=":")
    if shutil.which("ruff") is None:
        pytest.skip("ruff is not installed")
    files = {f"core/{file.name}": file.read_text("utf-8") for file in sorted(SOURCES.glob("*.py"))}
    root = written(Project("core", "python", tmp_path, files), tmp_path)
    (root / "ruff.toml").write_text(RUFF_TOML)
    return Project("core", "python", root, files)


@pytest.mark.timeout(300)  # some twenty seconds, more where the cores are others'
async def test_true_fixes_are_offered_as_checked_and_nothing_else(project: Project) -> None:
    kinds = [kind for kind in KINDS if kind.checker == "ruff"]
    pairs = await seeded([project], {"ruff": 2}, SEED, kinds)
    assert len({case.kind.name for _, case in pairs}) >= 8
    oracle = await whole.oracle(pairs)
    assert [f"{it.case.where}: {it.said}" for it in oracle if not it.checked] == []
    assert all(it.gone and it.clean and it.exact and it.imports is not False for it in oracle)
    adversaries = await whole.adversaries(pairs, {"ruff": len(ADVERSARIES)})
    assert len(adversaries) >= 10 * len(pairs)
    assert [f"{name}: {it.case.where}: {it.said}" for name, it in adversaries if it.checked] == []
