"""Settings reach the services from wherever they come, and the user hears about the engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from wire_client import URI, Serve, Wire, server

ASKED = {"workspace": {"configuration": True}}
SHOWS_PROGRESS = {"window": {"workDoneProgress": True}}


async def built(wire: Wire, number: int = 1) -> dict[str, Any]:
    """The settings of the services that were built as number `number`."""
    await wire.until(lambda: len([note for note in wire.notes if note[0] == "built"]) >= number)
    return [note for note in wire.notes if note[0] == "built"][number - 1][1]


async def test_from_initialization_options(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start(initializationOptions={"completion": {"debounceMs": 7}, "editorInfo": {"name": "x"}})
        assert (await built(wire))["completion"]["debounceMs"] == 7
        assert not wire.messages("window/showMessage")


async def test_from_the_section_that_the_client_is_asked_for(serve: Serve) -> None:
    async with serve() as wire:
        wire.answers["workspace/configuration"] = [{"completion": {"debounceMs": 8}}]
        await wire.start(capabilities=ASKED, initializationOptions={"completion": {"debounceMs": 7, "maxTokens": 9}})
        settings = await built(wire)
        assert (settings["completion"]["debounceMs"], settings["completion"]["maxTokens"]) == (8, 9)
        wire.answers["workspace/configuration"] = [{"completion": {"debounceMs": 9}}]
        wire.notify("workspace/didChangeConfiguration", {"settings": None})
        assert (await built(wire, 2))["completion"]["debounceMs"] == 9


@pytest.mark.parametrize("wrap", [lambda ours: {"understudy": ours}, lambda ours: ours])
async def test_from_a_push_with_and_without_our_name(serve: Serve, wrap: Any) -> None:
    async with serve() as wire:
        await wire.start()
        await push(wire, wrap)


async def push(wire: Wire, wrap: Any) -> None:
    wire.open("say hello")
    wire.notify("workspace/didChangeConfiguration", {"settings": {"pylsp": {"plugins": {}}}})
    wire.notify("workspace/didChangeConfiguration", {"settings": wrap({"completion": {"debounceMs": 8}})})
    assert (await built(wire, 2))["completion"]["debounceMs"] == 8
    # The new completer is told what is open, and the old one is let go.
    await wire.noted("completer closed")
    assert wire.notes.count(["changed", None, 1]) == 2
    assert (await wire.reply(wire.complete(0, 9)))["result"]["items"]
    wire.notify("workspace/didChangeConfiguration", {"settings": wrap({"completion": {"debounceMs": 8}})})
    wire.notify("workspace/didChangeConfiguration")
    await wire.ask("workspace/executeCommand", {"command": "understudy.status"})
    assert len([note for note in wire.notes if note[0] == "built"]) == 2  # nothing changed, nothing is built anew


async def test_from_the_users_file_and_the_environment(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[completion]\ndebounceMs = 5\nmaxTokens = 6\n")
    environment = {"UNDERSTUDY_COMPLETION_DEBOUNCE_MS": "4", "UNDERSTUDY_COMPLETION_IGNORE": "*.pem,*.key"}
    async with server(home=tmp_path, environment=environment) as wire:
        await wire.start(initializationOptions={"completion": {"maxTokens": 8}})
        completion = (await built(wire))["completion"]
        assert (completion["debounceMs"], completion["maxTokens"]) == (5, 8)
        assert completion["ignore"] == ["*.pem", "*.key"]


async def test_a_wrong_value_is_named_once_and_costs_nothing_else(serve: Serve) -> None:
    async with serve() as wire:
        options = {"completion": {"debounceMs": "soon", "maxTokens": 9}, "engine": {"apiKey": ["hush"]}}
        await wire.start(initializationOptions=options)
        wire.open("say hello")
        assert (await wire.reply(wire.complete(0, 9)))["result"]["items"]
        wire.notify("workspace/didChangeConfiguration", {"settings": {"understudy": {}}})
        assert await wire.leave() == 0
        texts = [message["message"] for message in wire.messages("window/showMessage")]
        assert len(texts) == 2
        assert "`engine.apiKey`" in texts[0]
        assert "`completion.debounceMs`" in texts[1]
        assert "hush" not in "".join([*texts, *wire.log])
        settings = await built(wire)
        assert (settings["completion"]["debounceMs"], settings["completion"]["maxTokens"]) == (150, 9)


async def test_a_workspace_can_only_narrow(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / ".understudy.toml").write_text('[engine]\nurl = "http://elsewhere"\n[completion]\nenabled = false\n')
    async with serve() as wire:
        await wire.start(workspaceFolders=[{"uri": tmp_path.as_uri(), "name": "a"}])
        settings = await built(wire)
        assert settings["engine"]["url"] is None
        assert settings["completion"]["enabled"] is False
        await wire.until(lambda: wire.messages("window/showMessage"))
        assert "`engine.url`" in wire.messages("window/showMessage")[0]["message"]
        folder = {"uri": tmp_path.as_uri(), "name": "a"}
        wire.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": [folder]}})
        assert (await built(wire, 2))["completion"]["enabled"] is True


async def test_settings_that_were_saved_hold_at_once(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / ".understudy.toml"
    async with serve() as wire:
        await wire.start(workspaceFolders=[{"uri": tmp_path.as_uri(), "name": "a"}])
        file.write_text("[completion]\nenabled = false\n")
        wire.notify("textDocument/didSave", {"textDocument": {"uri": (tmp_path / "a.py").as_uri()}})
        wire.notify("textDocument/didSave", {"textDocument": {"uri": file.as_uri()}})
        assert (await built(wire, 2))["completion"]["enabled"] is False


async def test_a_client_that_never_answers_is_served_all_the_same(serve: Serve) -> None:
    async with serve() as wire:
        wire.answers["workspace/configuration"] = ...
        await wire.start(capabilities=ASKED, initializationOptions={"completion": {"debounceMs": 7}})
        assert (await built(wire))["completion"]["debounceMs"] == 7
        # The answer comes after all, to a question that nobody asks any more.
        (asked,) = [message for message in wire.heard if message["method"] == "workspace/configuration"]
        wire.send({"jsonrpc": "2.0", "id": asked["id"], "result": [{"completion": {"debounceMs": 1}}]})
        wire.open("say hello")
        assert (await wire.reply(wire.complete(0, 9)))["result"]["items"]
        assert not wire.messages("window/showMessage")


async def test_the_engine_does_not_start(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start(initializationOptions={"engine": {"model": "fails"}, "understudyClient": True})
        await wire.until(lambda: wire.messages("window/showMessage"))
        (message,) = wire.messages("window/showMessage")
        assert message["message"] == "Understudy: Nobody answers at the address. Start the engine."
        await wire.until(lambda: wire.messages("understudy/status"))
        assert wire.messages("understudy/status")[-1]["state"] == "problem"
        # It is tried again, and said once.
        wire.open("say hello")
        assert (await wire.reply(wire.complete(0, 9)))["result"]["items"]
        assert await wire.ask("workspace/executeCommand", {"command": "understudy.status"}) == {
            "state": "problem",
            "message": "Nobody answers at the address. Start the engine.",
            "percent": None,
            "model": "",
            "pausedSeconds": None,
            "files": "",
            "latencyMs": 12.5,
            "suggestions": 3,
            "accepted": 1,
        }
        wire.notify("workspace/didChangeConfiguration", {"settings": {"engine": {"model": "slow"}}})
        await wire.until(lambda: wire.messages("understudy/status")[-1]["state"] == "ready")
        assert len(wire.messages("window/showMessage")) == 1


async def test_the_engine_takes_its_time(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start(
            capabilities=SHOWS_PROGRESS | {"experimental": {"understudy": True}},
            initializationOptions={"engine": {"model": "slow"}},
        )
        wire.open("say hello")
        assert (await wire.reply(wire.complete(0, 9)))["result"]["items"]
        await wire.until(lambda: wire.messages("understudy/status")[-1]["state"] == "ready")
        await wire.until(lambda: wire.messages("$/progress")[-1]["value"]["kind"] == "end")
        values = [progress["value"] for progress in wire.messages("$/progress")]
        # On a busy machine the bar may be made only after the second report.
        assert [value["kind"] for value in values] in (["begin", "report", "end"], ["begin", "end"])
        assert (values[0]["title"], values[-2]["percentage"]) == ("Understudy", 60)
        (created,) = wire.messages("window/workDoneProgress/create")
        assert {progress["token"] for progress in wire.messages("$/progress")} == {created["token"]}


async def test_a_bar_that_comes_too_late_is_begun_and_ended(serve: Serve) -> None:
    """Helix shows one that was created until it has ended, and takes no end without a beginning."""
    async with serve() as wire:
        wire.answers["window/workDoneProgress/create"] = ...
        await wire.start(
            capabilities=SHOWS_PROGRESS, initializationOptions={"engine": {"model": "slow"}, "understudyClient": True}
        )
        await wire.until(lambda: (wire.messages("understudy/status") or [{"state": ""}])[-1]["state"] == "ready")
        assert not wire.messages("$/progress")
        (created,) = [message for message in wire.heard if message["method"] == "window/workDoneProgress/create"]
        wire.send({"jsonrpc": "2.0", "id": created["id"], "result": None})
        await wire.until(lambda: len(wire.messages("$/progress")) == 2)
        assert [progress["value"]["kind"] for progress in wire.messages("$/progress")] == ["begin", "end"]


async def test_a_start_that_nobody_wants_any_more_leaves_no_bar_behind(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start(capabilities=SHOWS_PROGRESS, initializationOptions={"engine": {"model": "stuck"}})
        await wire.until(lambda: wire.messages("$/progress"))
        wire.notify("workspace/didChangeConfiguration", {"settings": {"engine": {"model": "other"}}})
        await wire.until(lambda: wire.messages("$/progress")[-1]["value"]["kind"] == "end")


async def test_an_engine_source_that_breaks_is_a_problem_like_any_other(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start(initializationOptions={"engine": {"model": "breaks"}})
        await wire.until(lambda: wire.messages("window/showMessage"))
        assert "the server's log says why" in wire.messages("window/showMessage")[0]["message"]
        assert (await wire.ask("workspace/executeCommand", {"command": "understudy.status"}))["state"] == "problem"


async def test_no_client_is_sent_what_it_cannot_take(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start(capabilities={}, initializationOptions={"engine": {"model": "slow"}})
        wire.open("say hello", uri=URI)
        await wire.reply(wire.complete(0, 9))
        status = {"command": "understudy.status"}
        while (await wire.ask("workspace/executeCommand", status))["state"] != "ready":
            pass
        assert not wire.heard


async def test_completions_switched_off(serve: Serve) -> None:
    async with serve() as wire:
        options = {"completion": {"enabled": False}, "engine": {"model": "fails"}}
        await wire.start(initializationOptions=options)
        assert (await wire.ask("workspace/executeCommand", {"command": "understudy.status"}))["state"] == "off"
        assert await wire.leave() == 0
        assert not wire.messages("window/showMessage")  # an engine that is not wanted is not missed
