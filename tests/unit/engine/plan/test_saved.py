"""The plan that was carried out: what it fills in, and that the user's own words win."""

from __future__ import annotations

import json
import platform
from pathlib import Path

import pytest

from understudy.core.settings import EngineSettings, Settings, WorkSettings
from understudy.engine.plan.saved import (
    SavedPlan,
    forget_plan,
    plan_file,
    save_plan,
    saved_plan,
    says_which,
    settings_with_plan,
)
from unit.engine.plan.machines import plan


@pytest.fixture(autouse=True)
def data_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNDERSTUDY_CONFIG_HOME", str(tmp_path / "config"))


def test_without_a_plan_nothing_changes() -> None:
    assert settings_with_plan(Settings()) == Settings()
    assert saved_plan() == SavedPlan()


def test_two_engines_fill_both_groups() -> None:
    made = plan("H100")
    save_plan(made)
    filled = settings_with_plan(Settings())
    assert filled.engine.model == "Qwen/Qwen2.5-Coder-7B"
    assert filled.work.model == "Qwen/Qwen3.6-35B-A3B-FP8"
    assert filled.engine.arguments == made.engines[0].own_arguments
    assert filled.work.arguments == made.engines[1].own_arguments


def test_a_shared_engine_leaves_work_empty() -> None:
    save_plan(plan("L4"))
    filled = settings_with_plan(Settings())
    assert filled.engine.model == "cyankiwi/Qwen3-Coder-30B-A3B-Instruct-AWQ-4bit"
    assert filled.work == WorkSettings()


@pytest.mark.parametrize(
    "engine",
    [
        EngineSettings(url="http://127.0.0.1:8000/v1"),
        EngineSettings(urls=("http://127.0.0.1:8000/v1",)),
        EngineSettings(model="owner/name"),
    ],
)
def test_whoever_says_which_engine_gets_that(engine: EngineSettings) -> None:
    save_plan(plan("H100"))
    said = Settings(engine=engine)
    assert says_which(said)
    assert settings_with_plan(said) == said


def test_the_users_own_engine_for_work_stays() -> None:
    save_plan(plan("H100"))
    filled = settings_with_plan(Settings(work=WorkSettings(url="http://127.0.0.1:8000/v1")))
    assert filled.engine.model == "Qwen/Qwen2.5-Coder-7B"
    assert filled.work == WorkSettings(url="http://127.0.0.1:8000/v1")


def test_the_users_arguments_come_last() -> None:
    save_plan(plan("H100"))
    said = Settings(
        engine=EngineSettings(arguments=("--max-num-seqs", "2")), work=WorkSettings(arguments=("--max-num-seqs", "3"))
    )
    filled = settings_with_plan(said)
    assert filled.engine.arguments[-2:] == ("--max-num-seqs", "2")
    assert filled.work.arguments[-2:] == ("--max-num-seqs", "3")
    assert "--gpu-memory-utilization" in filled.engine.arguments


@pytest.mark.parametrize("text", ["", "{", "[]", '{"engines": 1}', '{"engines": [{"model": "x"}]}', '{"engines": [1]}'])
def test_a_file_that_cannot_be_read_counts_as_none(text: str) -> None:
    plan_file().parent.mkdir()
    plan_file().write_text(text)
    assert settings_with_plan(Settings()) == Settings()


def test_a_plan_of_another_machine_counts_for_nothing() -> None:
    save_plan(plan("H100"))
    text = plan_file().read_text()
    plan_file().write_text(text.replace(json.dumps(platform.node()), json.dumps("another machine")))
    assert settings_with_plan(Settings()) == Settings()
    plan_file().write_text(text)
    assert settings_with_plan(Settings()) != Settings()


def test_a_plan_can_be_forgotten() -> None:
    save_plan(plan("H100"))
    assert forget_plan()
    assert not forget_plan()
    assert saved_plan() == SavedPlan()
