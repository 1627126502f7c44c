"""A folder for an engine's state, orders for the stand-in of vLLM, and the certainty that nothing is left running."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from understudy.engine import process, supervisor
from understudy.engine.launch import PORT, Launch
from understudy.engine.order import Order, Pace
from understudy.engine.state import EngineFolder, Status, read_status

FAKE = Path(__file__).parent / "fake_vllm.py"
QUICK = Pace(idle=1.0, ready=60.0, grace=1.0, poll=0.05, probe=0.2, first_delay=0.1, longest_delay=0.2, crashes=3)


def order_of(folder: EngineFolder, fault: str = "", *, model: str = "fake", pace: Pace = QUICK) -> Order:
    command = (sys.executable, str(FAKE), PORT, *([fault] if fault else []))
    return Order(folder, Launch(command, model, model), pace)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[EngineFolder]:
    folder = EngineFolder(tmp_path / "engine")
    folder.root.mkdir()
    yield folder
    status = read_status(folder)
    supervisor.stop(folder)
    assert not status or not status.pid or process.wait_for_group(status.pid, 5)


def wait_for(folder: EngineFolder, check: Callable[[Status], bool], seconds: float = 60.0) -> Status:
    end = time.monotonic() + seconds
    while not ((status := read_status(folder)) and check(status)):
        assert time.monotonic() < end, f"still {status}; keeper: {(folder.root / 'keeper.log').read_text()}"
        time.sleep(0.02)
    return status


def wait_for_phase(folder: EngineFolder, phase: str, seconds: float = 60.0) -> Status:
    return wait_for(folder, lambda status: status.phase == phase, seconds)
