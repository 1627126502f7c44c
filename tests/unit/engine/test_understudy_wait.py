"""The plugin that vLLM loads: found by its description in the folder that is on vLLM's path."""

from __future__ import annotations

import importlib
import sys
from importlib.metadata import distributions
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from understudy.engine import inside
from understudy.engine.inside import understudy_wait

FOLDER = str(Path(inside.__file__).parent)


@pytest.mark.parametrize("cpu", [True, False])
def test_vllm_finds_it_and_it_replaces_the_yield_on_the_cpu_only(monkeypatch: pytest.MonkeyPatch, *, cpu: bool) -> None:
    platforms, spinning = ModuleType("vllm.platforms"), ModuleType(understudy_wait.SPINNING)
    platforms.current_platform = SimpleNamespace(is_cpu=lambda: cpu)  # type: ignore[attr-defined]
    spinning.sched_yield = before = object()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, platforms.__name__, platforms)
    monkeypatch.setitem(sys.modules, spinning.__name__, spinning)
    monkeypatch.syspath_prepend(FOLDER)

    (found,) = [point for one in distributions(path=[FOLDER]) for point in one.entry_points]
    assert found.group == "vllm.general_plugins"
    found.load()()
    loaded = importlib.import_module("understudy_wait")
    assert spinning.sched_yield is (loaded.nap if cpu else before)
