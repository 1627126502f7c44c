"""What is read ahead in a pause is found by the next completion, on a real vLLM."""

from __future__ import annotations

from time import time_ns
from typing import Protocol

from bench.prefix_cache import switched
from understudy.engine.base import Engine


class Running(Protocol):
    def connect(self) -> Engine: ...


async def test_the_first_completion_in_another_file_finds_what_was_read_in_the_pause(engine: Running) -> None:
    client = engine.connect()
    try:
        cold = await switched(client, warming=False, seed=time_ns())
        warm = await switched(client, warming=True, seed=time_ns())
    finally:
        await client.aclose()
    assert cold.computed is not None
    assert warm.computed is not None
    assert cold.computed > cold.prompt * 0.9, "nothing of the file was known"
    assert warm.computed < warm.prompt * 0.2
