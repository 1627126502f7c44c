"""What the GPUs draw is counted once, and whatever their driver does, nobody is hurt by it."""

from __future__ import annotations

import itertools
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.lock import acquire
from understudy.core.settings import EngineSettings
from understudy.engine import process
from understudy.engine.boards import Board, ask_driver
from understudy.engine.energy import MOST_WATTS, EnergyMeter, Sample, drawn, samples, used_by
from understudy.engine.keeper import Keeper
from understudy.engine.local import LocalSource
from understudy.engine.state import EngineFolder, register
from unit.engine.conftest import order_of, wait_for_phase

FAKE = Path(__file__).with_name("fake_nvml.c")
ONE, TWO = Board("GPU-1", 5_000, (11, 12)), Board("GPU-2", 7_000, (12, 13))
SECONDS = 5.0  # of waiting for what takes some milliseconds


@pytest.fixture(name="file")
def fixture_file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "statistics.sqlite"


def counted(file: Path) -> list[tuple[str, float, float]]:
    if not file.exists():
        return []
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT board, joules, seconds FROM energy ORDER BY at, board").fetchall()


def own_group() -> int:
    return os.getpgid(0)


def measured(meter: EnergyMeter, seconds: float = 0.1) -> None:
    meter.start()
    time.sleep(seconds)
    meter.stop()
    meter.join()


def test_the_boards_that_the_engine_computes_on() -> None:
    assert used_by([ONE, TWO], {11}) == [ONE]
    assert used_by([ONE, TWO], {12, 99}) == [ONE, TWO]


def test_boards_in_a_container_and_those_that_name_nobody() -> None:
    idle = Board("GPU-3", 1)
    assert used_by([ONE, idle], {99}) == [ONE], "the numbers are those outside of the container"
    assert used_by([idle], {99}) == [idle]


def test_samples_become_joules(file: Path) -> None:
    readings = itertools.count(1_000_000, 2_500)
    meter = EnergyMeter(own_group(), file, lambda: (Board("GPU-1", next(readings), (os.getpid(),)),), every=0.02)
    measured(meter)
    rows = counted(file)
    assert len(rows) >= 2
    assert {(board, joules) for board, joules, _ in rows} == {("GPU-1", 2.5)}
    assert sum(seconds for *_, seconds in rows) < SECONDS


def test_the_last_sample_is_not_waited_for_a_minute(file: Path) -> None:
    readings = itertools.count(0, 1_000)
    meter = EnergyMeter(own_group(), file, lambda: (Board("GPU-1", next(readings)),))
    began = time.monotonic()
    measured(meter)
    assert time.monotonic() - began < SECONDS
    assert [joules for _, joules, _ in counted(file)] == [1.0]


def test_a_board_that_is_lost_for_a_while_loses_nothing(file: Path) -> None:
    here, lost = (Board("GPU-1", 0), Board("GPU-2", 0)), (Board("GPU-2", 1_000),)
    readings = iter([here, lost, (), (Board("GPU-1", 9_000), Board("GPU-2", 2_000))])
    meter = EnergyMeter(own_group(), file, lambda: next(readings, ()), every=0.05)
    measured(meter, 0.4)
    assert sorted(joules for _, joules, _ in counted(file)) == [1.0, 1.0, 9.0]


def test_nothing_is_begun_without_a_board_or_where_statistics_are_off(file: Path) -> None:
    asked: list[None] = []

    def read() -> tuple[Board, ...]:
        asked.append(None)
        return ()

    measured(EnergyMeter(own_group(), file, read, every=0.01))
    assert len(asked) == 1, "a machine without GPUs is asked once"
    measured(EnergyMeter(own_group(), None, read, every=0.01))
    assert len(asked) == 1
    assert not file.parent.exists()


def test_a_driver_that_hangs_holds_nobody_up(file: Path) -> None:
    release = threading.Event()

    def read() -> tuple[Board, ...]:
        release.wait(60)
        return ()

    meter = EnergyMeter(own_group(), file, read)
    began = time.monotonic()
    measured(meter, 0.0)
    assert time.monotonic() - began < SECONDS
    release.set()


counter = st.tuples(st.floats(0.001, 1e4), st.integers(0, 2**64 - 1))


