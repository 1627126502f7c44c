"""The arguments of every plan before the real vLLM's own parser, and one plan that is carried out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from e2e.vllm.conftest import ensure_installed
from e2e.vllm.objections import objections
from understudy.bundled import model_path
from understudy.engine import environment
from unit.engine.plan.machines import argument_lists

MISTAKE = "a mistake"
# The model that a plan takes for a CPU, in the place of Qwen's: the bundled one under a name of the hub's.
ROW = """
[[model]]
name = "Qwen2.5-Coder-0.5B"
servedBy = "vllm"
lanes = ["typing"]
licence = "Apache-2.0"
commercial = true
architecture = "Qwen3ForCausalLM"
parameters = 0.006
activeParameters = 0.006
context = 4096
cachePerToken = 3072
infill = "none"
checkpoints = [{ model = "owner/name", precision = "bf16", weights = 0.0121, active = 0.0121, source = "a test" }]
"""


def test_vllm_takes_the_arguments_of_every_plan() -> None:
    lists = argument_lists()
    assert len(lists) >= 20
    wrong = ["--model", "x", *next(iter(lists.values()))[2:], "--long-prefill-threshold-token", "1"]
    found = objections({**lists, MISTAKE: wrong})
    assert set(found) == {MISTAKE}, found


@pytest.fixture(name="user")
def fixture_user(tmp_path: Path) -> dict[str, str]:
    """A user whose hub's cache holds the model of the plan, and who sees no GPU."""
    ensure_installed()
    installed = environment.find_installed().folder
    snapshot = tmp_path / "hub" / "models--owner--name" / "snapshots" / "1"
    shutil.copytree(model_path(), snapshot)
    (snapshot.parents[1] / "refs").mkdir()
    (snapshot.parents[1] / "refs" / "main").write_text("1")
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "models.toml").write_text(ROW)
    (tmp_path / "data" / "engine").mkdir(parents=True)
    (tmp_path / "data" / "engine" / installed.name).symlink_to(installed)
    homes = {f"UNDERSTUDY_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "STATE")}
    hub = {"HF_HUB_CACHE": str(tmp_path / "hub"), "HF_HUB_OFFLINE": "1", "CUDA_VISIBLE_DEVICES": ""}
    return {**os.environ, **homes, **hub}


def typed(user: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "understudy", *words]
    return subprocess.run(command, env=user, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


def test_engine_start_carries_the_plan_out(user: dict[str, str]) -> None:
    started = typed(user, "engine", "start")
    try:
        assert started.returncode == 0, started.stderr
        assert started.stdout.startswith("owner/name is ready at http://127.0.0.1:")
        status = json.loads(typed(user, "engine", "status", "--json").stdout)
        assert (status["phase"], status["model"]) == ("ready", "owner/name")
        log = Path(user["UNDERSTUDY_STATE_HOME"], "engine", "engine.log").read_text()
        assert "'max_model_len': 4096" in log, "the plan's own argument"
    finally:
        stopped = typed(user, "engine", "stop")
    assert stopped.stdout == "Stopped.\n"
    plan = json.loads(Path(user["UNDERSTUDY_CONFIG_HOME"], "plan.json").read_text())
    assert [engine["model"] for engine in plan["engines"]] == ["owner/name"]
