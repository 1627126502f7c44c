"""A generator that is read in a task of its own, so that it is cancelled once at most however often its reader is.

A task that is cancelled a second time while httpx closes a connection leaves the connection open, and vLLM goes on
generating for nobody. What is read through here meets one cancellation only, when the reader lets go.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TypeVar

Item = TypeVar("Item")


async def read_apart(source: AsyncGenerator[Item, None], tasks: set[asyncio.Task[None]]) -> AsyncGenerator[Item, None]:
    """The items of `source`, and its error. Closing this closes `source`, and waits until that is done unless it is
    itself cancelled meanwhile; the task is in `tasks` as long as it runs. Where somebody else cancels that, the items
    end there."""
    items: asyncio.Queue[Item | None] = asyncio.Queue()

    async def read() -> None:
        try:
            async with aclosing(source):
                async for item in source:
                    items.put_nowait(item)
        finally:
            items.put_nowait(None)

    task = asyncio.create_task(read())
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    # Whoever lets go before the end does not ask how it ended.
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    try:
        while (item := await items.get()) is not None:
            yield item
        # The error, if there was one. A task that somebody else has cancelled does not make the reader a cancelled one.
        await asyncio.wait([task])
        if not task.cancelled():
            task.result()
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait([task])
