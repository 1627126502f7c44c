from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from understudy.engine.launch import Launch
from understudy.engine.order import Order, Pace, delay_before_restart, from_json, to_json
from understudy.engine.state import EngineFolder


def test_an_order_reaches_the_keeper_unchanged() -> None:
    launch = Launch(("python", "-m", "x", "{port}", 'a "quoted" word'), "/models/ü", "ü", {"A": "1"})
    order = Order(EngineFolder(Path("/state")), launch, Pace(idle=1.5), Path("/data/statistics.sqlite"), gpu=False)
    assert from_json(to_json(order)) == order


def test_an_engine_that_was_never_ready_is_tried_twice() -> None:
    assert delay_before_restart((0.0,), 0.0, was_ready=False, pace=Pace()) == 1.0
    assert delay_before_restart((0.0, 60.0), 60.0, was_ready=False, pace=Pace()) is None


def test_the_delay_doubles_and_then_it_is_given_up() -> None:
    times = (0.0, 1.0, 2.0, 3.0, 4.0)
    delays = [delay_before_restart(times[:n], 5.0, was_ready=True, pace=Pace()) for n in range(1, 6)]
    assert delays == [1.0, 2.0, 4.0, 8.0, None]


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30), st.floats(0.01, 100), st.integers(1, 10))
def test_a_rare_crash_is_always_mended_and_no_delay_is_too_long(ages: list[float], first: float, limit: int) -> None:
    pace = Pace(first_delay=first, crashes=limit)
    crashes = tuple(sorted(1e6 - age for age in ages))
    delay = delay_before_restart(crashes, 1e6, was_ready=True, pace=pace)
    recent = sum(1e6 - crash < pace.crash_window for crash in crashes)
    assert (delay is None) == (recent >= limit)
    assert delay is None or 0 < delay <= pace.longest_delay
