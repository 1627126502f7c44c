"""`understudy demo` as a person sees it, with a script in the model's place."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from understudy.editing.words import block

FIXES = (
    ("    return reslt", ("    return reslt",), ("    return result",)),
    (
        "Undefined name `json`",
        ("from dataclasses import dataclass",),
        ("import json", "from dataclasses import dataclass"),
    ),
    ("    for order in orders\n", ("    for order in orders",), ("    for order in orders:",)),
)
GHOST = '!always\n"self.items[name]\\n"\n'


def answer(when: str, search: Sequence[str], replace: Sequence[str]) -> str:
    """A line of the script: what a chat about this gets."""
    return f"!when {json.dumps(when)}\n!always\n{json.dumps(block(search, replace))}\n===\n"


SCRIPT = "".join(answer(*fix) for fix in FIXES) + GHOST
COMMAND = (sys.executable, "-m", "understudy", "demo", "--speed")


@pytest.fixture(name="environment")
def fixture_environment(tmp_path: Path) -> dict[str, str]:
    script = tmp_path / "script"
    script.write_text(SCRIPT)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("UNDERSTUDY_")}
    environment |= {"UNDERSTUDY_SCRIPT": str(script), "PYTHONUNBUFFERED": "1"}
    return environment | {f"UNDERSTUDY_{name}_HOME": str(tmp_path / name) for name in ("STATE", "DATA", "CONFIG")}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no process group to interrupt as a terminal does")
def test_ctrl_c_in_the_terminal_ends_it_without_a_word(environment: dict[str, str]) -> None:
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([*COMMAND, "1"], env=environment, text=True, start_new_session=True, **pipes) as shown:
        assert shown.stdout is not None
        assert any("Ready" in line for line in shown.stdout)
        os.killpg(shown.pid, signal.SIGINT)
        _, said = shown.communicate(timeout=30)
    assert shown.returncode == 130
    assert "bug" not in said
    assert "Traceback" not in said


def test_the_demonstration_types_and_shows_what_it_got(environment: dict[str, str]) -> None:
    shown = subprocess.run(
        [*COMMAND, "50"],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=100,
        check=False,
    )
    assert shown.returncode == 0, shown.stderr
    assert "⟦self.items[name]⟧" in shown.stdout
    assert "⇥ accepted" in shown.stdout
    assert "tokens in" in shown.stdout
    assert "keys typed" in shown.stdout
    assert "💡 Fix: Undefined name `reslt` (checked: parses, " in shown.stdout
    assert "31 -     return reslt\n    31 +     return result\n" in shown.stdout
    assert "+ import json" in shown.stdout
    assert "3 problems fixed." in shown.stdout
    assert "extension/editors/neovim" in shown.stdout
    assert "Traceback" not in shown.stderr
