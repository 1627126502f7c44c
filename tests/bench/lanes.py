"""Typing while work runs on the same engine: a real vLLM with a tiny model that takes long prompts."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.figures import Percentiles, row, say
from bench.overhead import SOURCES
from bench.real import engine
from bench.tiny import ARGUMENTS, make_tiny_model
from understudy.core.settings import EngineSettings
from understudy.engine.base import ChatChunk, ChatRequest, Engine, Message, TextRequest
from understudy.engine.lanes import WORK_PRIORITY, shared_lanes
from understudy.engine.scripted import ScriptedSource

TYPED = 300  # tokens of a completion's prompt
ANSWER = 8
WORK = 30_000
WORKERS = 3
KEY_SECONDS = 0.1  # between a key and its completion
ROUNDS = 3
UNANNOUNCED, ANNOUNCED = "admitted, out of the blue", "admitted, its key announced as the pipeline does"
GOAL = 2.0
Ask = Callable[[ChatRequest], AsyncGenerator[ChatChunk, None]]


@dataclass
class Work:
    """What the work requests came to, over `seconds`."""

    first_chunks: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        rate = len(self.first_chunks) * WORK / self.seconds
        return f"{rate:,.0f} tokens/s of whole prompts, first token p50 {Percentiles.of(self.first_chunks).p50:,.0f} ms"


class Bench:
    """Requests of both kinds, never the same twice."""

    def __init__(self, engine: Engine, seed: int = 1) -> None:
        self.engine = engine
        self.lanes = shared_lanes(ScriptedSource(engine))
        self._random = random.Random(seed)
        self._pieces: list[str] = []

    async def prepare(self) -> None:
        """Read the text that work prompts consist of, and let the engine compile what it compiles at first use."""
        text = "".join(path.read_text(encoding="utf-8") for path in sorted(SOURCES.rglob("*.py")))
        self._pieces = list((await self.engine.tokenize(text)).pieces)
        for _ in range(5):
            await self.complete(self.engine)
        async with aclosing(self.engine.chat(self.work())) as chunks:
            async for _ in chunks:
                pass

    def completion(self) -> TextRequest:
        return TextRequest(tuple(self._random.randrange(16, 5000) for _ in range(TYPED)), ANSWER)

    def work(self) -> ChatRequest:
        start = self._random.randrange(len(self._pieces))
        pieces = itertools.islice(itertools.cycle(self._pieces), start, start + WORK - 20)
        return ChatRequest((Message("user", f"{self._random.random()}\n" + "".join(pieces)),), 16)

    def short_chat(self) -> ChatRequest:
        return ChatRequest((Message("user", f"{self._random.random()}"),), 16)

    async def complete(self, engine: Engine) -> float:
        """Milliseconds of one completion."""
        began = perf_counter()
        async with aclosing(engine.stream(self.completion())) as chunks:
            async for _ in chunks:
                pass
        return (perf_counter() - began) * 1000

    async def type(self, engine: Engine, seconds: float, *, announced: bool = False) -> list[float]:
        """Complete at random moments for so long, three times at least. Milliseconds of each."""
        times: list[float] = []
        end = perf_counter() + seconds
        while perf_counter() < end or len(times) < 3:
            await asyncio.sleep(self._random.uniform(0.1, 0.3))
            if announced:
                self.lanes.expect(KEY_SECONDS)
                await asyncio.sleep(KEY_SECONDS)
            times.append(await self.complete(engine))
        return times

    @asynccontextmanager
    async def working(self, ask: Ask, done: Work) -> AsyncIterator[None]:
        """Keep `WORKERS` long chats in flight, each followed by the next, and note what they come to."""
        began = perf_counter()

        async def one() -> None:
            while True:
                asked = perf_counter()
                first = True
                async with aclosing(ask(self.work())) as chunks:
                    async for _ in chunks:
                        if first:
                            done.first_chunks.append((perf_counter() - asked) * 1000)
                        first = False

        workers = [asyncio.create_task(one()) for _ in range(WORKERS)]
        try:
            await asyncio.sleep(0.5)
            yield
            done.seconds += perf_counter() - began
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.wait(workers)
            for worker in workers:
                if not worker.cancelled():
                    worker.result()
            await asyncio.sleep(0.5)


@asynccontextmanager
async def tiny_engine() -> AsyncIterator[Bench]:
    """vLLM on a tiny model, as a shared engine is started, ready to be asked."""
    with TemporaryDirectory(prefix="understudy-tiny-") as home:
        model = make_tiny_model(Path(home) / "tiny")
        async with engine(EngineSettings(model=str(model), arguments=ARGUMENTS)) as (real, _):
            bench = Bench(real)
            await bench.prepare()
            yield bench


async def measure(bench: Bench, seconds: float = 10.0) -> None:
    """Print what typing and work cost each other, with and without admission."""
    typing, work = bench.lanes.typing.current(), bench.lanes.work.current()
    assert typing
    assert work

    def with_priority(request: ChatRequest) -> AsyncGenerator[ChatChunk, None]:
        return bench.engine.chat(replace(request, priority=WORK_PRIORITY))

    idle: list[float] = []
    times: dict[str, list[float]] = {UNANNOUNCED: [], ANNOUNCED: []}
    done = {name: Work() for name in times}
    # In turns, so that all of them meet the same mood of the machine.
    for _ in range(ROUNDS):
        idle += await bench.type(typing, seconds)
        for name, of in times.items():
            async with bench.working(work.chat, done[name]):
                of += await bench.type(typing, seconds, announced=name == ANNOUNCED)
    alone = Percentiles.of(idle)
    row(f"a completion of {TYPED} tokens alone, ms", alone)
    say(f"  while {WORKERS} prompts of {WORK:,} tokens are in flight:")
    for name, of in times.items():
        _compare(name, Percentiles.of(of), alone, done[name], goal=GOAL)
    for name, ask in (("priority alone", with_priority), ("first come, first served", bench.engine.chat)):
        direct = Work()
        async with bench.working(ask, direct):
            of = await bench.type(bench.engine, seconds)
        _compare(name, Percentiles.of(of), alone, direct)
    for name, ask in (("admitted", work.chat), ("direct", with_priority)):
        nobody = Work()
        async with bench.working(ask, nobody):
            await asyncio.sleep(seconds)
        row(f"work while nobody types, {name}", nobody)


def _compare(name: str, took: Percentiles, alone: Percentiles, done: Work, goal: float | None = None) -> None:
    ratio = took.p95 / alone.p95
    row(f"    {name}, ms", took)
    if goal is None:
        row("        p95 against alone", f"{ratio:.0f}-fold")
    else:
        row("        p95 against alone", f"{ratio:.1f}-fold", f"≤ {goal:.0f}-fold", met=ratio <= goal)
    row("        work meanwhile", done)
