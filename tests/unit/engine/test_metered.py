"""Requests are counted by lane, also those that nobody waited for to the end."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from functools import partial
from itertools import count

import pytest

from understudy.core.errors import EngineError
from understudy.core.statistics import EngineRequest, Event, Lane, NullRecorder
from understudy.engine.base import ChatRequest, Engine, Message, ModelInfo, TextRequest
from understudy.engine.metered import MeteredEngine, MeteredSource
from understudy.engine.script import Answer, Fail, Say
from understudy.engine.scripted import ScriptedEngine, ScriptedSource
from unit.engine.asking import asking
from unit.engine.fake_openai import event, stream_answer


class Kept(NullRecorder):
    def __init__(self) -> None:
        self.events: list[Event] = []

    def record(self, event: Event) -> None:
        self.events.append(event)


def metered(engine: Engine, kept: Kept, lane: Lane = "typing") -> MeteredEngine:
    """With a clock that goes on by a second whenever it is read."""
    return MeteredEngine(engine, kept, lane, partial(next, count(0.0)))


ASKED = TextRequest("one two three", max_tokens=8)


async def test_a_stream_to_its_end() -> None:
    kept = Kept()
    engine = metered(ScriptedEngine([Answer((Say("a b"),))], model=ModelInfo("small", 512)), kept)
    text = "".join([chunk.text async for chunk in engine.stream(ASKED)])
    assert text == "a b"
    assert kept.events == [EngineRequest("typing", "small", 5, None, 3, 1.0)]


async def test_a_chat_in_the_other_lane() -> None:
    kept = Kept()
    engine = metered(ScriptedEngine([Answer((Say("yes"),))]), kept, "work")
    async for _ in engine.chat(ChatRequest((Message("user", "well"),), max_tokens=8)):
        pass
    (counted,) = kept.events
    assert isinstance(counted, EngineRequest)
    assert (counted.lane, counted.model, counted.completion_tokens) == ("work", "scripted", 1)


async def test_one_that_is_let_go_costs_what_it_had_cost_by_then() -> None:
    told = {"choices": [{"index": 0, "text": "a"}], "usage": {"prompt_tokens": 9, "completion_tokens": 1}}
    async with asking(completions=stream_answer(event(told), 30.0)) as (engine, server):
        kept = Kept()
        async with aclosing(metered(engine, kept).stream(ASKED)) as chunks:
            await anext(chunks)
            assert kept.events == [], "it goes on"
        assert kept.events == [EngineRequest("typing", "fake", 9, None, 1, 1.0)]
        await asyncio.wait_for(server.hung_up.wait(), 1)


async def test_a_failure_before_any_word_costs_nothing() -> None:
    kept = Kept()
    engine = metered(ScriptedEngine([Answer((Fail(500, "no"),))]), kept)
    with pytest.raises(EngineError):
        async for _ in engine.stream(ASKED):
            pass
    assert kept.events == []


async def test_a_source_gives_the_same_meter_for_the_same_engine() -> None:
    engine = ScriptedEngine()
    source = MeteredSource(ScriptedSource(engine), Kept(), "typing")
    found = source.current()
    assert isinstance(found, MeteredEngine)
    assert found.engine is engine
    assert await source.ensure(lambda progress: None) is found
    assert (await source.choices())[0].model == "scripted"
    await source.stop()
    assert source.current() is None
