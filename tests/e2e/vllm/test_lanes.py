"""Typing while work runs on the same vLLM: a tiny model that takes long prompts, in an engine of its own."""

from __future__ import annotations

import asyncio
import itertools
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pytest

from bench.figures import Percentiles
from bench.lanes import WORK, Bench, Work
from bench.tiny import ARGUMENTS, make_tiny_model
from e2e.vllm.conftest import ensure_installed
from understudy.core.settings import EngineSettings
from understudy.engine.base import ChatChunk, ChatRequest, Engine
from understudy.engine.lanes import WORK_PRIORITY
from understudy.engine.local import LocalSource
from understudy.engine.state import EngineFolder
from understudy.engine.supervisor import stop

# What admission brings is a factor of fifty here; other programs on a CI machine cost a part of it.
FASTER = 5
LONGEST_ABORT_SECONDS = 2.0
SEEDS = itertools.count(1)  # the engine must not know a prompt from the test before


@pytest.fixture(scope="module", name="folder")
def fixture_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    ensure_installed()
    folder = tmp_path_factory.mktemp("lanes")
    make_tiny_model(folder / "tiny")
    (folder / "engine").mkdir()
    return folder


@pytest.fixture(name="bench")
async def fixture_bench(folder: Path) -> AsyncIterator[Bench]:
    """The engine goes on between the tests: each of them adopts it."""
    engine = EngineFolder(folder / "engine")
    source = LocalSource(EngineSettings(model=str(folder / "tiny"), arguments=ARGUMENTS), who="tests", folder=engine)
    try:
        bench = Bench(await source.ensure(lambda _: None), next(SEEDS))
        await bench.prepare()
        yield bench
    finally:
        await source.aclose()


@pytest.fixture(scope="module", autouse=True)
def fixture_stop(folder: Path) -> Iterator[None]:
    yield
    stop(EngineFolder(folder / "engine"))


async def test_typing_does_not_wait_for_long_prompts(bench: Bench) -> None:
    typing, work = lanes_of(bench)

    def with_priority_alone(request: ChatRequest) -> AsyncGenerator[ChatChunk, None]:
        return bench.engine.chat(replace(request, priority=WORK_PRIORITY))

    done = Work()
    idle = Percentiles.of(await bench.type(typing, 3))
    async with bench.working(work.chat, done):
        admitted = Percentiles.of(await bench.type(typing, 6))
        async with asyncio.timeout(60):
            while not done.first_chunks:
                await bench.type(typing, 1)
    async with bench.working(with_priority_alone, Work()):
        direct = Percentiles.of(await bench.type(bench.engine, 2))
    sys.stderr.write(f"\ncompletions, ms: alone {idle}; work admitted {admitted}; with priority alone {direct}\n")
    assert admitted.p50 * FASTER < direct.p50
    assert admitted.p50 < idle.p50 * FASTER


async def test_a_prompt_is_found_whole_after_its_pieces(bench: Bench) -> None:
    _, work = lanes_of(bench)
    usage = None
    async with aclosing(work.chat(bench.work())) as chunks:
        async for chunk in chunks:
            usage = chunk.usage or usage
    assert usage
    assert usage.computed is not None
    assert usage.prompt > 0.9 * WORK
    assert usage.computed < 1.1 * WORK, "each token is computed once: a chat is put together as /tokenize does it"


async def test_what_an_interrupted_prompt_has_computed_is_kept(bench: Bench) -> None:
    request = bench.work()
    reading = asyncio.create_task(read(bench.engine.chat(request)))
    await until_running(bench, 1)
    await asyncio.sleep(0.4)
    assert not reading.done()
    reading.cancel()
    await asyncio.wait([reading])
    assert (await read(bench.engine.chat(request))) > 0


async def test_cancelling_ends_the_pieces_at_the_engine(bench: Bench) -> None:
    _, work = lanes_of(bench)
    for start in (lambda: work.chat(bench.work()), lambda: bench.engine.chat(bench.work())):
        reading = asyncio.create_task(read(start()))
        await until_running(bench, 1)
        began = perf_counter()
        # Again and again, as an impatient client may.
        while not reading.done():
            reading.cancel()
            await asyncio.sleep(0)
        await until_running(bench, 0)
        assert perf_counter() - began < LONGEST_ABORT_SECONDS
        for _ in range(20):
            await asyncio.sleep(0.02)
            assert (await bench.engine.load()).running == 0, "a further piece was sent"


def lanes_of(bench: Bench) -> tuple[Engine, Engine]:
    typing, work = bench.lanes.typing.current(), bench.lanes.work.current()
    assert typing
    assert work
    return typing, work


async def read(chunks: AsyncGenerator[ChatChunk, None]) -> int:
    """Read a chat to its end. Returns how many tokens of its prompt were cached."""
    usage = None
    async with aclosing(chunks) as stream:
        async for chunk in stream:
            usage = chunk.usage or usage
    return usage.cached or 0 if usage else 0


async def until_running(bench: Bench, running: int) -> None:
    end = perf_counter() + 30
    while (await bench.engine.load()).running != running:
        assert perf_counter() < end, f"not {running} running"
