"""The `understudy` command as a person types it: a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """Runs `understudy` with some words in a user's environment. Variables are added, an empty one is taken away."""

    home: Mapping[str, str]

    def __call__(self, *words: str, **added: str) -> subprocess.CompletedProcess[str]:
        variables = {name: value for name, value in {**self.home, **added}.items() if value}
        command = [sys.executable, "-m", "understudy", *words]
        return subprocess.run(command, env=variables, capture_output=True, text=True, check=False, timeout=60)
