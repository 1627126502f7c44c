"""The arguments of every plan before the real vLLM's own parser."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from e2e.vllm.conftest import ensure_installed
from understudy.engine import environment
from unit.engine.plan.machines import argument_lists

PROGRAM = Path(__file__).with_name("parse_arguments.py")
MISTAKE = "a mistake"


def test_vllm_takes_the_arguments_of_every_plan() -> None:
    ensure_installed()
    lists = argument_lists()
    assert len(lists) >= 20
    wrong = ["--model", "x", *next(iter(lists.values()))[2:], "--long-prefill-threshold-token", "1"]
    answer = subprocess.run(
        [environment.find_installed().python, PROGRAM],
        input=json.dumps({"commands": {**lists, MISTAKE: wrong}, "architectures": []}),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr[-3000:]
    found: dict[str, str] = json.loads(answer.stdout.splitlines()[-1])
    assert set(found) == {MISTAKE}, found
