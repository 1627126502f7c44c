"""The index as the editor sees it: begun once, shown when it takes long, stopped by the user, told of changed files."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from wire_client import URI, Serve, Wire, insertion

PROGRESS = {"window": {"workDoneProgress": True}}
WATCHES = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}
STATUS = {"command": "understudy.status"}


def folder(name: str) -> dict[str, str]:
    return {"uri": f"file:///project/{name}", "name": name}


async def begin(wire: Wire, name: str, *capabilities: dict[str, Any], **options: Any) -> None:
    can = {key: value for capability in capabilities for key, value in capability.items()}
    await wire.start(capabilities=can, workspaceFolders=[folder(name)], initializationOptions=options)


def kinds(wire: Wire) -> list[str]:
    return [message["value"]["kind"] for message in wire.messages("$/progress")]


def noted(wire: Wire, *words: Any) -> list[list[Any]]:
    return [note for note in wire.notes if note[: len(words)] == list(words)]


async def files(wire: Wire) -> str:
    """What is said of the files, once the engine is ready: that stays in sight as well."""
    while (status := await wire.ask("workspace/executeCommand", STATUS))["state"] != "ready":
        pass
    return str(status["files"])


async def test_what_takes_long_is_shown_from_its_beginning_to_its_end_once(serve: Serve) -> None:
    async with serve() as wire:
        await begin(wire, "slow", PROGRESS, understudyClient=True)
        await wire.until(lambda: "end" in kinds(wire) and not wire.messages("understudy/status")[-1]["files"])
        assert kinds(wire)[0] == "begin"
        assert kinds(wire).count("begin") == kinds(wire).count("end") == 1
        (first, *_) = wire.messages("$/progress")
        assert first["value"]["cancellable"] is True
        assert re.fullmatch(r"Reading \d of 8 files", first["value"]["message"])
        percents = [message["value"]["percentage"] for message in wire.messages("$/progress")[:-1]]
        assert percents == sorted(percents), "although linking begins anew"
        assert percents[-1] > 0
        said = [message["files"] for message in wire.messages("understudy/status")]
        assert any(re.fullmatch(r"Linking \d of 8 files\.", words) for words in said)
        assert await wire.leave() == 0
        assert noted(wire, "index closed")


async def test_what_is_done_at_once_is_not_shown(serve: Serve) -> None:
    async with serve() as wire:
        await begin(wire, "quick", PROGRESS, understudyClient=True)
        await wire.noted("index runs")
        await asyncio.sleep(0.8)
        assert not wire.messages("window/workDoneProgress/create")
        assert not any(message["files"] for message in wire.messages("understudy/status"))


async def test_a_client_without_progress_is_not_asked_for_any(serve: Serve) -> None:
    async with serve() as wire:
        await begin(wire, "slow", understudyClient=True)
        await wire.until(lambda: any(message["files"] for message in wire.messages("understudy/status")))
        assert not wire.messages("window/workDoneProgress/create")
        assert "Reading" in await files(wire)


async def test_the_user_stops_it_for_the_conversation(serve: Serve) -> None:
    async with serve() as wire:
        await begin(wire, "endless", PROGRESS)
        await wire.until(lambda: "begin" in kinds(wire))
        token = wire.messages("$/progress")[0]["token"]
        wire.notify("window/workDoneProgress/cancel", {"token": "of nobody"})
        wire.notify("window/workDoneProgress/cancel", {"token": token})
        await wire.noted("index stops")
        await wire.until(lambda: "end" in kinds(wire))
        wire.notify("window/workDoneProgress/cancel", {"token": token})
        assert "cancelled" in await files(wire)
        # Neither a save nor another folder begins it again.
        wire.notify("textDocument/didSave", {"textDocument": {"uri": URI}})
        event = {"added": [folder("quick")], "removed": [folder("endless")]}
        wire.notify("workspace/didChangeWorkspaceFolders", {"event": event})
        await wire.until(lambda: len(noted(wire, "built")) == 2)
        assert "cancelled" in await files(wire)
        assert kinds(wire).count("end") == 1
        assert len(noted(wire, "index runs")) == 1
        assert not noted(wire, "touched")
        assert await wire.leave() == 0


async def test_other_settings_leave_it_alone_and_other_folders_do_not(serve: Serve) -> None:
    async with serve() as wire:
        await begin(wire, "endless")
        await wire.noted("index runs")
        wire.notify("workspace/didChangeConfiguration", {"settings": {"completion": {"debounceMs": 8}}})
        await wire.until(lambda: len(noted(wire, "built")) == 2)
        await wire.noted("completer closed")
        assert not noted(wire, "index stops")
        assert len(noted(wire, "index runs")) == 1
        event = {"added": [folder("quick")], "removed": [folder("endless")]}
        wire.notify("workspace/didChangeWorkspaceFolders", {"event": event})
        await wire.noted("index stops")
        await wire.noted("index closed")
        await wire.until(lambda: len(noted(wire, "index runs")) == 2)
        wire.notify("workspace/didChangeConfiguration", {"settings": {"context": {"index": False}}})
        await wire.until(lambda: len(noted(wire, "index closed")) == 2)
        assert await wire.leave() == 0
        assert len(noted(wire, "index closed")) == 2


async def test_why_a_folder_is_not_read(serve: Serve) -> None:
    async with serve() as wire:
        await begin(wire, "unread", WATCHES)
        assert await files(wire) == "The folder is not read."
        assert not wire.messages("client/registerCapability"), "there is nothing to watch"


async def test_one_that_breaks_costs_the_index_alone(serve: Serve) -> None:
    async with serve() as wire:
        await begin(wire, "broken")
        await wire.noted("index runs")
        assert "could not be read" in await files(wire)
        wire.open("say hello")
        assert (await wire.reply(wire.complete(0, 9)))["result"]["items"]
        assert not wire.messages("window/showMessage")
        assert await wire.leave() == 0


async def test_a_client_that_watches_is_asked_to_once(serve: Serve) -> None:
    async with serve() as wire:
        await begin(wire, "quick", WATCHES)
        await wire.until(lambda: wire.messages("client/registerCapability"))
        event = {"added": [folder("endless")], "removed": [folder("quick")]}
        wire.notify("workspace/didChangeWorkspaceFolders", {"event": event})
        await wire.until(lambda: len(noted(wire, "index runs")) == 2)
        (asked,) = wire.messages("client/registerCapability")
        (registration,) = asked["registrations"]
        assert registration["method"] == "workspace/didChangeWatchedFiles"
        patterns = [watcher["globPattern"] for watcher in registration["registerOptions"]["watchers"]]
        assert any("py," in pattern for pattern in patterns)
        assert any(".gitignore" in pattern for pattern in patterns)
        changes = [{"uri": "file:///project/b%20c.py", "type": 1}, {"uri": "untitled:x", "type": 3}]
        wire.notify("workspace/didChangeWatchedFiles", {"changes": changes})
        await wire.noted("touched", "/project/b c.py")
        # What changes is told, so that there is no need to look.
        wire.open("")
        wire.change(2, insertion(0, 0, "x"))
        wire.notify("textDocument/didSave", {"textDocument": {"uri": URI}})
        await wire.noted("touched", "/project/a.py")
        assert not noted(wire, "rescan")


@pytest.mark.parametrize("refuses", [False, True])
async def test_for_a_client_that_does_not_watch_all_is_looked_at_when_it_may_have_changed(
    serve: Serve, refuses: bool
) -> None:
    async with serve() as wire:
        if refuses:
            wire.answers["client/registerCapability"] = ...
        await begin(wire, "quick", *([WATCHES] if refuses else []))
        if refuses:
            await wire.until(lambda: wire.messages("client/registerCapability"))
            (asked,) = [message for message in wire.heard if message["method"] == "client/registerCapability"]
            wire.send({"jsonrpc": "2.0", "id": asked["id"], "error": {"code": -32601, "message": "never heard of"}})
        await wire.noted("index runs")
        wire.open("")
        wire.change(2, insertion(0, 0, "x"))
        await wire.noted("changed", 1, 2)
        assert not noted(wire, "rescan")
        await wire.ask("workspace/executeCommand", STATUS)  # by now the refusal has been read
        wire.notify("textDocument/didSave", {"textDocument": {"uri": URI}})
        await wire.noted("touched", "/project/a.py")
        await wire.noted("rescan")
