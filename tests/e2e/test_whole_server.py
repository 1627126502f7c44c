"""The whole server as an editor starts it, `understudy lsp`: only the model is replaced, by one that plays a script."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import pytest
from wire_client import Wire, insertion, server

INLINE = {"textDocument": {"inlineCompletion": {}}}
URI = "file:///project/sum.py"
HEAD = "def add(a, b):\n    return "
STATUS = {"command": "understudy.status"}

Play = Callable[..., AbstractAsyncContextManager[Wire]]


@pytest.fixture(name="play")
def fixture_play(tmp_path: Path) -> Play:
    """Starts the server with an engine that plays a script."""

    def play(script: str, **environment: str) -> AbstractAsyncContextManager[Wire]:
        file = tmp_path / "script"
        file.write_text(script)
        homes = {f"UNDERSTUDY_{name}_HOME": str(tmp_path / name.lower()) for name in ("DATA", "STATE")}
        variables = {"UNDERSTUDY_SCRIPT": str(file), **homes, **environment}
        return server("-m", "understudy", "lsp", home=tmp_path, environment=variables)

    return play


async def begin(wire: Wire, **options: Any) -> None:
    """Initialize, and wait until the engine is ready."""
    params = {"processId": None, "rootUri": None, "capabilities": INLINE, "initializationOptions": options}
    await wire.ask("initialize", params)
    wire.notify("initialized", {})
    while (await wire.ask("workspace/executeCommand", STATUS))["state"] != "ready":
        pass


async def texts(wire: Wire, line: int, character: int) -> list[str]:
    reply = await wire.reply(wire.complete(line, character, URI))
    return [item["insertText"] for item in reply["result"]["items"]]


async def test_ghost_text_then_typed_along(play: Play) -> None:
    """One answer of the engine serves every key that is typed along it: the script has no second one."""
    async with play('"a "\n!delay 20\n"+ b\\n"\n') as wire:
        await begin(wire, completion={"debounceMs": 0})
        wire.open(HEAD, uri=URI)
        assert await texts(wire, 1, 11) == ["a + b"]
        for at, key in enumerate("a + "):
            wire.change(at + 2, insertion(1, 11 + at, key), uri=URI)
            assert await texts(wire, 1, 12 + at) == ["a + b"[at + 1 :]]
        assert await wire.leave() == 0
        assert not wire.messages("window/showMessage")
        assert not wire.log


async def test_cancelled_in_the_middle_of_a_generation(play: Play) -> None:
    async with play('!always\n"a "\n!hang\n') as wire:
        await begin(wire, completion={"debounceMs": 0})
        wire.open(HEAD, uri=URI)
        waits = []
        for _ in range(10):
            msg_id = wire.complete(1, 11, URI)
            await wire.ask("workspace/executeCommand", STATUS)
            began = time.perf_counter()
            wire.notify("$/cancelRequest", {"id": msg_id})
            assert (await wire.reply(msg_id))["error"]["code"] == -32800
            waits.append(time.perf_counter() - began)
        assert quantiles(waits, n=5)[-1] < 0.050, waits
        assert await wire.leave() == 0


@pytest.mark.parametrize("script", ["!error 503 overloaded\n", '"a "\n!disconnect\n'])
async def test_an_engine_that_fails_is_quiet_at_the_cursor(play: Play, script: str) -> None:
    async with play(f"!always\n{script}") as wire:
        await begin(wire, completion={"debounceMs": 0})
        wire.open(HEAD, uri=URI)
        for _ in range(5):
            assert await texts(wire, 1, 11) == []
        assert await wire.leave() == 0
        assert len(wire.messages("window/showMessage")) <= 1


async def test_a_language_that_is_switched_off_and_on_again(play: Play) -> None:
    async with play('!always\n"a + b\\n"\n') as wire:
        await begin(wire, completion={"debounceMs": 0, "disabledLanguages": ["python"]})
        wire.open(HEAD, uri=URI)
        assert await texts(wire, 1, 11) == []
        settings = {"completion": {"debounceMs": 0, "disabledLanguages": ["markdown"]}}
        wire.notify("workspace/didChangeConfiguration", {"settings": {"understudy": settings}})
        found: list[str] = []
        while not found:
            found = await texts(wire, 1, 11)
        assert found == ["a + b"]


async def test_a_key_in_a_file_of_2_mb(play: Play) -> None:
    """The goal for a change is 5 ms (`tests/bench/sync.py`); this is a change and the request after it."""
    async with play('!always\n"a + b\\n"\n') as wire:
        await begin(wire, completion={"enabled": True, "disabledLanguages": ["python"]})
        wire.open("    value = compute(argument, other)  # x\n" * 50_000, uri=URI)
        await wire.ask("workspace/executeCommand", STATUS)
        waits = []
        for key in range(60):
            began = time.perf_counter()
            wire.change(key + 2, insertion(25_000, key, "x"), uri=URI)
            await wire.ask("workspace/executeCommand", STATUS)
            waits.append(time.perf_counter() - began)
        assert median(waits) < 0.030, waits
        assert await wire.leave() == 0


async def test_it_ends_before_emacs_would_kill_it(play: Play) -> None:
    """Emacs waits 100 ms after `exit` (jsonrpc-shutdown); half of that is for a busy machine."""
    took = []
    for _ in range(3):
        async with play('!always\n"a"\n') as wire:
            await begin(wire)
            await wire.ask("shutdown")
            began = time.perf_counter()
            wire.notify("exit")
            assert await wire.process.wait() == 0
            took.append(time.perf_counter() - began)
    assert min(took) < 0.05, took
