"""What reads a connection does so in a task of its own, which is cancelled as httpx can bear it.

httpx closes a connection in steps, also where an answer ends by itself. A task that is cancelled between two of them,
as asyncio does it, leaves the connection open and in use for good: vLLM goes on generating for nobody, and when no
connection is left, nothing can be asked any more. httpx guards these steps against the cancellation of anyio's scopes
(and only against that), so that is how a task ends here, however and however often its reader is cancelled.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable
from contextlib import aclosing
from typing import TypeVar

from anyio import CancelScope

Item = TypeVar("Item")


async def read_apart(source: AsyncGenerator[Item, None], tasks: set[asyncio.Task[None]]) -> AsyncGenerator[Item, None]:
    """The items of `source`, and its error. Closing this closes `source`, and waits until that is done unless it is
    itself cancelled meanwhile; the task is in `tasks` as long as it runs. Where somebody else cancels that, the items
    end there. What `source` does not guard at its end is cut short."""
    items: asyncio.Queue[Item | None] = asyncio.Queue()
    scope = CancelScope()

    async def read() -> None:
        try:
            with scope:
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
            scope.cancel()
            await asyncio.wait([task])


async def ask_apart(answer: Awaitable[Item]) -> Item:
    """The one answer of something, or its error. Cancelling this cancels that, and does not wait for its end."""
    scope = CancelScope()

    async def ask() -> Item:
        with scope:
            return await answer
        raise asyncio.CancelledError

    task = asyncio.create_task(ask())
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    try:
        return await asyncio.shield(task)
    finally:
        scope.cancel()
