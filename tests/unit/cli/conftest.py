"""The command as a person types it: a process of its own, in folders of its own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typed_command import Run


@pytest.fixture(name="home")
def fixture_home(tmp_path: Path) -> dict[str, str]:
    """The environment of a user who has set nothing yet and has an engine of fewest words."""
    script = tmp_path / "script.txt"
    script.write_text('!always\n"a + b"\n', encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("UNDERSTUDY_")}
    folders = {f"UNDERSTUDY_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "STATE")}
    return {**kept, **folders, "UNDERSTUDY_SCRIPT": str(script), "HOME": str(tmp_path)}


@pytest.fixture(name="run")
def fixture_run(home: dict[str, str]) -> Run:
    return Run(home)


@pytest.fixture(name="source")
def fixture_source(tmp_path: Path) -> Path:
    file = tmp_path / "sum.py"
    file.write_text("def add(a, b):\n    return \n", encoding="utf-8")
    return file
