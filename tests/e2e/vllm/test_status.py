"""What is said of a real vLLM: `understudy engine status`, and what its requests are counted as."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from e2e.vllm.conftest import RealEngine
from understudy.core.ledger import Ledger, open_ledger
from understudy.engine.base import Chunk, TextRequest
from understudy.engine.client import HttpEngine
from understudy.engine.metered import MeteredEngine

PROMPT = "\n".join(f"def area_{number}(width, height):\n    return width * height\n" for number in range(20))
ASKED = TextRequest(PROMPT, max_tokens=4)
STATUS_SECONDS = 10.0  # two looks a second apart, and Python's start on a busy machine


@pytest.fixture(name="client")
async def fixture_client(engine: RealEngine) -> AsyncIterator[HttpEngine]:
    client = HttpEngine(engine.base_url, engine.key)
    yield client
    await client.aclose()


def status(engine: RealEngine, tmp_path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("UNDERSTUDY_")}
    folders = {f"UNDERSTUDY_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "DATA")}
    variables = {**kept, **folders, "UNDERSTUDY_STATE_HOME": str(engine.state_home)}
    command = [sys.executable, "-m", "understudy", "engine", "status", *words]
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False, timeout=60)


async def answered(client: HttpEngine | MeteredEngine, request: TextRequest = ASKED) -> list[Chunk]:
    async with aclosing(client.stream(request)) as chunks:
        return [chunk async for chunk in chunks]


async def test_status_says_what_is_served_and_what_the_cache_saves(
    engine: RealEngine, client: HttpEngine, tmp_path: Path
) -> None:
    for _ in range(2):
        await answered(client)
    began = time.monotonic()
    said = await asyncio.to_thread(status, engine, tmp_path, "--json")
    assert time.monotonic() - began < STATUS_SECONDS
    assert said.returncode == 0, said.stderr
    facts: dict[str, Any] = json.loads(said.stdout)
    (server,) = facts["servers"]
    info = await client.model()
    assert (server["model"], server["context"], server["precision"]) == (engine.model, info.context, "bf16")
    assert server["fim"] == {"format": "qwen-spm", "evidence": "vendor"}
    load = server["load"]
    assert 0 < load["cache_hits"] < 1
    assert load["queue_seconds"] >= 0
    assert load["generated_tokens"] > 0
    assert (load["running"], load["waiting"]) == (0, 0)
    text = (await asyncio.to_thread(status, engine, tmp_path)).stdout
    for name in ("serves", "asked", "load", "cache", "speed", "queue"):
        assert f"\n{name}:" in text


async def test_status_sees_a_request_that_runs(engine: RealEngine, client: HttpEngine, tmp_path: Path) -> None:
    running = asyncio.create_task(answered(client, TextRequest("x = 1\n" * 40, max_tokens=3000)))
    try:
        while (await client.load()).running != 1:
            assert not running.done()
            await asyncio.sleep(0.01)
        said = await asyncio.to_thread(status, engine, tmp_path, "--json")
    finally:
        running.cancel()
        await asyncio.wait([running])
    load = json.loads(said.stdout)["servers"][0]["load"]
    assert load["running"] == 1
    assert load["kv_cache"] > 0
    assert load["generated_per_second"] > 1


async def test_what_was_computed_is_less_than_what_was_asked(client: HttpEngine) -> None:
    await answered(client)
    before = await client.load()
    await answered(client)
    after = await client.load()
    asked = after.prompt_tokens - before.prompt_tokens
    assert asked > 300
    assert 0 < after.computed_tokens - before.computed_tokens < asked / 4
    assert after.computed_tokens - before.computed_tokens == asked - (after.cached_tokens - before.cached_tokens)


async def test_requests_are_counted_with_what_they_cost(client: HttpEngine, tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "statistics.sqlite")
    metered = MeteredEngine(client, ledger, "typing")
    for _ in range(2):
        await answered(metered, TextRequest("z = 3\n" * 100, max_tokens=4))
    async with aclosing(metered.stream(TextRequest("y = 2\n" * 40, max_tokens=3000))) as chunks:
        async for chunk in chunks:
            if chunk.text:
                break
    ledger.close()
    connection = open_ledger(tmp_path / "statistics.sqlite")
    rows = connection.execute("SELECT lane, model, prompt_tokens, cached_tokens, completion_tokens FROM requests")
    _, second, cut = rows.fetchall()
    connection.close()
    model = (await client.model()).id
    assert second[:2] == ("typing", model)
    assert second[2] > 300
    assert second[2] * 3 / 4 < second[3] < second[2]
    assert second[4] == 4
    assert (cut[:2], cut[3]) == (("typing", model), None), "what was cached is said at the end only"
    assert cut[2] > 0
    assert 0 < cut[4] < 3000
