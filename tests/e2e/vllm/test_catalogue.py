"""Every row's arguments before the real vLLM's own parser, for every checkpoint on every GPU that has a profile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.vllm.objections import objections
from understudy.engine.catalogue import serving
from understudy.engine.catalogue.load import built_in
from understudy.engine.checkpoint import find_checkpoint
from understudy.engine.launch import vllm_launch, with_port

CPU, ANY_GPU = "the CPU", "any GPU"
MINIMUM = 50  # commands; fewer would mean that rows or profiles were not found
# Each kind of mistake that a row could hold, and what vLLM says to it.
MISTAKES = {
    "--no-such-argument": "unrecognized arguments",
    "--kv-cache-dtype fp3": "invalid choice",
    '--attention-config {"no_such_key":true}': "unexpected_keyword_argument",
    "--enable-auto-tool-choice": "requires --tool-call-parser",
    "--attention-backend x": "no attention_backend",
    "--config-format x": "no config_format",
    "--load-format x": "no load_format",
    "--quantization x": "no quantization",
    "--reasoning-parser x": "no reasoning_parser",
    "--tokenizer-mode x": "no tokenizer_mode",
    "--tool-call-parser x": "no tool_call_parser",
}
NO_ARCHITECTURE = "NoSuchForCausalLM"


def commands() -> Iterator[tuple[str, list[str]]]:
    """The arguments after the module's name of everything that the catalogue can start, by a name that says what."""
    for model in built_in():
        for checkpoint in model.checkpoints:
            profiled = (gpu for profile in model.gpu_arguments for gpu in profile.gpus)
            for gpu in dict.fromkeys((CPU, ANY_GPU, *profiled)):
                row = serving(model, checkpoint, "" if gpu in (CPU, ANY_GPU) else gpu)
                found = find_checkpoint(checkpoint.model)
                launch = vllm_launch(Path("python"), found, gpu=gpu != CPU, extra=row.arguments, inside=Path("inside"))
                yield f"{checkpoint.model} on {gpu}", list(with_port(launch, 8000)[3:])


@pytest.fixture(scope="module", name="wrong")
def fixture_wrong() -> dict[str, str]:
    architectures = {model.architecture for model in built_in() if model.served_by == "vllm"}
    mistakes = {words: ["--model", "x", *words.split()] for words in MISTAKES}
    return objections(dict(commands()) | mistakes, [*architectures, NO_ARCHITECTURE])


def test_vllm_takes_every_row(wrong: dict[str, str]) -> None:
    assert len(dict(commands())) >= MINIMUM
    assert {name: problem for name, problem in wrong.items() if name not in (*MISTAKES, NO_ARCHITECTURE)} == {}


@pytest.mark.parametrize("words", MISTAKES)
def test_a_mistake_would_be_seen(wrong: dict[str, str], words: str) -> None:
    assert MISTAKES[words] in wrong[words]


def test_an_architecture_that_it_lacks_would_be_seen(wrong: dict[str, str]) -> None:
    assert NO_ARCHITECTURE in wrong
