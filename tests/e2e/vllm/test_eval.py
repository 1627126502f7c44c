"""`understudy eval` on the real vLLM with the bundled model, which the command finds and adopts.

The model is weak: nothing is said here about how many problems it solves, only that each is asked, run and counted.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from confined import sandbox
from own_problems import PROBLEMS, write_problems
from repositories import repository

from e2e.vllm.conftest import RealEngine

ROOT = Path(__file__).parents[3]


def evaluated(engine: RealEngine, folder: Path, *words: str) -> tuple[Any, subprocess.CompletedProcess[str]]:
    """Run `understudy eval` as a process of its own; its summary and what it said."""
    homes = {"STATE": engine.state_home, "CONFIG": folder / "config", "DATA": folder / "data"}
    # The engine's environment lies in the data folder; an engine that runs is adopted without it.
    environment = {**os.environ, **{f"UNDERSTUDY_{name}_HOME": str(path) for name, path in homes.items()}}
    out = folder / "summary.json"
    command = [sys.executable, "-m", "understudy", "eval", *words, "--json", str(out)]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert answer.returncode == 0, answer.stderr
    return json.loads(out.read_text()), answer


def test_infill(engine: RealEngine, tmp_path: Path) -> None:
    sandbox()
    data = write_problems(tmp_path / "own.jsonl.gz")
    words = ("infill", "--data", str(data), "--strategy", "fim", "--strategy", "hole", "--limit", "5")
    found, answer = evaluated(engine, tmp_path, *words)
    assert (found["model"], found["engine"]) == (engine.model, "local")
    assert "--enforce-eager" in found["flags"] or "--max-num-seqs" in found["flags"]
    assert not any(engine.key in str(value) for value in found.values())
    fim, hole = found["strategies"]
    assert (fim["format"], hole["format"]) == ("qwen-spm", "hole")
    for row in (fim, hole):
        assert row["problems"] == len(PROBLEMS)
        assert 0 < row["first_token_ms"]["p50"] <= row["total_ms"]["p50"]
        assert sum(row["ends"].values()) == len(PROBLEMS)
        assert 0 < row["edit_similarity"] < 1
    results = [json.loads(line) for line in Path(found["results"]).read_text().splitlines()[1:]]
    assert all(result["prompt_tokens"] > 0 and result["completion_tokens"] is not None for result in results)
    assert "pass@1" in answer.stdout


@pytest.mark.timeout(400)
def test_replay(engine: RealEngine, tmp_path: Path) -> None:
    source = (ROOT / "server" / "understudy" / "cli" / "demo" / "sample" / "inventory.py").read_text()
    root = repository(tmp_path / "repository", {"inventory.py": source[: len(source) // 2]}, {"inventory.py": source})
    words = ("replay", "--repo", str(root), "--characters", "60", "--speed", "2")
    found, answer = evaluated(engine, tmp_path, *words)
    assert found["keystrokes"] > 20
    assert 0 < found["requests"] < found["keystrokes"]
    # vLLM says itself what it has computed.
    assert found["computed_tokens_per_request"] > 0
    assert 0 < found["computed_share"] <= 1
    assert found["first_token_ms"]["p50"] > 0
    assert "by the engine's own count" in answer.stdout
