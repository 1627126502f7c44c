"""The whole way, from an editor's keys to the real vLLM and back: `understudy lsp` adopts the session's engine.

The bundled model is weak, so nothing is said here about what it offers, only that it offers something somewhere.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import pytest
import pytest_asyncio
from wire_client import Wire, insertion, server

from e2e.vllm.conftest import RealEngine
from understudy.engine.client import HttpEngine

INVOKED, AUTOMATIC = 1, 2
CANCELLED = -32800
CANCEL_SECONDS = 0.050
ABORT_SECONDS = 0.200
KEY_SECONDS = 0.060  # a fast typist
SAMPLE = '''\
"""A shelf of things for sale."""


class Item:
    def __init__(self, name, price, count=1):
        self.name = name
        self.price = price
        self.count = count

    def total(self):
        return self.price * self.count


class Inventory:
    def __init__(self):
        self.items = {}

    def add(self, item):
        self.items[item.name] = item
'''
TYPED = "\n    def get(self, name):\n        return self.items"
# Each text is typed at the end of the sample, and the cursor stands behind it.
HEADS = (
    "\n    def get(self, name):\n        return ",
    "\n    def get(self, name):\n        return self.",
    "\n    def __len__(self):\n        ",
    "\n    def remove(self, name):\n        if name in self.",
    "\n    def total(self):\n        for item in ",
    "\n    def total(self):\n        total = 0\n        for ",
    "\n    def ",
    "\n\nif __name__ == ",
    "\n\ndef main():\n    inventory = ",
    "\n\nimport ",
    "\n\ndef add(a, b):\n    return ",
    "\n\nfor i in range(",
)
# What a weak model goes on with for long: often for ten seconds, sometimes not at all.
LONG = (
    "".join(f"def f_{n}(x):\n    y = x + {n}\n    return y\n\n\n" for n in range(30)) + "def g(x):\n    ",
    "NUMBERS = [" + "".join(f"{n}, " for n in range(200)),
)
SAMPLES, ATTEMPTS = 20, 100
SHARE = 0.01  # seconds; each cancellation comes so much later in its generation than the one before


@pytest.fixture(name="home")
def fixture_home(tmp_path: Path, engine: RealEngine) -> dict[str, str]:
    """An own place for settings and statistics; the engine is found in that of the session."""
    return {
        "UNDERSTUDY_CONFIG_HOME": str(tmp_path / "config"),
        "UNDERSTUDY_DATA_HOME": str(tmp_path / "data"),
        "UNDERSTUDY_STATE_HOME": str(engine.state_home),
    }


@pytest_asyncio.fixture(name="wire")
async def fixture_wire(tmp_path: Path, home: dict[str, str]) -> AsyncIterator[Wire]:
    variables = {**home, "UNDERSTUDY_TRACE_FILE": str(tmp_path / "trace")}
    async with server("-m", "understudy", "lsp", home=tmp_path / "config", environment=variables) as wire:
        options = {"completion": {"maxTokens": 1024, "promptTokens": 1024, "timeoutMs": 30_000}}
        capabilities = {"textDocument": {"inlineCompletion": {}}}
        params = {"processId": None, "rootUri": None, "capabilities": capabilities, "initializationOptions": options}
        await wire.ask("initialize", params)
        wire.notify("initialized", {})
        async with asyncio.timeout(30):
            while (await wire.ask("workspace/executeCommand", {"command": "understudy.status"}))["state"] != "ready":
                pass
        yield wire
        if wire.process.returncode is None:
            assert await wire.leave() == 0
        assert all(len(replies) == 1 for replies in wire.replies.values()), "every request is answered once"
        assert not wire.log, wire.log


@pytest_asyncio.fixture(name="client")
async def fixture_client(engine: RealEngine) -> AsyncIterator[HttpEngine]:
    client = HttpEngine(engine.base_url, engine.key)
    yield client
    await client.aclose()


def run(home: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "understudy", *words]
    return subprocess.run(command, env={**os.environ, **home}, capture_output=True, text=True, timeout=120, check=False)


def end_of(text: str) -> tuple[int, int]:
    return text.count("\n"), len(text.rpartition("\n")[2])


def texts(reply: dict[str, Any], cursor: tuple[int, int]) -> list[str]:
    """What is offered. Each item inserts text where the cursor is."""
    at = {"line": cursor[0], "character": cursor[1]}
    for item in reply["result"]["items"]:
        assert item["range"] == {"start": at, "end": at}
        assert isinstance(item["insertText"], str)
        assert item["insertText"]
    return [item["insertText"] for item in reply["result"]["items"]]


async def offered(wire: Wire, text: str, uri: str, trigger: int) -> list[str]:
    cursor = end_of(text)
    return texts(await wire.reply(wire.complete(*cursor, uri, triggerKind=trigger), 60), cursor)


def streams(tmp_path: Path) -> int:
    """How often the server has asked the engine to continue a text."""
    return (tmp_path / "trace").read_text().count('"engine.stream"')


async def test_keys_of_a_fast_typist_are_each_answered_once(wire: Wire) -> None:
    wire.open(SAMPLE)
    text, asked = SAMPLE, []
    for version, key in enumerate(TYPED, 2):
        wire.change(version, insertion(*end_of(text), key))
        text += key
        asked.append(wire.complete(*end_of(text)))
        await asyncio.sleep(KEY_SECONDS)
    for msg_id in asked:
        reply = await wire.reply(msg_id, 60)
        if "error" in reply:
            assert reply["error"]["code"] == CANCELLED
            continue
        for item in reply["result"]["items"]:
            assert item["range"]["start"] == item["range"]["end"]
    assert "error" not in wire.replies[asked[-1]][0], "nobody cancelled the last one, and none came after it"


async def test_what_is_typed_along_a_suggestion_costs_the_engine_nothing(
    wire: Wire, client: HttpEngine, tmp_path: Path, home: dict[str, str], engine: RealEngine
) -> None:
    found: list[tuple[str, str, str]] = []
    for number, (head, trigger) in enumerate(itertools.product(HEADS, (AUTOMATIC, INVOKED))):
        uri = f"file:///project/{number}.py"
        wire.open(SAMPLE + head, uri=uri)
        found += [(uri, SAMPLE + head, text) for text in (await offered(wire, SAMPLE + head, uri, trigger))[:1]]
    sys.stderr.write(f"\n{len(found)} of {number + 1} requests were offered something: {[it[2] for it in found]}\n")
    assert found
    uri, text, ghost = max(found, key=lambda it: len(it[2].partition("\n")[0]))
    line = ghost.partition("\n")[0]
    assert len(line) > 1

    before, asked = await client.load(), streams(tmp_path)
    assert asked >= len(HEADS)
    assert before.prompt_tokens > 0
    for count in range(1, len(line)):
        wire.change(count + 1, insertion(*end_of(text), ghost[count - 1]), uri=uri)
        text += ghost[count - 1]
        assert await offered(wire, text, uri, AUTOMATIC) == [ghost[count:]]
    assert (await client.load()).prompt_tokens == before.prompt_tokens
    assert streams(tmp_path) == asked

    assert await wire.leave() == 0  # by then the statistics are kept
    report = run(home, "stats", "--json")
    assert report.returncode == 0, report.stderr
    counted = json.loads(report.stdout)
    assert counted["requests"] == 2 * len(HEADS) + len(line) - 1
    assert counted["offered"]["cache"] >= len(line) - 1
    assert counted["offered"]["engine"] > 0
    (used,) = counted["tokens"]
    assert (used["lane"], used["model"]) == ("typing", engine.model)
    # Who asks by hand is given further alternatives, by a request of their own.
    assert counted["offered"]["engine"] <= used["requests"] <= asked + len(HEADS)
    assert 0 <= used["cached"] <= used["known"] <= used["prompt"]
    assert used["prompt"] > 0
    assert counted["cost"]["dollars"] > 0
    assert [path.name for path in (tmp_path / "data").iterdir()], "in a place of its own"


async def test_cancelled_in_the_middle_of_a_generation(wire: Wire, client: HttpEngine) -> None:
    waits, aborts = [], []
    for number in range(ATTEMPTS):
        uri = f"file:///project/{number}.py"
        text = f"# {number}\n{LONG[number % len(LONG)]}"
        wire.open(text, uri=uri)
        msg_id = wire.complete(*end_of(text), uri, triggerKind=INVOKED)
        while (await client.load()).running == 0 and msg_id not in wire.replies:
            pass
        await asyncio.sleep(len(waits) * SHARE)
        began = time.perf_counter()
        wire.notify("$/cancelRequest", {"id": msg_id})
        reply = await wire.reply(msg_id, 60)
        wait = time.perf_counter() - began
        if "error" not in reply:
            continue  # it ended by itself
        assert reply["error"]["code"] == CANCELLED
        waits.append(wait)
        while (await client.load()).running:
            assert time.perf_counter() - began < 10
        aborts.append(time.perf_counter() - began)
        wire.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        if len(waits) == SAMPLES:
            break
    assert len(waits) == SAMPLES, "too few took long enough to be cancelled"
    late = quantiles(waits, n=20, method="inclusive")[-1]
    told = f"answered after {1000 * late:.0f} ms (p95), aborted after {1000 * median(aborts):.0f} ms (median)"
    sys.stderr.write(f"\n{number + 1} attempts: {told}\n")
    assert late < CANCEL_SECONDS, waits
    assert median(aborts) < ABORT_SECONDS, aborts


def test_complete_and_doctor_use_it_too(home: dict[str, str], tmp_path: Path) -> None:
    offers = []
    for number, head in enumerate(HEADS):
        file = tmp_path / f"shelf{number}.py"
        file.write_text(SAMPLE + head)
        line, character = end_of(SAMPLE + head)
        answer = run(home, "complete", f"{file}:{line + 1}:{character + 1}", "--json")
        told = json.loads(answer.stdout)
        assert answer.returncode == (1 if "skipped" in told else 0), answer.stderr
        offers += [told] if "text" in told else []
        if offers:
            break
    assert offers, "somewhere there is something to offer"
    assert offers[0]["text"]
    assert offers[0]["prompt_tokens"] > 0

    # The installed engine is looked for in the user's own place.
    checked = run({name: value for name, value in home.items() if "DATA" not in name}, "doctor", "--json")
    findings = json.loads(checked.stdout)
    assert findings["well"], findings
    assert checked.returncode == 0
