"""Someone who starts an editor: a home of their own, a project in it, nothing configured."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

SCRIPT = Path(__file__).parents[1] / "e2e" / "sum.script"
ADD = 'def add(a, b):\n    """Add two numbers."""\n'


@dataclass(frozen=True)
class User:
    """A home, a project in it, and the environment in which this user starts an editor."""

    home: Path
    project: Path
    environment: dict[str, str] = field(repr=False)

    def file(self, name: str, text: str) -> Path:
        """Write a file of the project."""
        return _write(self.project / name, text)

    def config(self, name: str, text: str) -> Path:
        """Write a file of this user's settings."""
        return _write(Path(self.environment["XDG_CONFIG_HOME"]) / name, text)

    def engine_says(self, script: str) -> None:
        """Let the scripted engine say something else (server/understudy/engine/script.py) from the next start on."""
        self.environment["UNDERSTUDY_SCRIPT"] = str(_write(self.home / "engine.script", script))

    def logs(self) -> dict[str, str]:
        """What the programs wrote into their logs below this home."""
        files = sorted(self.home.rglob("*.log"))
        return {str(file.relative_to(self.home)): file.read_text(errors="replace") for file in files}


def new_user(home: Path) -> User:
    """A user whose PATH holds `understudy`, and whose engine adds two numbers."""
    project, programs = home / "project", home / "bin"
    for folder in (project, programs):
        folder.mkdir(parents=True)
    # Not the folder of the development environment: its linters would serve the editor too.
    (programs / "understudy").symlink_to(Path(sys.executable).parent / "understudy")
    environment = {
        "HOME": str(home),
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "LANG": "C.UTF-8",
        "UNDERSTUDY_SCRIPT": str(SCRIPT),
        **{f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CONFIG", "CACHE", "DATA", "STATE")},
        **{f"UNDERSTUDY_{kind}_HOME": str(home / "understudy") for kind in ("CONFIG", "DATA", "STATE")},
    }
    user = User(home, project, environment)
    user.file("add.py", ADD)
    return user


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
