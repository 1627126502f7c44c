"""Which real programs the editor tests drive, and where they are: on PATH if new enough, else in `.editors/bin`.

`make editors` (install.py) fills `.editors/bin`. A test asks for `program("nvim")`; where there is none it is skipped
with a sentence that says why, or fails if UNDERSTUDY_EDITORS=required, so that no CI skips what it is there to test.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EDITORS = ROOT / ".editors"
BIN = EDITORS / "bin"
ARTEFACTS = EDITORS / "artefacts"

Version = tuple[int, ...]


@dataclass(frozen=True)
class Program:
    """A program and the versions that the tests are written for: from `oldest` on, and before `below`."""

    name: str
    oldest: Version
    below: Version | None = None
    also_called: tuple[str, ...] = ()
    version_argument: str = "--version"

    def suits(self, version: Version) -> bool:
        return self.oldest <= version and (self.below is None or version < self.below)

    @property
    def wanted(self) -> str:
        return f"{self.name} {'.'.join(map(str, self.oldest))} or newer" + (
            f", before {'.'.join(map(str, self.below))}" if self.below else ""
        )


PROGRAMS = {
    row.name: row
    for row in (
        Program("nvim", (0, 12)),
        Program("emacs", (30,)),
        Program("hx", (25,), also_called=("helix",)),
        Program("tmux", (3, 2), version_argument="-V"),
        Program("chromium", (120,), also_called=("chromium-browser", "google-chrome")),
        # code-server runs on no other Node than this.
        Program("node", (24,), below=(25,)),
        Program("npm", (11,)),
        Program("code-server", (4, 139, 1)),
    )
}


def program(name: str) -> Path:
    """Where the program is. Without it the test is skipped, or fails if UNDERSTUDY_EDITORS=required."""
    if (found := find(name)) is not None:
        return found
    reason = f"{PROGRAMS[name].wanted}, is not on PATH. Run `make editors`, or install it."
    if required():
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def required() -> bool:
    """Whether a missing program is a failure."""
    return os.environ.get("UNDERSTUDY_EDITORS") == "required"


@lru_cache
def find(name: str) -> Path | None:
    """The first one that is new enough, if any."""
    row = PROGRAMS[name]
    return next((path for path in _candidates(row) if suits(row, path)), None)


def suits(row: Program, path: Path) -> bool:
    """Whether it runs and has a version for which the tests are written."""
    version = version_of(path, row.version_argument)
    return version is not None and row.suits(version)


def version_of(path: Path, argument: str = "--version") -> Version | None:
    """What it says first that looks like a version; None if it does not run."""
    try:
        said = subprocess.run(
            [path, argument], capture_output=True, text=True, timeout=60, check=True, stdin=subprocess.DEVNULL
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"\d+(?:\.\d+)*", said)
    return tuple(map(int, found.group().split("."))) if found else None


def _candidates(row: Program) -> Iterator[Path]:
    for name in (row.name, *row.also_called):
        if (on_path := shutil.which(name)) is not None:
            yield Path(on_path)
    # Node comes with a Python package, next to the interpreter that runs the tests.
    for folder in (BIN, Path(sys.executable).parent):
        if (path := folder / row.name).is_file():
            yield path
