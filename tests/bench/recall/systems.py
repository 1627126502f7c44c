"""The systems that are compared, one row each. All of them see the same files, without the case's own, and the same
text before the cursor, without the line that was cut."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from bench.recall import ours, peers, tabs
from bench.recall.case import Case, Excerpt, Project

Gather = Callable[[Case, int], Awaitable[tuple[Excerpt, ...]]]
Opened = Callable[[Project], AbstractAsyncContextManager[Gather]]


@asynccontextmanager
async def _nothing(_: Project) -> AsyncIterator[Gather]:
    async def gather(_: Case, __: int) -> tuple[Excerpt, ...]:
        return ()

    yield gather


OURS = "ours"
SYSTEMS: dict[str, Opened] = {
    "none": _nothing,
    "tabs": tabs.opened,
    "bm25": peers.bm25,
    "aider": peers.aider,
    OURS: ours.opened,
}
