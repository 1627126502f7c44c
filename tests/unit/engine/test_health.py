"""How an engine is: what it says is told, what it does not say is left out, and one that hangs holds nobody up."""

from __future__ import annotations

import asyncio
import time
from itertools import count

import pytest

from understudy.engine.base import Health, Load, ModelInfo
from understudy.engine.client import HttpEngine
from understudy.engine.health import Speed, check, hit_rate, queue_seconds, speed
from understudy.engine.scripted import ScriptedEngine
from unit.engine.asking import asking
from unit.engine.fake_openai import answer, fake_server, json_answer

BUSY = Load(1, 2, 0.5, 1000, 800, 200, 50, 3.0, 30)
PAGE = """vllm:num_requests_running{{engine="0"}} 1.0
vllm:prefix_cache_queries_total {queries}
vllm:prefix_cache_hits_total {hits}
vllm:prompt_tokens_total {queries}
vllm:prompt_tokens_cached_total {hits}
vllm:generation_tokens_total {generated}
"""


async def test_a_busy_engine() -> None:
    engine = ScriptedEngine(model=ModelInfo("qwen2.5-coder", 4096))
    engine.busy = BUSY
    found = await check(engine, between=0.01)
    assert (found.health, found.problem, found.load) == (Health.READY, "", BUSY)
    assert found.info == ModelInfo("qwen2.5-coder", 4096)
    assert found.served
    assert found.served.fim
    assert found.served.fim.name == "qwen"
    assert found.speed == Speed(0.0, 0.0)
    assert (hit_rate(BUSY), queue_seconds(BUSY)) == (0.8, 0.1)
    assert (hit_rate(Load()), queue_seconds(Load())) == (None, None)


async def test_two_looks_make_a_speed() -> None:
    pages = [answer(PAGE.format(queries=q, hits=h, generated=g), "text/plain") for q, h, g in [(9, 4, 5), (59, 24, 25)]]
    times = count(100.0, 2.0)
    async with asking(metrics=pages) as (engine, _):
        found = await check(engine, between=0.0, clock=lambda: next(times))
    assert found.load
    assert (found.load.prompt_tokens, found.load.computed_tokens) == (59, 35)
    assert found.speed == Speed(computed=15.0, generated=10.0), "in two seconds, without what was cached"


def test_an_engine_that_began_anew_has_no_speed_yet() -> None:
    assert speed(BUSY, Load(), 1.0) is None
    assert speed(BUSY, BUSY, 0.0) is None


async def test_no_metrics_and_no_tokenizer_leave_the_rest() -> None:
    async with asking(models=json_answer({"data": [{"id": "starcoder2", "max_model_len": 512}]})) as (engine, _):
        found = await check(engine, between=0.0)
    assert (found.load, found.speed) == (None, None)
    assert found.served
    assert found.served.fim
    assert found.served.fim.name == "starcoder2"


@pytest.mark.parametrize("silent", ["health", "models"])
async def test_an_engine_that_is_silent_is_given_up(silent: str) -> None:
    async with asking(**{"health": answer("ok", "text/plain"), silent: [30.0]}) as (engine, _):
        began = time.monotonic()
        found = await check(engine, answer=0.2, between=0.1)
        assert time.monotonic() - began < 5
    assert found.health is Health.STARTING
    assert "too busy" in found.problem


async def test_metrics_that_hang_are_left_out() -> None:
    async with asking(health=answer("ok", "text/plain"), metrics=[30.0]) as (engine, _):
        found = await asyncio.wait_for(check(engine, answer=0.2, between=0.1), 5)
    assert found.health is Health.READY
    assert found.info
    assert found.load is None


async def test_nobody_and_a_wrong_key() -> None:
    async with fake_server() as server:
        url = server.url
    engine = HttpEngine(url)
    assert (await check(engine)).problem == "Nobody answers at this address."
    await engine.aclose()
    async with asking(models=json_answer({"error": {"message": "no"}}, status=401)) as (other, _):
        found = await check(other)
    assert found.health is Health.DOWN
    assert "key" in found.problem
