"""A stream that ends before its end, or is ended from here: the connection goes with it."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing

import pytest

from understudy.core.errors import EngineUnavailable
from understudy.engine.base import Chunk, Health, TextRequest
from understudy.engine.client import CONNECTIONS
from unit.engine.asking import ASK, asking, texts
from unit.engine.fake_openai import DONE, Script, json_answer, stream_answer, text_event

MOMENTS = 48  # turns of the loop that an answer takes, and more


class TestEnding:
    async def test_cancelling_hangs_up(self) -> None:
        async with asking(completions=stream_answer(text_event("a"), 30.0)) as (engine, server):
            task = asyncio.create_task(texts(engine))
            await server.reached["/v1/completions"].wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asyncio.wait_for(server.hung_up.wait(), 1)

    async def test_cancelling_before_the_headers_hangs_up(self) -> None:
        async with asking(completions=[30.0]) as (engine, server):
            task = asyncio.create_task(texts(engine))
            await server.reached["/v1/completions"].wait()
            task.cancel()
            await asyncio.wait([task])
            await asyncio.wait_for(server.hung_up.wait(), 1)

    async def test_closing_the_stream_hangs_up(self) -> None:
        async with asking(completions=stream_answer(text_event("a"), 30.0)) as (engine, server):
            stream = engine.stream(ASK)
            assert (await anext(stream)).text == "a"
            await stream.aclose()
            await asyncio.wait_for(server.hung_up.wait(), 1)

    @pytest.mark.parametrize("turns", range(12))
    async def test_cancelling_while_the_stream_is_being_closed_hangs_up(self, turns: int) -> None:
        async with asking(completions=stream_answer(text_event("a"), 30.0)) as (engine, server):
            had = asyncio.Event()

            async def first() -> None:
                async with aclosing(engine.stream(ASK)) as stream:
                    async for _ in stream:
                        had.set()
                        break

            task = asyncio.create_task(first())
            await had.wait()
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])
            await asyncio.wait_for(server.hung_up.wait(), 1)

    @pytest.mark.parametrize("turns", range(6))
    @pytest.mark.parametrize("heard", [False, True], ids=["before the headers", "within the stream"])
    async def test_being_cancelled_again_and_again_hangs_up(self, turns: int, heard: bool) -> None:
        script: Script = stream_answer(text_event("a"), 30.0) if heard else [30.0]
        async with asking(completions=script) as (engine, server):
            had = asyncio.Event()

            async def read() -> None:
                async with aclosing(engine.stream(ASK)) as stream:
                    async for _ in stream:
                        had.set()

            task = asyncio.create_task(read())
            await (had if heard else server.reached["/v1/completions"]).wait()
            while not task.done():
                task.cancel()
                for _ in range(turns):
                    await asyncio.sleep(0)
                await asyncio.sleep(0)
            await asyncio.wait_for(server.hung_up.wait(), 1)

    async def test_the_deadline_keeps_what_came(self) -> None:
        async with asking(completions=stream_answer(text_event("a"), 30.0)) as (engine, server):
            began = time.monotonic()
            chunks = await texts(engine, TextRequest("p", 8, deadline=0.2))
            assert 0.15 < time.monotonic() - began < 1
            assert chunks == [Chunk("a"), Chunk("", 0, "abort")]
            await asyncio.wait_for(server.hung_up.wait(), 1)

    async def test_the_deadline_counts_slow_headers_too(self) -> None:
        async with asking(completions=[30.0]) as (engine, _):
            assert await texts(engine, TextRequest("p", 8, deadline=0.1)) == [Chunk("", 0, "abort")]

    async def test_a_closed_engine_says_so(self) -> None:
        async with asking() as (engine, _):
            await engine.aclose()
            with pytest.raises(EngineUnavailable, match="no longer connected"):
                await texts(engine)
            assert await engine.health() is Health.DOWN

    async def test_closing_the_engine_ends_its_streams(self) -> None:
        async with asking(completions=stream_answer(text_event("a"), 30.0)) as (engine, _):
            stream = engine.stream(ASK)
            await anext(stream)
            rest = asyncio.create_task(anext(stream))
            await asyncio.sleep(0.05)
            began = time.monotonic()
            await engine.aclose()
            assert time.monotonic() - began < 5, "it does not wait for the answer"
            with pytest.raises(EngineUnavailable, match="no longer connected"):
                await asyncio.wait_for(rest, 1)


class TestConnections:
    """However often somebody lets go, and whenever: in the end there are connections for the next ones."""

    async def test_streams_that_are_closed_when_all_of_them_is_there(self) -> None:
        script = stream_answer(*map(text_event, ("a", "b\n", "c")), text_event("", "length"), DONE)
        async with asking(completions=script) as (engine, _):
            for _ in range(2 * CONNECTIONS):
                async with aclosing(engine.stream(ASK)) as stream:
                    async for chunk in stream:
                        if "\n" in chunk.text:
                            break

    @pytest.mark.parametrize("question", ["a stream", "a short question"])
    async def test_cancelled_at_any_moment(self, question: str) -> None:
        script = stream_answer(text_event("a"), text_event("", "length"), DONE)
        async with asking(completions=script, tokenize=json_answer({"tokens": [1]})) as (engine, server):
            for number in range(2 * MOMENTS):
                task = asyncio.create_task(texts(engine) if question == "a stream" else engine.tokenize("a"))
                for _ in range(number // 2):
                    await asyncio.sleep(0)
                task.cancel()
                await asyncio.wait([task])
            before = [writer.wait_closed() for writer in server.writers[:-1]]
            await asyncio.wait_for(asyncio.gather(*before, return_exceptions=True), 5)
