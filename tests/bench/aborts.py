"""How soon vLLM stops working for somebody who has cancelled: by its own count of running requests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace
from time import perf_counter
from typing import Any

from bench.figures import Percentiles, row
from bench.lanes import Bench

ROUNDS = 20
GOAL_MS = 200.0
RUNNING_SECONDS = 0.3  # into the request
PATIENCE_SECONDS = 10.0
ANSWER = 2_000  # tokens, more than can be generated meanwhile


async def measure(bench: Bench) -> None:
    """Print the milliseconds from the cancellation until the count falls, for each kind of request."""
    work = bench.lanes.work.current()
    assert work
    for name, start in (
        ("a completion", lambda: bench.engine.stream(replace(bench.completion(), max_tokens=ANSWER))),
        ("a chat", lambda: bench.engine.chat(replace(bench.short_chat(), max_tokens=ANSWER))),
        ("a prompt that is being read", lambda: bench.engine.chat(bench.work())),
        ("an admitted prompt that is being read", lambda: work.chat(bench.work())),
    ):
        times = Percentiles.of([await _once(bench, start) for _ in range(ROUNDS)])
        row(f"cancelled, until vLLM runs nothing: {name}, ms", times, f"p95 ≤ {GOAL_MS:.0f}", met=times.p95 <= GOAL_MS)


async def _once(bench: Bench, start: Callable[[], AsyncGenerator[Any, None]]) -> float:
    async def read() -> None:
        async with aclosing(start()) as chunks:
            async for _ in chunks:
                pass

    task = asyncio.create_task(read())
    await asyncio.sleep(RUNNING_SECONDS)
    # An admitted prompt is not running between two of its pieces.
    while (await bench.engine.load()).running == 0:
        assert not task.done(), "the request ended before it could be cancelled"
    began = perf_counter()
    task.cancel()
    while (await bench.engine.load()).running:
        assert perf_counter() - began < PATIENCE_SECONDS, "vLLM goes on"
    return (perf_counter() - began) * 1000