@given(st.lists(counter, min_size=2, max_size=20))
def test_no_counter_makes_a_board_draw_what_none_can(steps: list[tuple[float, int]]) -> None:
    at, before = 0.0, {}
    for pause, value in steps:
        at += pause
        now = {"GPU-1": Sample(at, value)}
        for event in drawn(before, now):
            assert 0 <= event.joules <= MOST_WATTS * event.seconds
        before = now


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=20))
def test_what_is_counted_is_the_whole(steps: list[int]) -> None:
    values = list(itertools.accumulate(steps, initial=10**12))
    read = [samples([Board("GPU-1", value)], {"GPU-1"}, 60.0 * n) for n, value in enumerate(values)]
    joules = sum(event.joules for before, now in itertools.pairwise(read) for event in drawn(before, now))
    assert joules == pytest.approx(sum(steps) / 1000)


def test_a_counter_that_begins_anew_counts_for_nothing() -> None:
    before, now = {"GPU-1": Sample(0.0, 9_000_000)}, {"GPU-1": Sample(60.0, 4)}
    assert list(drawn(before, now)) == []


@pytest.mark.parametrize("gpu", [True, False])
def test_the_keeper_counts_while_its_engine_lives(folder: EngineFolder, file: Path, gpu: bool) -> None:
    began = time.monotonic()

    def read() -> tuple[Board, ...]:
        return (Board("GPU-1", round((time.monotonic() - began) * 300_000)),)  # 300 W

    keeper = Keeper(replace(order_of(folder), ledger=file, gpu=gpu), read)
    thread = threading.Thread(target=keeper.keep)
    lock = acquire(folder.keeper, SECONDS)
    assert lock
    with register(folder, "test"), lock:
        thread.start()
        status = wait_for_phase(folder, "ready")
        folder.stop.touch()
        thread.join(20)
    assert status.pid
    assert not process.group_is_alive(status.pid)
    if not gpu:
        assert counted(file) == [], "the GPU of a machine whose engine computes on the CPU is busy with something else"
        return
    ((board, joules, seconds),) = counted(file)
    assert board == "GPU-1"
    assert joules == pytest.approx(300 * seconds, rel=0.1, abs=5)


def test_the_keeper_loads_neither_the_driver_nor_a_database() -> None:
    code = "import sys, understudy.engine.keeper; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"pynvml", "sqlite3", "pydantic", "httpx"}.intersection(loaded)


class TestDriver:
    """With a stand-in for the driver's library, which the process that is asked loads in place of the real one."""

    @pytest.fixture(name="driver", autouse=True)
    def fixture_driver(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        compiler = shutil.which("cc")
        if sys.platform != "linux" or compiler is None:
            pytest.skip("the stand-in for the driver needs a C compiler on Linux")
        library = tmp_path / "libnvidia-ml.so.1"
        subprocess.run([compiler, "-shared", "-fPIC", "-o", library, FAKE], check=True)
        monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path))

    def test_says_what_was_drawn_and_by_whom(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FAKE_NVML_PID", "4711")
        first, second = ask_driver()
        assert (first.uuid, first.pids) == ("GPU-0", ())
        assert (second.uuid, second.pids) == ("GPU-1", (4711,))
        assert 0 < first.millijoules <= ask_driver()[0].millijoules

    @pytest.mark.parametrize("fault", ["init", "crash"])
    def test_fails_alone(self, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
        monkeypatch.setenv("FAKE_NVML_FAULT", fault)
        assert ask_driver() == ()

    def test_is_read_by_the_meter(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FAKE_NVML_PID", str(os.getpid()))
        began = time.monotonic()
        measured(EnergyMeter(own_group(), file), 1.0)
        ((board, joules, _),) = counted(file)
        assert board == "GPU-1"
        assert 0 < joules <= 100 * (time.monotonic() - began)

    @pytest.mark.parametrize("counting", [True, False])
    async def test_is_read_by_the_keeper_of_a_source(self, folder: EngineFolder, file: Path, counting: bool) -> None:
        ledger = file if counting else None
        source = LocalSource(
            EngineSettings(), folder=folder, make_order=lambda _, folder: order_of(folder), ledger=ledger
        )
        await source.ensure(lambda _: None)
        await source.stop()
        await source.aclose()
        assert [board for board, joules, _ in counted(file) if joules > 0] == (["GPU-0", "GPU-1"] if counting else [])


def test_no_driver_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Also where the process that is asked cannot even start."""
    monkeypatch.setenv("PYTHONHOME", str(tmp_path))
    assert ask_driver() == ()
