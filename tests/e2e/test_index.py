"""Files that were never opened, in prompts: the whole server on a workspace, with an engine that answers by what its
prompt holds."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
from wire_client import Wire, insertion, server

INLINE = {"textDocument": {"inlineCompletion": {}}}
WATCHES = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}
STATUS = {"command": "understudy.status"}
PRICES = '"""Prices."""\n\n\ndef discounted(cart, rate):\n    """What a cart costs."""\n    return sum(cart) * rate\n'
APP = "from shop.prices import discounted\n\n\ndef total(cart):\n    return discounted("
LONG = "".join(f"def long_{number}(value):\n    return value + {number}\n\n\n" for number in range(300))
RATE, TODAY, NOTHING = "cart, rate)", "cart, rate, today)", "cart)"  # by what the definition that is shown takes
SCRIPT = "\n===\n".join(
    f"!when {json.dumps(words)}\n!always\n{json.dumps(answer)}"
    for words, answer in (("discounted(cart, rate, today)", TODAY), ("discounted(cart, rate)", RATE), ("", NOTHING))
)
SECONDS = 20.0

Start = Callable[..., AbstractAsyncContextManager[Wire]]


@pytest.fixture(name="shop")
def fixture_shop(tmp_path: Path) -> Path:
    """A workspace with a definition in a file of its own."""
    shop = tmp_path / "project" / "shop"
    shop.mkdir(parents=True)
    (shop / "__init__.py").write_text("")
    (shop / "prices.py").write_text(PRICES)
    (shop.parent / "app.py").write_text(APP)
    return shop


@pytest.fixture(name="start")
def fixture_start(tmp_path: Path) -> Start:
    """Starts the server for the same user each time."""
    script = tmp_path / "script"
    script.write_text(SCRIPT)
    homes = {f"UNDERSTUDY_{name}_HOME": str(tmp_path / name.lower()) for name in ("DATA", "STATE")}

    def start(**environment: str) -> AbstractAsyncContextManager[Wire]:
        variables = {"UNDERSTUDY_SCRIPT": str(script), **homes, "HOME": str(tmp_path / "user"), **environment}
        return server("-m", "understudy", "lsp", home=tmp_path, environment=variables)

    return start


async def begin(wire: Wire, shop: Path, *capabilities: dict[str, Any], **settings: Any) -> None:
    """Initialize in the workspace, open the file that uses the definition, and wait until the engine is ready."""
    can = {key: value for capability in (INLINE, *capabilities) for key, value in capability.items()}
    await wire.ask(
        "initialize",
        {
            "processId": None,
            "rootUri": None,
            "workspaceFolders": [{"uri": shop.parent.as_uri(), "name": "project"}],
            "capabilities": can,
            "initializationOptions": {"completion": {"alternatives": 1, "debounceMs": 0}, **settings},
        },
    )
    wire.notify("initialized", {})
    wire.open(APP, uri=uri_of(shop))
    while (await wire.ask("workspace/executeCommand", STATUS))["state"] != "ready":
        pass


def uri_of(shop: Path) -> str:
    return (shop.parent / "app.py").as_uri()


async def answer(wire: Wire, shop: Path) -> str:
    """What the engine says at the end of the open file: it is asked anew, by hand."""
    reply = await wire.reply(wire.complete(4, 22, uri_of(shop), triggerKind=1))
    return "".join(item["insertText"] for item in reply["result"]["items"])


async def answered(wire: Wire, shop: Path, words: str) -> None:
    """Ask until the engine says these words: then the prompt is as it should be."""
    async with asyncio.timeout(SECONDS):
        while (said := await answer(wire, shop)) != words:
            assert said in (RATE, TODAY, NOTHING)
            await asyncio.sleep(0.05)


async def test_a_definition_in_a_file_that_was_never_opened(start: Start, shop: Path) -> None:
    async with start() as wire:
        await begin(wire, shop)
        await answered(wire, shop, RATE)
        assert await wire.leave() == 0
        assert not wire.messages("window/showMessage")
        assert not wire.log
    # A second start knows it at once, from what was kept.
    async with start() as wire:
        await begin(wire, shop)
        await answered(wire, shop, RATE)


async def test_a_file_that_is_edited_saved_and_closed(start: Start, shop: Path) -> None:
    """By a client that says it watches files, so that nothing is looked at but what is saved."""
    async with start() as wire:
        await begin(wire, shop, WATCHES)
        await answered(wire, shop, RATE)
        prices = shop / "prices.py"
        wire.open(PRICES, uri=prices.as_uri())
        wire.change(2, insertion(3, 25, ", today"), uri=prices.as_uri())
        await answered(wire, shop, TODAY)
        prices.write_text(PRICES.replace("rate)", "rate, today)"))
        wire.notify("textDocument/didSave", {"textDocument": {"uri": prices.as_uri()}})
        wire.notify("textDocument/didClose", {"textDocument": {"uri": prices.as_uri()}})
        await answered(wire, shop, TODAY)
        assert await wire.leave() == 0


async def test_files_that_change_and_go_while_the_client_watches(start: Start, shop: Path) -> None:
    async with start() as wire:
        await begin(wire, shop, WATCHES)
        await answered(wire, shop, RATE)
        prices = shop / "prices.py"
        for kind, text, expected in ((2, PRICES.replace("rate)", "rate, today)"), TODAY), (3, None, NOTHING)):
            prices.write_text(text) if text else prices.unlink()
            wire.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": prices.as_uri(), "type": kind}]})
            await answered(wire, shop, expected)
        prices.write_text(PRICES)
        wire.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": prices.as_uri(), "type": 1}]})
        await answered(wire, shop, RATE)


async def test_a_client_that_does_not_watch_sees_what_others_changed_after_a_save(start: Start, shop: Path) -> None:
    async with start() as wire:
        await begin(wire, shop)
        await answered(wire, shop, RATE)
        (shop / "prices.py").write_text(PRICES.replace("rate)", "rate, today)"))
        wire.notify("textDocument/didSave", {"textDocument": {"uri": uri_of(shop)}})
        await answered(wire, shop, TODAY)


async def test_nothing_is_read_where_the_setting_says_so(start: Start, shop: Path, tmp_path: Path) -> None:
    async with start() as wire:
        await begin(wire, shop, WATCHES, context={"index": False})
        assert await answer(wire, shop) == NOTHING
        assert "switched off" in (await wire.ask("workspace/executeCommand", STATUS))["files"]
        assert not (tmp_path / "state" / "index").exists()
        assert not wire.messages("client/registerCapability")
        # And read it is, once it may be.
        wire.notify("workspace/didChangeConfiguration", {"settings": {"understudy": {"context": {"index": True}}}})
        await answered(wire, shop, RATE)


async def test_a_home_folder_is_not_read(start: Start, shop: Path, tmp_path: Path) -> None:
    for home in (shop.parent, shop):
        async with start(HOME=str(home), USERPROFILE=str(home)) as wire:
            await begin(wire, shop)
            assert await answer(wire, shop) == NOTHING
            assert "home folder" in (await wire.ask("workspace/executeCommand", STATUS))["files"]
    assert not (tmp_path / "state" / "index").exists()


async def test_what_is_kept_from_the_model_stays_out(start: Start, shop: Path) -> None:
    """Another definition of the name shows when everything has been read."""
    (shop / ".understudyignore").write_text("prices.py\n")
    (shop / "prices.py").write_text(PRICES.replace("rate)", "rate, today)"))
    (shop / "other.py").write_text(PRICES)
    async with start() as wire:
        await begin(wire, shop)
        while (said := await answer(wire, shop)) != RATE:
            assert said == NOTHING


async def test_two_windows_on_one_workspace(start: Start, shop: Path) -> None:
    """The second sees what the first has read and goes on when the first is killed."""
    async with start() as first, start() as second:
        await begin(first, shop)
        await begin(second, shop)
        await answered(first, shop, RATE)
        await answered(second, shop, RATE)
        first.process.kill()
        await first.process.wait()
        (shop / "prices.py").write_text(PRICES.replace("rate)", "rate, today)"))
        wire = second
        wire.notify("textDocument/didSave", {"textDocument": {"uri": (shop / "prices.py").as_uri()}})
        await answered(wire, shop, TODAY)
        assert await wire.leave() == 0


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
@pytest.mark.parametrize("end", ["in order", "killed", "its input ends"])
async def test_no_process_stays_behind(start: Start, shop: Path, tmp_path: Path, end: str) -> None:
    async with start() as wire:
        await begin(wire, shop)
        await answered(wire, shop, RATE)
        # What is long and not saved is read by a process as well.
        wire.open(LONG, uri=(shop / "long.py").as_uri())
        async with asyncio.timeout(SECONDS):
            while not any(b"open_reader" in command for command in readers(tmp_path)):
                await answer(wire, shop)
        assert any(b"indexer" in command for command in readers(tmp_path))
        if end == "in order":
            await wire.leave()
        elif end == "killed":
            wire.process.send_signal(signal.SIGKILL)
        else:
            assert wire.process.stdin is not None
            wire.process.stdin.close()
        await wire.process.wait()
        async with asyncio.timeout(5):
            while readers(tmp_path):  # noqa: ASYNC110  (the system tells nobody)
                await asyncio.sleep(0.05)


def readers(home: Path) -> list[bytes]:
    """The processes of this test's user that read files, by their commands."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            try:
                command, variables = (folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()
            except OSError:
                continue
            if b"understudy.context." in command and str(home).encode() in variables:
                found.append(command)
    return found
