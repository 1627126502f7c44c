"""A stream is kept while the text agrees with it, and closed when nobody waits for it any more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from understudy.core.text import Document
from understudy.engine.base import Chunk, TextRequest
from understudy.engine.script import parse
from understudy.engine.scripted import ScriptedEngine
from understudy.features.completion.anchor import Anchor
from understudy.features.completion.generation import GRACE_SECONDS, Finished, Generation


def document(text: str) -> Document:
    return Document("file:///a.py", 1, "python", text)


def never(_: str) -> int | None:
    return None


def start(script: str, *, stop=never, harvest=lambda _: None) -> tuple[ScriptedEngine, Generation]:
    engine = ScriptedEngine(parse(script))
    request = TextRequest("x = ", max_tokens=10)
    return engine, Generation(engine, request, Anchor.at(document("x = "), 4), stop, harvest)


async def test_waits_for_the_whole_text() -> None:
    harvested: list[Finished] = []
    engine, generation = start('"a"\n!delay 10\n"b"', harvest=harvested.append)
    async with generation.waiting():
        assert await generation.settled(document("x = "), 4)
    assert generation.text == "ab"
    assert [finished.text for finished in harvested] == ["ab"]
    assert engine.seen[0].ended == "played"


async def test_typing_along_keeps_the_stream() -> None:
    engine, generation = start('"va"\n!delay 30\n"lue"')
    await asyncio.sleep(0.01)
    assert generation.agrees(document("x = v"), 5)
    async with generation.waiting():
        assert await generation.settled(document("x = val"), 7)  # ahead of what has come
    assert engine.seen[0].ended == "played"


async def test_typing_against_is_seen_at_once() -> None:
    _, generation = start('"va"\n!hang')
    await asyncio.sleep(0.01)
    assert not generation.agrees(document("x = o"), 5)
    async with generation.waiting():
        assert not await generation.settled(document("x = o"), 5)
    await generation.aclose()


async def test_a_text_that_turns_out_otherwise_wakes_the_waiter() -> None:
    _, generation = start('!delay 20\n"other"\n!hang')
    async with generation.waiting():
        async with asyncio.timeout(1):
            assert not await generation.settled(document("x = v"), 5)
    await generation.aclose()


async def test_the_stop_rule_closes_the_connection() -> None:
    engine, generation = start('"ab\\n"\n!hang', stop=lambda text: text.find("\n") if "\n" in text else None)
    async with asyncio.timeout(1), generation.waiting():
        assert await generation.settled(document("x = "), 4)
    assert generation.text == "ab"
    assert generation.finished is not None
    assert generation.finished.cut
    assert engine.seen[0].ended == "aborted"


async def test_abandoned_streams_are_closed_after_a_moment() -> None:
    engine, generation = start('"a"\n!hang')
    waiter = asyncio.create_task(_wait(generation))
    await asyncio.sleep(0.01)
    waiter.cancel()
    await asyncio.sleep(0.01)
    assert generation.running
    await asyncio.sleep(GRACE_SECONDS + 0.05)
    assert not generation.running
    assert engine.seen[0].ended == "aborted"


async def test_a_newer_request_takes_an_abandoned_stream_over() -> None:
    _, generation = start('"a"\n!delay 200\n"b"')
    waiter = asyncio.create_task(_wait(generation))
    await asyncio.sleep(0.01)
    waiter.cancel()
    async with generation.waiting():
        assert await generation.settled(document("x = a"), 5)
    assert generation.text == "ab"


async def test_a_failure_is_kept_for_whoever_waits() -> None:
    _, generation = start("!error 503 busy")
    async with generation.waiting():
        assert not await generation.settled(document("x = "), 4)
    assert generation.failure is not None
    assert "503" in str(generation.failure) or "busy" in str(generation.failure)


async def _wait(generation: Generation) -> None:
    async with generation.waiting():
        await generation.settled(document("x = "), 4)


@pytest.fixture(autouse=True)
async def no_task_is_left():
    yield
    left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task() and "_run" in repr(task)]
    assert not left


async def test_closing_again_does_not_disturb_the_closing() -> None:
    closed: list[str] = []

    class SlowToLetGo(ScriptedEngine):
        async def stream(self, request: TextRequest) -> AsyncGenerator[Chunk, None]:
            try:
                async for chunk in super().stream(request):
                    yield chunk
            finally:
                await asyncio.sleep(0.05)
                closed.append("the connection")

    engine = SlowToLetGo(parse('"a"\n!hang'))
    request = TextRequest("x = ", max_tokens=10)
    generation = Generation(engine, request, Anchor.at(document("x = "), 4), never, lambda _: None)
    await asyncio.sleep(0.01)
    generation.close()
    await asyncio.sleep(0.01)
    generation.close()
    await generation.aclose()
    assert closed == ["the connection"]
