"""The wait before the engine is asked: net of its latency, longer after rejections, short again after a pause."""

from __future__ import annotations

from understudy.features.completion.pace import (
    FLOOR_MS,
    FORGIVEN_SECONDS,
    FREE_REJECTIONS,
    LIMIT_MS,
    PATIENCE,
    PAUSE_MS,
    STEP_MS,
    Pace,
)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_engines_latency_is_taken_off() -> None:
    pace = Pace(150, Clock())
    assert pace.delay_ms("x = ") == 150
    pace.answered(60)
    assert pace.delay_ms("x = ") == 90
    for _ in range(100):
        pace.answered(2000)
    assert pace.delay_ms("x = ") == FLOOR_MS


def test_a_user_may_want_no_wait_at_all() -> None:
    pace = Pace(0, Clock())
    assert pace.delay_ms("x = ") == 0


def test_an_engine_that_falls_behind_is_asked_later_although_its_latency_grows() -> None:
    pace = Pace(150, Clock())
    for _ in range(100):
        pace.answered(120)
    assert pace.delay_ms("x = ") == FLOOR_MS
    assert pace.delay_ms("x = ", pressure=2) == 300 - 60
    assert pace.delay_ms("x = ", pressure=4) > pace.delay_ms("x = ", pressure=2)
    assert Pace(0, Clock()).delay_ms("x = ", pressure=4) == 0


def test_rejections_lengthen_the_wait_up_to_a_limit() -> None:
    pace = Pace(100, Clock())
    for _ in range(FREE_REJECTIONS):
        pace.rejected()
    assert pace.backoff_ms == 0
    pace.rejected()
    assert pace.backoff_ms == STEP_MS
    for _ in range(100):
        pace.rejected()
    assert pace.backoff_ms == LIMIT_MS


def test_acceptance_and_time_forgive() -> None:
    clock = Clock()
    pace = Pace(100, clock)
    for _ in range(10):
        pace.rejected()
    pace.accepted()
    assert pace.backoff_ms == 0
    for _ in range(10):
        pace.rejected()
    clock.now += FORGIVEN_SECONDS + 1
    assert pace.backoff_ms == 0


def test_inside_a_word_the_users_rhythm_decides() -> None:
    clock = Clock()
    pace = Pace(100, clock)
    for _ in range(100):
        clock.now += 0.2
        pace.key()
    assert pace.delay_ms("x = ") == 100
    assert abs(pace.delay_ms("x = val") - 200 * PATIENCE) < 1
    pace.answered(40)
    assert abs(pace.delay_ms("x = val") - (200 * PATIENCE - 40)) < 1


def test_a_pause_is_no_rhythm() -> None:
    clock = Clock()
    pace = Pace(100, clock)
    pace.key()
    before = pace.delay_ms("x = val")
    clock.now += PAUSE_MS / 1000 + 1
    pace.key()
    assert pace.delay_ms("x = val") == before
