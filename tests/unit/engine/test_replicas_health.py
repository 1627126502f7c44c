"""When a replica is out and when it comes back: looks, hysteresis, silence, and all of them down."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest

from understudy.core.errors import EngineBroken, EngineError, EngineUnavailable
from understudy.engine.base import Engine, Health
from understudy.engine.replica import Looks
from unit.engine.fake_openai import answer, json_answer
from unit.engine.replica_requests import (
    COUNTED,
    RARELY,
    chunks,
    counted,
    ready,
    text,
    until,
)
from unit.engine.team import QUICK, Team, team


async def test_it_comes_back_when_it_answers_again() -> None:
    async with team() as us:
        engine = await ready(us)
        await us.servers[0].kill()
        await text(engine)
        await us.servers[0].start()
        await until(lambda: us.source.current() and engine.answering() == 3)
        await text(engine)
        assert us.streams() == [1, 1, 0]


async def test_one_good_look_does_not_bring_it_back() -> None:
    slow = Looks(waiting=0.1, first=0.01, longest=0.05, returning=1000.0)
    async with team(looks=slow) as us:
        engine = await ready(us)
        await us.servers[0].kill()
        await text(engine)
        us.servers[0].reached.clear()
        await us.servers[0].start()
        await asyncio.wait_for(us.servers[0].reached["/v1/models"].wait(), 5)
        await asyncio.sleep(0.1)
        assert engine.answering() == 2
        await text(engine)
        assert us.streams() == [0, 2, 0]


async def test_one_that_falls_again_soon_has_to_be_well_for_longer() -> None:
    async def looks_until_back(us: Team, engine: Engine) -> int:
        await us.servers[0].kill()
        await text(engine)
        us.servers[0].asked.clear()
        await us.servers[0].start()
        await until(lambda: engine.answering() == 3)
        return len(us.servers[0].bodies("/health"))

    async with team() as us:
        engine = await ready(us)
        assert [await looks_until_back(us, engine) for _ in range(4)] == [2, 4, 8, 16]
        await asyncio.sleep(QUICK.calm)
        assert await looks_until_back(us, engine) == 2, "after a calm time it is trusted as before"


async def test_one_that_breaks_every_stream_is_left_alone_though_its_health_is_good() -> None:
    async with team(looks=RARELY) as us:
        engine = await ready(us)
        us.servers[0].answers["/v1/completions"] = counted(upto=1)
        for _ in range(3):
            assert await text(engine) == COUNTED
        assert us.streams() == [1, 3, 0]


async def test_one_that_comes_back_with_another_model_stays_out() -> None:
    async with team() as us:
        engine = await ready(us)
        await us.servers[0].kill()
        await text(engine)
        us.servers[0].model = "another"
        us.servers[0].asked.clear()
        await us.servers[0].start()
        await until(lambda: len(us.servers[0].bodies("/v1/models")) > 3)
        assert engine.answering() == 2
        assert engine.problems() == (f"The engine at {us.servers[0].url} serves another and not counter.",)
        us.servers[0].model = "counter"
        await until(lambda: engine.answering() == 3)


async def test_a_replica_that_nobody_asks_is_not_looked_at() -> None:
    async with team() as us:
        engine = await ready(us)
        await text(engine)
        before = [len(server.asked) for server in us.servers]
        await asyncio.sleep(5 * QUICK.waiting)
        assert [len(server.asked) for server in us.servers] == before


async def test_what_waits_at_a_server_that_went_silent_goes_on_elsewhere() -> None:
    # A server whose network has gone never closes a connection: only its health tells.
    async with team() as us:
        engine = await ready(us)
        us.servers[0].answers["/v1/completions"] = [*counted(upto=3), 60.0]
        us.servers[0].answers["/health"] = json_answer({}, status=503)
        assert await asyncio.wait_for(text(engine), 5) == COUNTED
        assert us.streams() == [1, 1, 0]


async def test_one_bad_look_does_not_end_what_waits_there() -> None:
    async with team() as us:
        engine = await ready(us)
        us.servers[0].answers["/v1/completions"] = [*counted(upto=3), 0.5, *counted(upto=8)[4:], b"0\r\n\r\n"]
        us.servers[0].answers["/health"] = [json_answer({}, status=503), answer("well", "text/plain")]
        await text(engine)
        assert us.streams() == [1, 0, 0]


async def test_one_that_is_too_busy_to_say_how_it_is_keeps_what_it_has_and_gets_no_more() -> None:
    async with team() as us:
        engine = await ready(us)
        us.servers[0].answers["/v1/completions"] = [*counted(upto=3), 0.5, *counted(upto=8)[4:], b"0\r\n\r\n"]
        us.servers[0].answers["/health"] = json_answer({"error": {"message": "Loading model"}}, status=503)
        us.servers[0].asked.clear()
        first = asyncio.create_task(text(engine))
        await until(lambda: us.servers[0].bodies("/health"))
        await asyncio.sleep(0.05)
        assert await text(engine) == COUNTED
        await first
        assert us.streams() == [1, 1, 0]


async def test_a_request_that_was_given_up_has_its_replica_looked_at() -> None:
    async with team(looks=replace(QUICK, waiting=0.5)) as us:
        engine = await ready(us)
        us.servers[0].answers["/v1/completions"] = [60.0]
        us.servers[0].answers["/health"] = json_answer({}, status=503)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(chunks(engine), 0.05)
        await until(lambda: engine.answering() == 2)
        assert await text(engine) == COUNTED
        assert us.streams() == [1, 1, 0]


async def test_whoever_types_on_all_the_time_is_led_away_from_a_dead_server() -> None:
    async with team(size=2) as us:
        engine = await ready(us)
        us.servers[0].answers["/v1/completions"] = [60.0]
        us.servers[0].answers["/health"] = json_answer({}, status=503)
        async with asyncio.timeout(20):
            while not us.streams()[1]:
                # Every request is given up before it could fail, as the next keystroke does.
                with suppress(TimeoutError):
                    await asyncio.wait_for(chunks(engine), 0.06)
        assert us.streams()[0] > 1


async def test_all_down_is_no_engine_and_one_sentence_until_one_is_back() -> None:
    async with team(size=2) as us:
        engine = await ready(us)
        for server in us.servers:
            await server.kill()
        with pytest.raises(EngineError, match=r"cannot be reached|closed the connection"):
            await text(engine)
        await until(lambda: us.source.current() is None)
        with pytest.raises(EngineUnavailable, match=r"None of the 2 replicas answers\."):
            await ready(us)
        assert await engine.health() is Health.DOWN
        await us.servers[1].start()
        await until(lambda: us.source.current() is engine)
        assert await text(engine) == COUNTED
        assert await engine.health() is Health.READY


async def test_where_all_were_down_the_first_good_look_is_enough() -> None:
    async with team(size=2, looks=RARELY) as us:
        engine = await ready(us)
        for server in us.servers:
            await server.kill()
        with pytest.raises(EngineError):
            await text(engine)
        await until(lambda: us.source.current() is None)
        await us.servers[1].start()
        assert await ready(us) is engine
        assert await text(engine) == COUNTED
        assert engine.answering() == 1


async def test_where_all_are_thought_to_be_down_they_are_asked_all_the_same() -> None:
    async with team(size=2, looks=RARELY) as us:
        engine = await ready(us)
        for server in us.servers:
            server.answers["/v1/completions"] = counted(upto=1)
        with pytest.raises(EngineBroken):
            await text(engine)
        for server in us.servers:
            del server.answers["/v1/completions"]
        assert await text(engine) == COUNTED


async def test_nobody_there_is_the_first_ones_error() -> None:
    async with team(size=2, down=(0, 1)) as us:
        with pytest.raises(EngineUnavailable, match="does not answer"):
            await ready(us)
        assert us.source.current() is None
        await us.servers[1].start()
        assert await text(await ready(us)) == COUNTED
