"""`understudy doctor` with several replicas."""

from __future__ import annotations

import asyncio

from typed_command import Run

from unit.engine.fake_openai import DONE, stream_answer, text_event
from unit.engine.team import CountingServer


async def test_doctor_says_which_replica_does_not_answer(run: Run) -> None:
    server = CountingServer(model="Qwen2.5-Coder")
    server.answers["/v1/completions"] = stream_answer(text_event("a + b", "stop"), DONE)
    await server.start()
    dead = "http://127.0.0.1:9/v1"
    urls = f"{server.url},{dead}"
    answer = await asyncio.to_thread(run, "doctor", UNDERSTUDY_SCRIPT="", UNDERSTUDY_ENGINE_URLS=urls)
    await server.kill()
    assert f"1 of 2 replicas answer. The engine at {dead} does not answer." in answer.stdout
    assert "Qwen2.5-Coder, context 512 tokens" in answer.stdout
    assert answer.returncode == 0, "completions work"
    assert "GPU" not in answer.stdout, "this machine's does not matter"


def test_doctor_finds_replicas_that_nobody_runs(run: Run) -> None:
    urls = "http://me:hush@127.0.0.1:9/v1,http://127.0.0.1:10/v1"
    answer = run("doctor", UNDERSTUDY_SCRIPT="", UNDERSTUDY_ENGINE_URLS=urls)
    assert answer.returncode == 1
    assert "does not answer" in answer.stdout
    assert "hush" not in answer.stdout
