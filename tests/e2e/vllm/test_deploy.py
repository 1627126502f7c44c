"""The command lines of `server/deploy` before the real vLLM's own parser, with a file of two users' keys."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from deploy.setups import KEYS_FILES, vllm_commands
from e2e.vllm.conftest import ensure_installed
from understudy.engine import environment

PROGRAM = Path(__file__).with_name("parse_arguments.py")
MISTAKES = {
    "an unknown flag": "--enable-prefix-cashing",
    "a wrong value": "--scheduling-policy fair",
    "a wrong name in the file of keys": "--config {folder}/wrong.yaml",
}


@pytest.fixture(scope="module", name="wrong")
def fixture_wrong(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What vLLM has against each command, asked all at once: it takes seconds to import."""
    ensure_installed()
    folder = tmp_path_factory.mktemp("keys")
    keys = folder / "keys.yaml"
    keys.write_text("api-key:\n  - of-ann\n  - of-bob\n")
    (folder / "wrong.yaml").write_text("api-keys:\n  - of-ann\n")
    commands = {
        name: [str(keys) if word in KEYS_FILES else word for word in arguments]
        for name, arguments in vllm_commands().items()
    }
    commands |= {name: ["--model", "x", *words.format(folder=folder).split()] for name, words in MISTAKES.items()}
    answer = subprocess.run(
        [environment.find_installed().python, PROGRAM],
        input=json.dumps({"commands": commands, "architectures": []}),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr[-3000:]
    found: dict[str, str] = json.loads(answer.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("name", vllm_commands())
def test_vllm_takes_the_command(wrong: dict[str, str], name: str) -> None:
    assert name not in wrong, wrong[name]


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_would_be_seen(wrong: dict[str, str], name: str) -> None:
    assert wrong[name]
