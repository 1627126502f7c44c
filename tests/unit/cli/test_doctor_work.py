"""`understudy doctor` with an engine of its own for fixes and the agent."""

from __future__ import annotations

import asyncio

import pytest
from typed_command import Run

from unit.engine.fake_openai import DONE, stream_answer, text_event
from unit.engine.team import CountingServer


@pytest.fixture(name="typing")
async def fixture_typing() -> CountingServer:
    server = CountingServer(model="Qwen2.5-Coder")
    server.answers["/v1/completions"] = stream_answer(text_event("a + b", "stop"), DONE)
    await server.start()
    return server


async def test_doctor_asks_the_engine_for_work(run: Run, typing: CountingServer) -> None:
    work = CountingServer(model="Qwen3.6")
    await work.start()
    urls = {"UNDERSTUDY_ENGINE_URL": typing.url, "UNDERSTUDY_WORK_URL": work.url}
    answer = await asyncio.to_thread(run, "doctor", UNDERSTUDY_SCRIPT="", **urls)
    await typing.kill()
    await work.kill()
    assert "engine for work" in answer.stdout
    assert "Qwen3.6, context 512 tokens" in answer.stdout
    assert answer.returncode == 0


@pytest.mark.parametrize(
    ("url", "said"),
    [("http://127.0.0.1:9/v1", "Nobody answers at"), ("nonsense", "is not an http or https address: nonsense.")],
)
async def test_completions_work_without_the_engine_for_work(
    run: Run, typing: CountingServer, url: str, said: str
) -> None:
    urls = {"UNDERSTUDY_ENGINE_URL": typing.url, "UNDERSTUDY_WORK_URL": url}
    answer = await asyncio.to_thread(run, "doctor", UNDERSTUDY_SCRIPT="", **urls)
    await typing.kill()
    assert said in answer.stdout
    assert answer.returncode == 0
