"""Fixes from the light bulb to the text, on the real vLLM with the bundled model, vouched for by the real Ruff.

The faults are those of the demonstration, which the bundled model is known to mend.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from wire_client import Wire, server

from e2e.vllm.conftest import RealEngine
from understudy.cli.demo.scene import Broken, broken
from understudy.core.text import Edit, Span, apply

RUFF = shutil.which("ruff") or str(Path(sys.executable).with_name("ruff"))
EDIT = "workspace/applyEdit"
CAPABILITIES = {
    "textDocument": {"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}}},
    "workspace": {"applyEdit": True, "workspaceEdit": {"documentChanges": True}},
    "window": {"workDoneProgress": True},
}
Started = Callable[..., AbstractAsyncContextManager[Wire]]


@pytest.fixture(name="started")
def fixture_started(tmp_path: Path, engine: RealEngine) -> Started:
    """A server that adopts the session's engine, with a client that takes edits."""

    @asynccontextmanager
    async def start(**fix: Any) -> AsyncIterator[Wire]:
        home = {name: str(tmp_path / name) for name in ("UNDERSTUDY_CONFIG_HOME", "UNDERSTUDY_DATA_HOME")}
        home["UNDERSTUDY_STATE_HOME"] = str(engine.state_home)
        async with server("-m", "understudy", "lsp", home=tmp_path / "config", environment=home) as wire:
            wire.answers[EDIT] = ...  # answered by `taken`, after the text has changed
            root = (tmp_path / "project").as_uri()
            params = {"processId": None, "rootUri": root, "capabilities": CAPABILITIES}
            await wire.ask("initialize", {**params, "initializationOptions": {"fix": fix}})
            wire.notify("initialized", {})
            async with asyncio.timeout(60):
                while await state(wire) != "ready":
                    pass
            yield wire
            assert await wire.leave() == 0
            assert not wire.log, wire.log

    (tmp_path / "project").mkdir()
    return start


def problems(text: str) -> list[dict[str, Any]]:
    """What Ruff reports, as its language server sends it."""
    command = [RUFF, "check", "--isolated", "--no-cache", "--output-format", "json", "--exit-zero", "-"]
    said = json.loads(subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout)
    return [
        {
            "range": {end: _place(each[key]) for end, key in (("start", "location"), ("end", "end_location"))},
            "message": each["message"],
            "code": each["code"],
            "source": "Ruff",
        }
        for each in said
    ]


def _place(place: dict[str, int]) -> dict[str, int]:
    return {"line": place["row"] - 1, "character": place["column"] - 1}


def edited(text: str, edit: dict[str, Any]) -> str:
    """The text after a workspace edit of one file. ASCII text only, so that columns are characters."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    (change,) = edit["documentChanges"]
    edits = []
    for it in change["edits"]:
        start, end = (starts[it["range"][end]["line"]] + it["range"][end]["character"] for end in ("start", "end"))
        edits.append(Edit(Span(start, end), it["newText"]))
    return apply(text, tuple(edits))


async def state(wire: Wire) -> str:
    status: dict[str, str] = await wire.ask("workspace/executeCommand", {"command": "understudy.status"})
    return status["state"]


async def menu(wire: Wire, uri: str, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    context = {"diagnostics": found, "only": ["quickfix"], "triggerKind": 1}
    params = {"textDocument": {"uri": uri}, "range": found[0]["range"], "context": context}
    entries: list[dict[str, Any]] = await wire.ask("textDocument/codeAction", params)
    return entries


@pytest.mark.parametrize("fault", broken(), ids=lambda fault: fault.what)
async def test_the_command_brings_an_edit_after_which_ruff_has_nothing_to_say(
    started: Started, tmp_path: Path, fault: Broken
) -> None:
    found = problems(fault.text)
    assert found
    uri = (tmp_path / "project" / fault.name).as_uri()
    async with started(speculate=False) as wire:
        wire.open(fault.text, uri=uri)
        first, *_ = await menu(wire, uri, found)
        assert first["title"].startswith("Fix: ")
        assert "edit" not in first
        assert await wire.ask("workspace/executeCommand", first["command"]) is None
        await wire.until(lambda: wire.messages(EDIT) or wire.messages("window/showMessage"), 120)
        assert not wire.messages("window/showMessage")
        (request,) = (it for it in wire.heard if it["method"] == EDIT)
        text = edited(fault.text, request["params"]["edit"])
        wire.change(2, {"text": text}, uri=uri)
        wire.send({"jsonrpc": "2.0", "id": request["id"], "result": {"applied": True}})
        assert problems(text) == []
        assert text != fault.text


async def test_a_prepared_fix_says_in_the_menu_what_it_was_checked_with(started: Started, tmp_path: Path) -> None:
    fault = broken()[0]
    found = problems(fault.text)
    uri = (tmp_path / "project" / fault.name).as_uri()
    async with started() as wire:
        wire.open(fault.text, uri=uri)
        async with asyncio.timeout(120):
            while "edit" not in (first := (await menu(wire, uri, found))[0]):
                pass
        assert first["title"] == f"Fix: {found[0]['message']} (checked: parses, ruff clean)"
        assert problems(edited(fault.text, first["edit"])) == []
