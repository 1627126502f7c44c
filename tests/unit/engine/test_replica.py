"""One replica by itself."""

from __future__ import annotations

import asyncio

import pytest

from understudy.core.errors import EngineBroken
from understudy.engine.base import Health
from understudy.engine.replica import Replica
from understudy.engine.scripted import ScriptedEngine
from unit.engine.team import QUICK


class Dead(ScriptedEngine):
    async def health(self) -> Health:
        return Health.DOWN


async def test_it_is_looked_at_again_while_what_waited_there_still_lets_go() -> None:
    replica = Replica("http://127.0.0.1:1/v1", Dead(), QUICK)

    async def wait() -> None:
        async with replica.waited_for():
            try:
                await asyncio.sleep(10)
            finally:
                await asyncio.sleep(0.1)  # a connection that is slow to close

    waiting = asyncio.create_task(wait())
    for _ in range(5):
        await asyncio.sleep(0.01)
        await replica.look("scripted")
    with pytest.raises(EngineBroken, match="does not answer any more"):
        await waiting
