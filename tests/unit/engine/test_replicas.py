"""Several replicas as one engine: what goes where, what is asked for again, and who is told when it cannot be."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace

import pytest

from understudy.core.errors import EngineBroken, EngineError, EngineRefused, EngineUnavailable
from understudy.engine.base import Load, Progress, TextRequest, Usage
from unit.engine.fake_openai import DONE, answer, chat_event, chunk, event, head, json_answer, stream_answer, text_event
from unit.engine.replica_requests import (
    ASK,
    CHAT,
    COUNTED,
    FULL,
    RARELY,
    REFUSED,
    chunks,
    counted,
    finish,
    ready,
    said,
    text,
    until,
)
from unit.engine.team import team


async def test_a_workspace_keeps_to_its_own_replica() -> None:
    async with team() as us:
        engine = await ready(us)
        for _ in range(5):
            assert await text(engine) == COUNTED
        assert us.streams() == [5, 0, 0]


async def test_a_replica_that_is_down_from_the_start_is_passed_over_and_said_so() -> None:
    said: list[Progress] = []
    async with team(down=(0,)) as us:
        engine = await us.source.ensure(said.append)
        where = us.servers[0].url
        assert said[-1].message == f"2 of 3 replicas answer. The engine at {where} does not answer."
        assert await text(engine) == COUNTED
        assert [choice.detail for choice in await us.source.choices()] == ["served at 2 of 3 replicas"]
        assert us.streams()[1:] == [1, 0]


async def test_one_that_is_silent_at_the_beginning_is_waited_for_only_a_moment() -> None:
    async with team() as us:
        us.servers[0].answers["/health"] = [60.0]
        # The client itself gives an answer to that question five seconds.
        async with asyncio.timeout(4.5):
            engine = await ready(us)
        assert engine.answering() == 2
        assert await text(engine) == COUNTED


async def test_what_cannot_connect_goes_to_the_next_and_all_later_ones_too() -> None:
    async with team() as us:
        engine = await ready(us)
        await us.servers[0].kill()
        assert [await text(engine) for _ in range(3)] == [COUNTED] * 3
        assert us.streams() == [0, 3, 0]
        await us.servers[1].kill()
        assert await text(engine) == COUNTED
        assert us.streams() == [0, 3, 1]


@pytest.mark.parametrize("usage", [True, False], ids=["tokens told", "tokens not told"])
async def test_a_stream_goes_on_from_what_had_come(usage: bool) -> None:
    async with team() as us:
        engine = await ready(us)
        us.servers[0].answers["/v1/completions"] = counted(usage, upto=3)
        got = await chunks(engine)
        assert "".join(chunk.text for chunk in got) == COUNTED
        assert finish(got) == "length"
        assert got[-1].usage
        assert got[-1].usage.completion == 8
        (body,) = us.servers[1].bodies("/v1/completions")
        assert (body["prompt"], body["max_tokens"]) == ("count 0 1 2 3", 5)


async def test_the_tokens_of_a_resumed_stream_are_counted_as_one_answers() -> None:
    async with team() as us:
        engine = await ready(us)
        us.servers[0].answers["/v1/completions"] = counted(upto=3)
        usages = [chunk.usage for chunk in await chunks(engine) if chunk.usage]
        assert [usage.completion for usage in usages] == sorted(usage.completion for usage in usages)
        assert usages[-1] == Usage(2, 8), "the prompt is the caller's own"


async def test_a_text_goes_on_in_the_tokens_that_it_was() -> None:
    async with team() as us:
        engine = await ready(us)
        choice = {"index": 0, "text": " 1", "finish_reason": None}
        usage = {"prompt_tokens": len(ASK.prompt), "completion_tokens": 1}
        us.servers[0].answers["/v1/completions"] = [head(), chunk(event({"choices": [choice], "usage": usage}))]
        assert await text(engine) == COUNTED
        (body,) = us.servers[1].bodies("/v1/completions")
        assert body["prompt"] == [ord(letter) for letter in "count 0 1"]


async def test_a_prompt_of_tokens_goes_on_in_tokens() -> None:
    async with team() as us:
        engine = await ready(us)
        us.servers[0].answers["/v1/completions"] = counted(upto=3)
        prompt = tuple(ord(letter) for letter in ASK.prompt)
        assert await text(engine, TextRequest(prompt, max_tokens=8)) == COUNTED
        (body,) = us.servers[1].bodies("/v1/completions")
        assert "".join(map(chr, body["prompt"])) == "count 0 1 2 3"


async def test_a_second_death_under_one_request_is_told() -> None:
    async with team() as us:
        engine = await ready(us)
        us.servers[0].answers["/v1/completions"] = counted(upto=3)
        us.servers[1].answers["/v1/completions"] = counted(upto=1)
        with pytest.raises(EngineBroken, match="broke off"):
            await chunks(engine)
        assert us.streams() == [1, 1, 0]


async def test_what_had_all_its_tokens_is_not_asked_for_again() -> None:
    async with team() as us:
        engine = await ready(us)
        us.servers[0].answers["/v1/completions"] = counted(upto=8)
        got = await chunks(engine)
        assert ("".join(chunk.text for chunk in got), finish(got)) == (COUNTED, "length")
        assert us.streams() == [1, 0, 0]


async def test_alternatives_go_on_each_by_itself() -> None:
    async with team() as us:
        engine = await ready(us)
        first = [text_event(" 1", index=0), text_event(" 1", index=1), text_event(" 2", "stop", index=1)]
        us.servers[0].answers["/v1/completions"] = [head(), *map(chunk, first)]
        third = stream_answer(text_event(" 1", "stop"), DONE)
        us.servers[1].answers["/v1/completions"] = [third, stream_answer(text_event(" 2 3", "stop"), DONE)]
        got = await chunks(engine, TextRequest("count 0", max_tokens=8, alternatives=3))
        whole = ["".join(chunk.text for chunk in got if chunk.index == index) for index in range(3)]
        assert whole == [" 1 2 3", " 1 2", " 1"]
        assert sorted(chunk.index for chunk in got if chunk.finish) == [0, 1, 2]
        bodies = us.servers[1].bodies("/v1/completions")
        assert [(body["prompt"], body.get("n", 1)) for body in bodies] == [("count 0", 1), ("count 0 1", 1)]


async def test_what_a_replica_lets_go_of_when_it_is_told_to_end_goes_on_elsewhere() -> None:
    async with team() as us:
        engine = await ready(us)
        us.servers[0].answers["/v1/completions"] = [*counted(upto=3, finish="abort"), chunk(DONE), b"0\r\n\r\n"]
        assert await text(engine) == COUNTED


async def test_a_request_whose_time_is_up_is_not_asked_for_again() -> None:
    async with team() as us:
        engine = await ready(us)
        us.servers[0].answers["/v1/completions"] = [*counted(upto=2), 30.0]
        got = await chunks(engine, TextRequest("count 0", max_tokens=8, deadline=0.2))
        assert (finish(got), "".join(chunk.text for chunk in got)) == ("abort", " 1 2")
        assert us.streams() == [1, 0, 0]


async def test_the_time_of_a_request_counts_from_its_beginning() -> None:
    async with team() as us:
        engine = await ready(us)
        us.servers[0].answers["/v1/completions"] = counted(upto=2)
        us.servers[1].answers["/v1/completions"] = [*counted(upto=1), 30.0]
        async with asyncio.timeout(10):
            got = await chunks(engine, TextRequest("count 0", max_tokens=8, deadline=0.3))
        assert finish(got) == "abort"
        us.servers[0].answers["/v1/chat/completions"] = [head(), 0.1]
        us.servers[1].answers["/v1/chat/completions"] = [head(), 30.0]
        async with asyncio.timeout(10), aclosing(engine.chat(replace(CHAT, deadline=0.3))) as stream:
            assert [chunk.finish async for chunk in stream] == ["abort"]


async def test_a_chat_begins_anew_where_nothing_had_come() -> None:
    async with team() as us:
        engine = await ready(us)
        us.servers[0].answers["/v1/chat/completions"] = [head(), chunk(chat_event({"role": "assistant"}))]
        assert await said(engine) == "counter"
        assert us.streams() == [1, 1, 0]


async def test_a_chat_that_has_begun_is_broken_and_not_begun_anew() -> None:
    async with team() as us:
        engine = await ready(us)
        us.servers[0].answers["/v1/chat/completions"] = [head(), chunk(chat_event({"content": "I am"}))]
        with pytest.raises(EngineBroken, match="broke off in the middle"):
            await said(engine)
        assert us.streams() == [1, 0, 0]
        assert await said(engine) == "counter"
        assert us.streams() == [1, 1, 0], "the next one goes elsewhere at once"


async def test_an_error_in_the_middle_of_a_chat_is_the_same() -> None:
    async with team(looks=RARELY) as us:
        engine = await ready(us)
        died = event({"error": {"message": "EngineCore died", "code": 500}})
        us.servers[0].answers["/v1/chat/completions"] = stream_answer(chat_event({"content": "I"}), died)
        with pytest.raises(EngineBroken):
            await said(engine)
        us.servers[1].answers["/v1/chat/completions"] = stream_answer(died)
        assert await said(engine) == "counter"
        # The second death under one chat, of which something had come by then.
        us.servers[2].answers["/v1/chat/completions"] = stream_answer(died)
        for server in us.servers[:2]:
            server.answers["/v1/chat/completions"] = stream_answer(chat_event({"content": "I"}), died)
        with pytest.raises(EngineBroken):
            await said(engine)


@pytest.mark.parametrize("status", [400, 413, 422])
async def test_what_is_wrong_with_the_request_is_asked_nowhere_else(status: int) -> None:
    async with team() as us:
        engine = await ready(us)
        us.servers[0].answers["/v1/completions"] = json_answer({"error": {"message": "Too long."}}, status=status)
        with pytest.raises(EngineRefused, match="Too long"):
            await chunks(engine)
        assert us.streams() == [1, 0, 0]
        assert us.source.current() is engine


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
async def test_what_a_replica_does_not_take_goes_to_the_next(status: int) -> None:
    async with team() as us:
        engine = await ready(us)
        us.servers[0].answers["/v1/completions"] = json_answer({"error": {"message": "Not here."}}, status=status)
        assert await text(engine) == COUNTED
        assert us.streams() == [1, 1, 0]


async def test_any_number_of_full_replicas_is_passed_over() -> None:
    async with team() as us:
        engine = await ready(us)
        for server in us.servers[:2]:
            server.answers["/v1/completions"] = FULL
        assert await text(engine) == COUNTED
        assert us.streams() == [1, 1, 1]


async def test_where_all_are_full_the_first_ones_words_are_said() -> None:
    async with team() as us:
        engine = await ready(us)
        for number, server in enumerate(us.servers):
            server.answers["/v1/completions"] = json_answer({"error": {"message": f"Full {number}."}}, status=503)
        with pytest.raises(EngineUnavailable, match="Full 0"):
            await chunks(engine)
        assert us.streams() == [1, 1, 1]


async def test_one_that_is_out_is_not_tried_because_the_others_are_full() -> None:
    async with team(looks=RARELY) as us:
        engine = await ready(us)
        us.servers[0].answers["/v1/completions"] = counted(upto=1)
        assert await text(engine) == COUNTED
        for server in us.servers[1:]:
            server.answers["/v1/completions"] = FULL
        with pytest.raises(EngineUnavailable, match="queue is full"):
            await text(engine)
        assert us.streams() == [1, 2, 1]


async def test_one_that_was_full_for_a_moment_is_asked_again_at_once() -> None:
    async with team() as us:
        engine = await ready(us)
        us.servers[0].answers["/v1/completions"] = FULL
        await text(engine)
        del us.servers[0].answers["/v1/completions"]
        await until(lambda: us.servers[0].bodies("/health") and len(us.servers[0].bodies("/v1/models")) > 1)
        await asyncio.sleep(0.02)
        await text(engine)
        assert us.streams() == [2, 1, 0], "it was never out: one look is enough"


async def test_different_models_are_refused_in_one_sentence_and_may_be_put_right() -> None:
    async with team(size=2) as us:
        us.servers[1].model = "another"
        with pytest.raises(EngineRefused, match=r"serve different models: counter at .*, another at ") as refused:
            await ready(us)
        assert "engine.model" in refused.value.remedy
        assert us.source.current() is None
        us.servers[1].model = "counter"
        assert await text(await ready(us)) == COUNTED


async def test_the_shortest_context_is_everybodys() -> None:
    async with team(size=2) as us:
        us.servers[0].context, us.servers[1].context = 4096, 2048
        engine = await ready(us)
        assert (await engine.model()).context == 2048
        assert await engine.models() == ("counter",)


async def test_loads_are_added_up_and_the_fullest_cache_counts() -> None:
    def metrics(running: int, cache: float) -> str:
        return f"vllm:num_requests_running {running}\nvllm:num_requests_waiting 1\nvllm:kv_cache_usage_perc {cache}\n"

    async with team() as us:
        engine = await ready(us)
        with pytest.raises(EngineRefused):
            await engine.load()
        for server, running, cache in zip(us.servers[:2], (2, 3), (0.5, 0.25), strict=True):
            server.answers["/metrics"] = answer(metrics(running, cache), "text/plain")
        assert await engine.load() == Load(running=5, waiting=2, kv_cache=0.5)


async def test_short_questions_are_answered_by_the_next_too() -> None:
    async with team() as us:
        engine = await ready(us)
        await us.servers[0].kill()
        assert (await engine.tokenize("ab")).ids == (97, 98)
        us.servers[1].answers["/tokenize"] = REFUSED
        with pytest.raises(EngineError, match=r"No\."):
            await engine.tokenize("ab")


async def test_what_no_server_of_its_kind_can_do_says_nothing_about_its_health() -> None:
    async with team() as us:
        engine = await ready(us)
        with pytest.raises(EngineRefused):
            await engine.detokenize((1,))
        assert [len(server.bodies("/detokenize")) for server in us.servers] == [1, 0, 0]
        assert await text(engine) == COUNTED
        assert us.streams() == [1, 0, 0]


async def test_letting_go_of_a_stream_ends_it_at_its_replica() -> None:
    async with team() as us:
        engine = await ready(us)
        us.servers[0].answers["/v1/completions"] = [*counted(upto=1), 60.0]
        async with aclosing(engine.stream(ASK)) as stream:
            while not (await anext(stream)).text:
                pass
        await asyncio.wait_for(us.servers[0].hung_up.wait(), 5)
        assert us.streams() == [1, 0, 0]


async def test_under_load_a_kill_costs_no_user_anything() -> None:
    # The bench `replicas.py` does the same with two real vLLMs.
    async with team() as us:
        engine = await ready(us)
        for server in us.servers:
            server.token_seconds = 0.004

        async def user(number: int) -> list[str]:
            request = TextRequest(f"user {number} count 0", max_tokens=8)
            return [await text(engine, request) for _ in range(12)]

        users = [asyncio.create_task(user(number)) for number in range(12)]
        await until(lambda: us.streams()[0] > 30)
        under_way = us.servers[0].running
        await us.servers[0].kill()
        await asyncio.sleep(0.01)  # what had arrived by then is read
        killed_at = us.streams()
        answers = [answer for each in await asyncio.gather(*users) for answer in each]
        assert answers == [COUNTED] * 144
        assert 144 < sum(us.streams()) <= 144 + under_way, "only what was in flight was asked for twice"
        assert us.streams()[0] == killed_at[0]
        await us.servers[0].start()
        await until(lambda: engine.answering() == 3)
        assert await text(engine) == COUNTED
        assert us.streams()[0] == killed_at[0] + 1


async def test_one_that_is_closed_while_it_connects_looks_after_nobody() -> None:
    async with team() as us:
        us.servers[0].answers["/health"] = [60.0]
        before = asyncio.all_tasks()
        connecting = asyncio.create_task(ready(us))
        await asyncio.sleep(0.3)
        await us.source.aclose()
        with pytest.raises(EngineUnavailable):
            await connecting
        await asyncio.sleep(0)
        left = asyncio.all_tasks() - before
        assert not [task for task in left if "watch" in repr(task.get_coro())]
        assert us.source.current() is None


async def test_the_time_of_a_request_counts_what_going_on_elsewhere_takes() -> None:
    async with team(looks=RARELY) as us:
        engine = await ready(us)
        us.servers[0].answers["/v1/completions"] = counted(upto=3)
        us.servers[1].answers["/tokenize"] = [60.0]
        async with asyncio.timeout(2):
            got = await chunks(engine, replace(ASK, deadline=0.3))
        assert ("".join(chunk.text for chunk in got), finish(got)) == (" 1 2 3", "abort")
