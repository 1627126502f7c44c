"""How an engine's load becomes a longer wait, and how rarely it is asked for it."""

from __future__ import annotations

import asyncio

import pytest

from understudy.core.errors import EngineRefused, EngineUnavailable
from understudy.engine.base import Load
from understudy.engine.pressure import LIMIT, POLL_SECONDS, STALE_SECONDS, Pressure, pressure
from understudy.engine.scripted import ScriptedEngine

IDLE = Load()


@pytest.mark.parametrize(
    ("before", "now", "factor"),
    [
        pytest.param(IDLE, IDLE, 1, id="nothing happened"),
        pytest.param(IDLE, Load(running=4, kv_cache=0.5, queued=50, queue_seconds=0.05), 1.01, id="keeps up"),
        pytest.param(Load(queued=9, queue_seconds=9), Load(queued=19, queue_seconds=10), 2, id="100 ms in the queue"),
        pytest.param(IDLE, Load(running=4, waiting=2), 1.5, id="half as many wait as run"),
        pytest.param(IDLE, Load(running=4, kv_cache=1.0), 2, id="the cache is full"),
        pytest.param(IDLE, Load(running=1, waiting=100, queued=1, queue_seconds=60), LIMIT, id="no end"),
        pytest.param(Load(queued=90, queue_seconds=50), Load(queued=1, queue_seconds=0), 1, id="it was restarted"),
    ],
)
def test_the_factor(before: Load, now: Load, factor: float) -> None:
    assert pressure(before, now) == pytest.approx(factor)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Asked(ScriptedEngine):
    """An engine that counts how often it is asked for its load, and may refuse."""

    def __init__(self, *refusals: Exception) -> None:
        super().__init__()
        self.times = 0
        self._refusals = list(refusals)

    async def load(self) -> Load:
        self.times += 1
        if self._refusals:
            raise self._refusals.pop(0)
        return self.busy


async def look(pressure: Pressure, engine: Asked) -> float:
    pressure.look(engine)
    await asyncio.sleep(0.001)
    return pressure.factor


async def test_it_is_asked_beside_the_typing_and_once_in_a_while() -> None:
    clock, engine = Clock(), Asked()
    measured = Pressure(clock)
    engine.busy = Load(running=1, waiting=1)
    measured.look(engine)
    assert measured.factor == 1, "the key does not wait for it"
    await asyncio.sleep(0.001)
    assert measured.factor == 2
    for _ in range(5):
        assert await look(measured, engine) == 2
    assert engine.times == 1
    clock.now += POLL_SECONDS
    engine.busy = Load(running=1)
    assert await look(measured, engine) == 1
    assert engine.times == 2
    await measured.aclose()


async def test_what_is_long_past_counts_no_more() -> None:
    clock, engine = Clock(), Asked()
    measured = Pressure(clock)
    engine.busy = Load(running=1, waiting=1)
    assert await look(measured, engine) == 2
    clock.now += STALE_SECONDS + 1
    assert measured.factor == 1


async def test_an_engine_without_metrics_is_not_asked_again() -> None:
    clock, engine = Clock(), Asked(EngineRefused(404, "no metrics"))
    measured = Pressure(clock)
    for _ in range(3):
        assert await look(measured, engine) == 1
        clock.now += POLL_SECONDS
    assert engine.times == 1
    assert await look(measured, other := Asked()) == 1
    assert other.times == 1


async def test_one_that_is_away_for_a_moment_is() -> None:
    clock, engine = Clock(), Asked(EngineUnavailable("away"))
    measured = Pressure(clock)
    assert await look(measured, engine) == 1
    clock.now += POLL_SECONDS
    engine.busy = Load(running=1, waiting=1)
    assert await look(measured, engine) == 2


async def test_a_slow_answer_is_not_asked_for_twice_and_ends_with_the_rest() -> None:
    class Slow(Asked):
        async def load(self) -> Load:
            self.times += 1
            await asyncio.sleep(60)
            raise AssertionError

    clock, engine = Clock(), Slow()
    measured = Pressure(clock)
    for _ in range(3):
        assert await look(measured, engine) == 1
        clock.now += POLL_SECONDS
    assert engine.times == 1
    await measured.aclose()
