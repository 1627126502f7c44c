"""Both lanes on one engine: what work asks it for, when, and what typing makes of that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from math import inf

import pytest

from understudy.core.errors import EngineRefused
from understudy.core.settings import EngineSettings, Settings, WorkSettings
from understudy.engine.admission import LONGEST_HOLD
from understudy.engine.base import ChatChunk, ChatRequest, Chunk, Engine, Message, TextRequest
from understudy.engine.lanes import WORK_PRIORITY, Lanes, lanes_for, shared_lanes, work_settings
from understudy.engine.local import LocalSource
from understudy.engine.remote import RemoteSource
from understudy.engine.script import Answer, Say, Wait
from understudy.engine.scripted import ScriptedEngine, ScriptedSource
from unit.engine.asking import asking
from unit.engine.fake_openai import json_answer

BLOCK = 16
PIECE_SECONDS = 0.02
LONG = 20_000  # tokens
TYPED = TextRequest("def typed():", 8)
READING = Answer((Wait(PIECE_SECONDS), Say("x")), always=True)


def chat(words: int, name: str = "a") -> ChatRequest:
    """A chat of about so many tokens, unlike those with other names from its beginning."""
    return ChatRequest((Message("user", f"{name} " * (words // 2)),), 4)


def pieces(engine: ScriptedEngine) -> list[tuple[int, ...]]:
    """The pieces of prompts that were asked for."""
    asked = [seen.request for seen in engine.seen if isinstance(seen.request, TextRequest)]
    return [request.prompt for request in asked if isinstance(request.prompt, tuple)]


def lanes_on(engine: ScriptedEngine) -> tuple[Engine, Engine, Lanes]:
    lanes = shared_lanes(ScriptedSource(engine))
    typing, work = lanes.typing.current(), lanes.work.current()
    assert typing
    assert work
    return typing, work, lanes


async def said(chunks: AsyncGenerator[Chunk, None] | AsyncGenerator[ChatChunk, None]) -> list[Chunk | ChatChunk]:
    async with aclosing(chunks) as stream:
        return [chunk async for chunk in stream]


async def until(check: Callable[[], bool]) -> None:
    for _ in range(5000):
        if check():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("it did not come to that")


class TestPieces:
    async def test_a_long_prompt_is_read_in_pieces_of_which_each_finds_the_ones_before(self) -> None:
        engine = ScriptedEngine([READING], block=BLOCK)
        _, work, _ = lanes_on(engine)
        request = chat(LONG)
        answer = await said(work.chat(request))
        whole = await engine.tokenize_chat(request)
        read = pieces(engine)
        assert len(read) > 2
        assert [piece == whole[: len(piece)] for piece in read] == [True] * len(read)
        assert [len(piece) for piece in read] == sorted({len(piece) for piece in read})
        assert [seen.request.max_tokens for seen in engine.seen] == [1] * len(read) + [4]
        assert {seen.request.priority for seen in engine.seen} == {WORK_PRIORITY}
        usage = answer[-1].usage
        assert usage
        assert usage.cached is not None
        assert usage.cached == 0, "what its own pieces computed was not there before"
        (again,) = [chunk.usage for chunk in await said(engine.chat(request)) if chunk.usage]
        assert again.cached is not None
        assert again.cached >= len(read[-1]) - BLOCK, "what was read is found"
        assert "".join(chunk.text for chunk in answer) == "x"

    async def test_so_is_a_raw_prompt_in_text_or_tokens(self) -> None:
        engine = ScriptedEngine([READING], block=BLOCK)
        _, work, _ = lanes_on(engine)
        prompt = "b " * LONG
        await said(work.stream(TextRequest(prompt, 4)))
        asked = len(engine.seen)
        assert asked > 2
        await said(work.stream(TextRequest((await engine.tokenize("c " * LONG)).ids, 4)))
        assert len(engine.seen) > asked + 2

    async def test_a_short_prompt_is_asked_for_as_it_is(self) -> None:
        engine = ScriptedEngine([READING], block=BLOCK)
        _, work, _ = lanes_on(engine)
        await said(work.chat(chat(100)))
        assert len(engine.seen) == 1

    async def test_what_was_read_before_is_not_read_again(self) -> None:
        engine = ScriptedEngine([READING], block=BLOCK)
        _, work, _ = lanes_on(engine)
        await said(work.chat(chat(LONG)))
        engine.seen.clear()
        longer = ChatRequest((*chat(LONG).messages, Message("user", "and then?")), 4)
        answer = await said(work.chat(longer))
        assert len(engine.seen) == 1
        usage = answer[-1].usage
        assert usage
        assert usage.cached is not None
        assert usage.cached > LONG * 0.9, "this was there before"

    async def test_without_a_prefix_cache_it_is_not_cut_for_long(self) -> None:
        engine = ScriptedEngine([READING], block=10**9)
        _, work, _ = lanes_on(engine)
        await said(work.chat(chat(LONG)))
        await said(work.chat(chat(LONG, "b")))
        assert len(pieces(engine)) == 3, "the first, and two that found nothing of the ones before"

    async def test_prompts_too_short_to_be_cut_say_nothing_about_the_cache(self) -> None:
        engine = ScriptedEngine([READING], block=BLOCK)
        _, work, _ = lanes_on(engine)
        for name in ("first", "second", "third"):
            await said(work.chat(chat(150, name)))
        assert not pieces(engine)
        await said(work.chat(chat(LONG)))
        assert len(pieces(engine)) > 2

    async def test_a_cache_of_large_blocks_is_one_too(self) -> None:
        engine = ScriptedEngine([READING], block=2144)
        typing, work, _ = lanes_on(engine)
        await said(typing.stream(TYPED))  # somebody types, so that pieces are shorter than a block
        for name in "ab":
            await said(work.chat(chat(LONG, name)))
        read = pieces(engine)
        assert [max(len(piece) for piece in read if piece[3] == one[3]) > LONG // 2 for one in (read[0], read[-1])]
        assert read[0][3] != read[-1][3], "the second prompt was cut as well"

    async def test_after_the_engine_has_begun_anew_prompts_are_cut_as_before(self) -> None:
        class Restarted(ScriptedEngine):
            def restart(self) -> None:
                self._read.clear()

        engine = Restarted([READING], block=BLOCK)
        _, work, _ = lanes_on(engine)
        for name in "ab":
            await said(work.chat(chat(LONG, name)))
        engine.restart()
        for name in "ab":  # known, and not found
            await said(work.chat(chat(LONG, name)))
        engine.seen.clear()
        await said(work.chat(chat(LONG, "c")))
        assert pieces(engine)

    async def test_short_requests_do_not_make_it_forget_a_long_one(self) -> None:
        engine = ScriptedEngine([READING], block=BLOCK)
        _, work, _ = lanes_on(engine)
        await said(work.chat(chat(LONG)))
        for number in range(5):
            await said(work.stream(TextRequest(f"{number}", 4)))
        engine.seen.clear()
        await said(work.chat(chat(LONG)))
        assert len(engine.seen) == 1

    async def test_an_engine_that_does_not_say_what_it_found_gets_whole_prompts(self) -> None:
        engine = ScriptedEngine([READING])
        _, work, _ = lanes_on(engine)
        await said(work.chat(chat(LONG)))
        assert len(engine.seen) == 2

    async def test_an_engine_that_cannot_tokenise_is_asked_that_once(self) -> None:
        class Plain(ScriptedEngine):
            asked = 0

            async def tokenize_chat(self, request: ChatRequest) -> tuple[int, ...]:
                self.asked += 1
                raise EngineRefused(404, "no such path")

        engine = Plain([READING], block=BLOCK)
        _, work, _ = lanes_on(engine)
        for _ in range(2):
            assert (await said(work.chat(chat(LONG))))[0].text == "x"
        assert (engine.asked, len(engine.seen)) == (1, 2)


class TestTypingFirst:
    async def test_no_piece_begins_while_a_completion_is_under_way(self) -> None:
        engine = ScriptedEngine([Answer((Say("y"), Wait(inf)), when="typed"), READING], block=BLOCK)
        typing, work, _ = lanes_on(engine)
        completion = typing.stream(TYPED)
        await anext(completion)
        working = asyncio.create_task(said(work.chat(chat(LONG))))
        await asyncio.sleep(LONGEST_HOLD / 20)
        assert len(engine.seen) == 1
        await completion.aclose()
        await working
        assert len(pieces(engine)) > 2

    async def test_nor_is_a_long_prompt_tokenised(self) -> None:
        class Counting(ScriptedEngine):
            asked = 0

            async def tokenize_chat(self, request: ChatRequest) -> tuple[int, ...]:
                self.asked += 1
                return await super().tokenize_chat(request)

        engine = Counting([Answer((Say("y"), Wait(inf)), when="typed"), READING], block=BLOCK)
        typing, work, _ = lanes_on(engine)
        completion = typing.stream(TYPED)
        await anext(completion)
        working = asyncio.create_task(said(work.chat(chat(2000))))
        await asyncio.sleep(LONGEST_HOLD / 20)
        assert engine.asked == 0
        await completion.aclose()
        await working
        assert engine.asked == 1

    async def test_a_piece_that_runs_gives_way_and_is_asked_for_again(self) -> None:
        stuck = Answer((Wait(inf),), when="a a a")
        engine = ScriptedEngine([Answer((Say("y"),), when="typed", always=True), stuck, READING], block=BLOCK)
        typing, work, _ = lanes_on(engine)
        working = asyncio.create_task(said(work.chat(chat(LONG))))
        await until(lambda: len(engine.seen) == 1)
        assert (await said(typing.stream(TYPED)))[0].text == "y"
        await until(lambda: engine.seen[0].ended == "aborted")
        assert (await working)[0].text == "x"
        first, again = pieces(engine)[:2]
        assert again[: len(first)] == first[: len(again)]

    async def test_the_engine_is_kept_free_for_a_completion_that_is_expected(self) -> None:
        engine = ScriptedEngine([READING], block=BLOCK)
        _, work, lanes = lanes_on(engine)
        lanes.expect(0.04)
        working = asyncio.create_task(said(work.chat(chat(2000))))
        await asyncio.sleep(0.05)
        assert not engine.seen
        await working

    async def test_who_types_without_end_does_not_stop_the_work(self) -> None:
        engine = ScriptedEngine([Answer((Say("y"), Wait(inf)), when="typed"), READING], block=BLOCK)
        typing, work, _ = lanes_on(engine)
        completion = typing.stream(TYPED)
        await anext(completion)
        async with asyncio.timeout(20):
            assert (await said(work.chat(chat(600))))[0].text == "x"
        await completion.aclose()


class TestWorkAmongItself:
    async def test_one_piece_at_a_time_and_the_shortest_prompt_first(self) -> None:
        running = most = 0

        class Counting(ScriptedEngine):
            async def stream(self, request: TextRequest) -> AsyncGenerator[Chunk, None]:
                nonlocal running, most
                running += 1
                most = max(most, running)
                async with aclosing(super().stream(request)) as chunks:
                    async for chunk in chunks:
                        yield chunk
                running -= 1

        engine = Counting([READING], block=BLOCK)
        _, work, _ = lanes_on(engine)
        done: list[str] = []

        async def one(words: int, name: str) -> None:
            await said(work.chat(chat(words, name)))
            done.append(name)

        await asyncio.gather(one(3 * LONG, "long"), one(LONG, "short"), one(2 * LONG, "middle"))
        assert most == 1
        assert done == ["short", "middle", "long"]

    async def test_a_request_that_is_cancelled_asks_for_no_further_piece(self) -> None:
        engine = ScriptedEngine([READING], block=BLOCK)
        _, work, _ = lanes_on(engine)
        working = asyncio.create_task(said(work.chat(chat(LONG))))
        await until(lambda: len(engine.seen) == 2)
        working.cancel()
        await asyncio.wait([working])
        assert engine.seen[-1].ended == "aborted"
        await asyncio.sleep(3 * PIECE_SECONDS)
        assert len(engine.seen) == 2
        assert (await said(work.chat(chat(100))))[0].text == "x", "the turn was given back"

    @pytest.mark.parametrize("prompt", ["d " * LONG, "d"], ids=["in pieces", "whole"])
    async def test_a_deadline_counts_the_wait_and_the_pieces(self, prompt: str) -> None:
        engine = ScriptedEngine([Answer((Wait(inf),), always=True)], block=BLOCK)
        _, work, _ = lanes_on(engine)
        began = asyncio.get_running_loop().time()
        answer = await said(work.stream(TextRequest(prompt, 4, alternatives=2, deadline=0.1)))
        assert 0.09 < asyncio.get_running_loop().time() - began < 1
        assert "abort" in [chunk.finish for chunk in answer]
        assert [seen.ended for seen in engine.seen] != [None]

    async def test_what_the_engine_says_is_wrong_reaches_who_asked(self) -> None:
        engine = ScriptedEngine([], block=BLOCK)
        _, work, _ = lanes_on(engine)
        for words in (100, 3000):
            with pytest.raises(EngineRefused):
                await said(work.chat(chat(words)))


class TestSources:
    async def test_a_lane_of_one_engine_stays_the_same(self) -> None:
        lanes = shared_lanes(ScriptedSource(ScriptedEngine()))
        assert lanes.typing.current() is lanes.typing.current()
        assert lanes.work.current() is await lanes.work.ensure(lambda _: None)
        assert lanes.typing.current() is not lanes.work.current()
        missing = shared_lanes(ScriptedSource(None))
        assert missing.typing.current() is missing.work.current() is None

    async def test_the_shared_engine_is_closed_with_the_typing_lane(self) -> None:
        engine = ScriptedEngine()
        lanes = shared_lanes(ScriptedSource(engine))
        await lanes.work.aclose()
        assert (await engine.health()).value == "ready"
        await lanes.typing.aclose()
        assert (await engine.health()).value == "down"

    @pytest.mark.parametrize(
        ("work", "kind"),
        [
            (WorkSettings(url="http://127.0.0.1:1/v1"), RemoteSource),
            (WorkSettings(urls=("http://127.0.0.1:1/v1",)), RemoteSource),
            (WorkSettings(model="Qwen/Qwen3.6-35B-A3B"), LocalSource),
        ],
    )
    async def test_work_may_have_an_engine_of_its_own(self, work: WorkSettings, kind: type) -> None:
        lanes = lanes_for(Settings(work=work))
        assert isinstance(lanes.typing, LocalSource)
        assert isinstance(lanes.work, kind)
        lanes.expect(0.1)

    async def test_two_models_of_one_server_share_it_all_the_same(self) -> None:
        models = json_answer({"data": [{"id": "a", "owned_by": "vllm"}, {"id": "b", "owned_by": "vllm"}]})
        async with asking(models=models, completions=[30.0]) as (_, server):
            key = server.url.replace("//", "//ann:key@")
            lanes = lanes_for(
                Settings(engine=EngineSettings(url=server.url, model="a"), work=WorkSettings(url=key, model="b"))
            )
            typing, work = [await source.ensure(lambda _: None) for source in (lanes.typing, lanes.work)]
            assert [(await engine.model()).id for engine in (typing, work)] == ["a", "b"]
            tasks = [asyncio.create_task(said(engine.stream(TYPED))) for engine in (typing, work)]
            await asyncio.sleep(LONGEST_HOLD / 10)
            assert [body["model"] for body in server.bodies("/v1/completions")] == ["a"], "work waits for typing"
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            await lanes.work.aclose()
            await lanes.typing.aclose()

    def test_its_settings_are_those_of_work(self) -> None:
        engine = EngineSettings(url="http://typing/v1", model="small", fim="qwen", idle_minutes=3, arguments=("--a",))
        assert work_settings(Settings(engine=engine)) is None
        assert work_settings(Settings(engine=engine, work=WorkSettings(arguments=("--b",)))) is None
        own = work_settings(Settings(engine=engine, work=WorkSettings(model="large", arguments=("--b",))))
        assert own == EngineSettings(model="large", idle_minutes=3, arguments=("--b",))


@pytest.mark.parametrize(
    ("engine", "free"),
    [
        ({}, True),
        ({"url": "http://127.0.0.1:8000/v1"}, True),
        ({"url": "http://[::1]:8000/v1"}, True),
        ({"url": "http://192.168.1.7:8000/v1"}, True),
        ({"url": "http://gpu-box:8000/v1"}, True),
        ({"url": "http://gpu.local:8000/v1"}, True),
        ({"url": "https://api.example.com/v1"}, False),
        ({"url": "https://8.8.8.8/v1"}, False),
        ({"urls": ("http://10.0.0.1/v1", "https://api.example.com/v1")}, False),
    ],
)
def test_nothing_is_read_ahead_where_it_may_cost_money(engine: dict[str, object], *, free: bool) -> None:
    lanes = lanes_for(Settings(engine=EngineSettings().model_copy(update=engine)))
    assert (lanes.warming is not None) is free
