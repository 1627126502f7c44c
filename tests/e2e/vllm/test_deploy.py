"""The command lines of `server/deploy` before the real vLLM's own parser, with a file of two users' keys."""

from __future__ import annotations

import pytest

from deploy.setups import KEYS_FILES, vllm_commands
from e2e.vllm.objections import objections

MISTAKES = {
    "an unknown flag": "--enable-prefix-cashing",
    "a wrong value": "--scheduling-policy fair",
    "a wrong name in the file of keys": "--config {folder}/wrong.yaml",
}


@pytest.fixture(scope="module", name="wrong")
def fixture_wrong(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("keys")
    keys = folder / "keys.yaml"
    keys.write_text("api-key:\n  - of-ann\n  - of-bob\n")
    (folder / "wrong.yaml").write_text("api-keys:\n  - of-ann\n")
    commands = {
        name: [str(keys) if word in KEYS_FILES else word for word in arguments]
        for name, arguments in vllm_commands().items()
    }
    commands |= {name: ["--model", "x", *words.format(folder=folder).split()] for name, words in MISTAKES.items()}
    return objections(commands)


@pytest.mark.parametrize("name", vllm_commands())
def test_vllm_takes_the_command(wrong: dict[str, str], name: str) -> None:
    assert name not in wrong, wrong[name]


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_would_be_seen(wrong: dict[str, str], name: str) -> None:
    assert wrong[name]
