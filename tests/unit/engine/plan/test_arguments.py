"""From a row and a place to vLLM's arguments, and what a start makes of a checkpoint that the catalogue knows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from understudy.core.errors import StartFailed
from understudy.core.settings import EngineSettings
from understudy.engine.checkpoint import Checkpoint
from understudy.engine.environment import at_least, environment_for
from understudy.engine.launch import vllm_launch
from understudy.engine.local import order_for
from understudy.engine.plan.arguments import of_checkpoint, options
from understudy.engine.plan.hardware import Reading
from understudy.engine.state import EngineFolder

ROW = """
[[model]]
name = "Mine"
servedBy = "vllm"
lanes = ["typing"]
licence = "MIT"
commercial = true
architecture = "Qwen2ForCausalLM"
parameters = 1.0
activeParameters = 1.0
context = 8192
cachePerToken = 1024
infill = "none"
toolParser = "hermes"
arguments = ["--max-num-seqs", "5"]
checkpoints = [
  { model = "me/mine", precision = "bf16", weights = 2.0, active = 2.0, source = "here", arguments = ["--seed", "1"] },
  { model = "me/newer", precision = "bf16", weights = 2.0, active = 2.0, source = "here", minimumVllm = "99.1" },
]
"""


@pytest.fixture(autouse=True)
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user with a row of their own, and an environment that looks whole."""
    for name in ("DATA", "CONFIG"):
        monkeypatch.setenv(f"UNDERSTUDY_{name}_HOME", str(tmp_path / name))
    (tmp_path / "CONFIG").mkdir()
    (tmp_path / "CONFIG" / "models.toml").write_text(ROW)
    made = environment_for(gpu=False)
    made.python.parent.mkdir(parents=True)
    made.python.touch()
    made.marker.write_text(json.dumps({}))


def test_a_known_checkpoint_starts_with_its_rows_arguments_and_the_users_come_last(tmp_path: Path) -> None:
    settings = EngineSettings(model="me/mine", arguments=("--seed", "7"))
    command = order_for(settings, EngineFolder(tmp_path)).launch.command
    tail = ("--max-num-seqs", "5", "--enable-auto-tool-choice", "--tool-call-parser", "hermes", "--seed", "1")
    assert command[-9:] == (*tail, "--seed", "7")


def test_an_unknown_checkpoint_starts_without(tmp_path: Path) -> None:
    command = order_for(EngineSettings(model="me/other"), EngineFolder(tmp_path)).launch.command
    assert command[-2:] == ("--block-size", "32")
    assert "--tool-call-parser" not in command


def test_a_checkpoint_that_needs_a_newer_vllm_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StartFailed, match=r"^me/newer needs vLLM 99\.1, and this Understudy runs 0\.\d+\.\d+\. Choose"):
        order_for(EngineSettings(model="me/newer"), EngineFolder(tmp_path))


def test_a_profile_for_a_gpu_brings_variables() -> None:
    name, gpus = (
        "nvidia/Qwen3.6-35B-A3B-NVFP4",
        tuple(Reading(f"NVIDIA GeForce RTX {n}", 0, 0, 9.0) for n in (4090, 5090)),
    )
    on_cpu = of_checkpoint(name)
    assert "--tool-call-parser" in on_cpu.arguments
    assert on_cpu.environment == {}
    assert of_checkpoint(name, gpus).environment == {}, "the first GPU, where none is named"
    for words in (("-tp", "1", "--device-ids", "1,0"), ("--device-ids=0", "--device-ids=1")):
        second = of_checkpoint(name, gpus, words)
        assert second.environment == {"VLLM_HAS_FLASHINFER_CUBIN": "1"}, "the profile of the GPU that it runs on"
    assert of_checkpoint(name, gpus, ("--device-ids", "7")).environment == {}


def test_devices_are_counted_as_a_plan_counts_them(tmp_path: Path) -> None:
    """CUDA by itself counts the fastest first, the driver along the bus."""
    assert (
        "CUDA_DEVICE_ORDER" not in order_for(EngineSettings(model="me/mine"), EngineFolder(tmp_path)).launch.environment
    )
    checkpoint = Checkpoint("me/mine", "me/mine")
    launch = vllm_launch(tmp_path / "python", checkpoint, gpu=True, inside=tmp_path)
    assert launch.environment["CUDA_DEVICE_ORDER"] == "PCI_BUS_ID"


@pytest.mark.parametrize(
    ("version", "minimum", "enough"),
    [("0.32.0", "0.9.1", True), ("0.32.0", "0.32.0", True), ("0.32.0", "0.32.1", False), ("0.32.0", "1.0", False)],
)
def test_versions_compare_as_numbers(version: str, minimum: str, *, enough: bool) -> None:
    assert at_least(version, minimum) is enough


def test_of_an_option_given_twice_the_last_counts() -> None:
    given = ("--a", "1", "--flag", "--b", "2", "--a", "3", "--flag")
    assert options(given) == [("--b", "2"), ("--a", "3"), ("--flag",)]
