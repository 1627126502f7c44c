"""A repository of one's own, for tests."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

AUTHOR = {
    **{
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "A"), ("EMAIL", "a@b"))
    },
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def git(folder: Path, *words: str) -> str:
    command = ["git", "-C", str(folder), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **AUTHOR}).stdout


def repository(folder: Path, *commits: dict[str, str | bytes]) -> Path:
    """A repository with these commits, each of which writes files."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    for number, files in enumerate(commits):
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--message", f"number {number}")
    return folder
