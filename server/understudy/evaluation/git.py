"""Reads a repository with git, without letting the repository's own settings start any program."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from understudy.core.errors import UsageError

SECONDS = 60.0
# A repository may name programs that git runs for it (CVE-2026-45033 and others): none is run for these.
HARMLESS = (
    *("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "-c", "safe.bareRepository=explicit"),
    *("-c", "diff.external=", "-c", "core.pager=", "-c", "log.showSignature=false", "-c", "protocol.allow=never"),
)
ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
}


def git(folder: Path, *words: str) -> str:
    """What git prints; bytes that are not UTF-8 become surrogates. Raises `UsageError`: no git, or it refuses."""
    command = ["git", *HARMLESS, "-C", str(folder), *words]
    try:
        answer = subprocess.run(
            command, capture_output=True, timeout=SECONDS, check=False, env={**os.environ, **ENVIRONMENT}
        )
    except FileNotFoundError:
        raise UsageError("git is not installed.", "Install git.") from None
    except subprocess.TimeoutExpired:
        raise UsageError(f"git takes too long in {folder}.", "Try a smaller repository.") from None
    if answer.returncode:
        said = answer.stderr.decode(errors="replace").strip().splitlines() or ["it says nothing"]
        raise UsageError(
            f"git cannot read {folder} ({said[-1].removeprefix('fatal: ')}).", "Give the folder of a repository."
        )
    return answer.stdout.decode("utf-8", errors="surrogateescape")
