"""What the tests in real editors share: a user with nothing of their own, a small project, a place for pictures."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from programs import ARTEFACTS

SCRIPT = Path(__file__).parents[1] / "e2e" / "sum.script"
BEFORE = 'def add(a, b):\n    """Add two numbers."""\n'


@dataclass(frozen=True)
class User:
    """A user's home, a project in it, and the environment in which they start their editor."""

    home: Path
    project: Path
    environment: dict[str, str] = field(repr=False)

    def file(self, name: str, text: str) -> Path:
        """A file of the project."""
        path = self.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def engine_says(self, script: str) -> None:
        """Put the scripted engine in the model's place (server/understudy/engine/script.py)."""
        path = self.home / "engine.script"
        path.write_text(script, encoding="utf-8")
        self.environment["UNDERSTUDY_SCRIPT"] = str(path)


@pytest.fixture(name="user")
def fixture_user(tmp_path: Path) -> User:
    """Someone whose engine adds two numbers, who has configured nothing, and whose PATH holds `understudy`."""
    home, project = tmp_path / "home", tmp_path / "home" / "project"
    project.mkdir(parents=True)
    environment = {
        "HOME": str(home),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "LANG": "C.UTF-8",
        "UNDERSTUDY_SCRIPT": str(SCRIPT),
        **{f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CONFIG", "CACHE", "DATA", "STATE")},
        **{f"UNDERSTUDY_{kind}_HOME": str(home / "understudy") for kind in ("CONFIG", "DATA", "STATE")},
    }
    user = User(home, project, environment)
    user.file("add.py", BEFORE)
    return user


@pytest.fixture(name="artefacts")
def fixture_artefacts(request: pytest.FixtureRequest) -> Iterator[Path]:
    """Where a test leaves pictures and logs for a person to look at; it is kept after the run."""
    folder = ARTEFACTS / request.path.parent.name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say where the pictures of this run are."""
    if ARTEFACTS.is_dir() and any(ARTEFACTS.iterdir()):
        terminalreporter.write_line(f"Pictures of the editors: {ARTEFACTS}")
