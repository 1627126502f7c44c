"""A generator that is read in a task of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest
from anyio import CancelScope

from understudy.engine.apart import read_apart


class Source:
    """Counts to `count`, then fails or hangs; its end takes some turns of the loop, guarded as httpx guards its own."""

    def __init__(self, count: int, error: Exception | None = None, *, hangs: bool = False) -> None:
        self.count, self.error, self.hangs = count, error, hangs
        self.ended = False
        self.tasks: set[asyncio.Task[None]] = set()

    async def numbers(self) -> AsyncGenerator[int, None]:
        try:
            for number in range(self.count):
                yield number
            if self.error:
                raise self.error
            if self.hangs:
                await asyncio.Event().wait()
        finally:
            with CancelScope(shield=True):
                for _ in range(5):
                    await asyncio.sleep(0)
                self.ended = True

    def apart(self) -> AsyncGenerator[int, None]:
        return read_apart(self.numbers(), self.tasks)

    async def read(self) -> list[int]:
        async with aclosing(self.apart()) as numbers:
            return [number async for number in numbers]


async def test_the_items_and_the_end_come_through() -> None:
    source = Source(3)
    assert await source.read() == [0, 1, 2]
    assert source.ended
    await asyncio.sleep(0)
    assert not source.tasks


async def test_so_does_an_error_after_them() -> None:
    source = Source(2, ValueError("broke"))
    numbers = source.apart()
    assert [await anext(numbers), await anext(numbers)] == [0, 1]
    with pytest.raises(ValueError, match="broke"):
        await anext(numbers)
    assert source.ended


async def test_closing_it_closes_the_source_first() -> None:
    source = Source(2, hangs=True)
    numbers = source.apart()
    assert await anext(numbers) == 0
    await numbers.aclose()
    assert source.ended


async def test_a_reader_is_not_cancelled_with_the_task() -> None:
    source = Source(1, hangs=True)
    reading = asyncio.create_task(source.read())
    await asyncio.sleep(0.01)
    (task,) = source.tasks
    task.cancel()
    assert await reading == [0]
    assert source.ended


@pytest.mark.parametrize("turns", range(8))
async def test_the_source_meets_one_cancellation_however_many_its_reader_does(turns: int) -> None:
    source = Source(1, hangs=True)
    reading = asyncio.create_task(source.read())
    await asyncio.sleep(0.01)
    while not reading.done():
        reading.cancel()
        for _ in range(1 + turns):
            await asyncio.sleep(0)
    if source.tasks:
        await asyncio.wait(source.tasks)
    assert source.ended
