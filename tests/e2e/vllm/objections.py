"""What the installed vLLM has against argument lists and architectures; nothing is started."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from e2e.vllm.conftest import ensure_installed
from understudy.engine import environment

PROGRAM = Path(__file__).with_name("parse_arguments.py")


def objections(commands: Mapping[str, list[str]], architectures: Iterable[str] = ()) -> dict[str, str]:
    """By the names of `commands` and by `architectures`, for those that vLLM does not take. All are asked at once,
    since it takes seconds to import."""
    ensure_installed()
    answer = subprocess.run(
        [environment.find_installed().python, PROGRAM],
        input=json.dumps({"commands": dict(commands), "architectures": list(architectures)}),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr[-3000:]
    found: dict[str, str] = json.loads(answer.stdout.splitlines()[-1])
    return found
