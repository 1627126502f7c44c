"""The commands that every editor can run: a pause, a language off, the engine and its model, what was counted."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from wire_client import Serve, Wire, server

SHOWS_STATUS = {"understudyClient": True}


async def run(wire: Wire, command: str, *arguments: Any) -> Any:
    """The result of one of our commands, which is there at once."""
    began = time.perf_counter()
    result = await wire.ask("workspace/executeCommand", {"command": f"understudy.{command}", "arguments": arguments})
    assert time.perf_counter() - began < 1
    return result


async def until_state(wire: Wire, state: str) -> dict[str, Any]:
    """Wait until the last status that was pushed is `state`."""
    await wire.until(lambda: (wire.messages("understudy/status") or [{"state": ""}])[-1]["state"] == state)
    status: dict[str, Any] = wire.messages("understudy/status")[-1]
    return status


async def built(wire: Wire, number: int) -> Any:
    """The settings of the services that were built as number `number`."""
    notes = [note for note in wire.notes if note[0] == "built"]
    await wire.until(lambda: len([note for note in wire.notes if note[0] == "built"]) >= number)
    notes = [note for note in wire.notes if note[0] == "built"]
    return notes[number - 1][1]


async def texts(wire: Wire, trigger: int = 2) -> list[str]:
    reply = await wire.reply(wire.complete(0, 9, triggerKind=trigger))
    return [item["insertText"] for item in reply["result"]["items"]]


async def test_a_pause_and_its_end(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start(initializationOptions=SHOWS_STATUS)
        wire.open("say hello")
        assert await texts(wire) == ["hello"]
        await until_state(wire, "ready")
        status = await run(wire, "snooze")
        assert (status["state"], status["model"], status["pausedSeconds"]) == ("paused", "fake", 300)
        await until_state(wire, "paused")
        assert await texts(wire) == []
        assert await texts(wire, trigger=1) == ["hello"]  # by hand it still answers
        assert (await run(wire, "resume"))["state"] == "ready"
        assert await texts(wire) == ["hello"]
        assert [message["state"] for message in wire.messages("understudy/status")] == ["ready", "paused", "ready"]


async def test_a_pause_that_begins_anew_is_told(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start(initializationOptions=SHOWS_STATUS)
        await until_state(wire, "ready")
        await run(wire, "snooze")
        await run(wire, "snooze")
        await wire.until(lambda: len(wire.messages("understudy/status")) == 3)
        assert [message["pausedSeconds"] for message in wire.messages("understudy/status")] == [None, 300, 300]


async def test_a_pause_ends_by_itself(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start(initializationOptions=SHOWS_STATUS)
        wire.open("say hello")
        await until_state(wire, "ready")
        await run(wire, "snooze", 10)
        await run(wire, "snooze", 0.005)  # the later word holds
        assert await texts(wire) == []
        await until_state(wire, "paused")
        await until_state(wire, "ready")
        assert await texts(wire) == ["hello"]


async def test_a_client_that_shows_no_status_is_told_in_words(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start()
        for command, argument in (
            ("snooze", 1),
            ("snooze", 5),
            ("resume", 0),
            ("toggleLanguage", "lua"),
            ("snooze", 5),
        ):
            await run(wire, command, argument)
        await wire.until(lambda: len(wire.messages("window/showMessage")) == 5)
        messages = wire.messages("window/showMessage")
        assert {message["type"] for message in messages} == {3}  # information
        assert [message["message"].removeprefix("Understudy: ") for message in messages] == [
            "Completions are paused for 1 minute.",
            "Completions are paused for 5 minutes.",
            "Completions are no longer paused.",
            "Completions for lua are off.",
            "Completions are paused for 5 minutes.",
        ]


async def test_a_client_that_shows_the_status_is_not(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start(initializationOptions=SHOWS_STATUS)
        await run(wire, "snooze")
        await run(wire, "toggleLanguage", "lua")
        assert not wire.messages("window/showMessage")


async def test_a_language_is_switched_off_and_on(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start(initializationOptions={"completion": {"disabledLanguages": ["markdown"]}})
        assert await run(wire, "toggleLanguage", "python") == {"language": "python", "enabled": False}
        assert (await built(wire, 2))["completion"]["disabledLanguages"] == ["markdown", "python"]
        assert await run(wire, "toggleLanguage", "markdown") == {"language": "markdown", "enabled": True}
        assert (await built(wire, 3))["completion"]["disabledLanguages"] == ["python"]
        # What the user chose outlasts what the client pushes later.
        wire.notify("workspace/didChangeConfiguration", {"settings": {"understudy": {"completion": {"maxTokens": 9}}}})
        completion = (await built(wire, 4))["completion"]
        assert (completion["disabledLanguages"], completion["maxTokens"]) == (["python"], 9)


async def test_two_languages_are_switched_off_at_once(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start(initializationOptions=SHOWS_STATUS)
        asked = [
            wire.request("workspace/executeCommand", {"command": "understudy.toggleLanguage", "arguments": [language]})
            for language in ("lua", "python")
        ]
        results = [(await wire.reply(msg_id))["result"] for msg_id in asked]
        assert results == [{"language": "lua", "enabled": False}, {"language": "python", "enabled": False}]
        assert (await built(wire, 3))["completion"]["disabledLanguages"] == ["lua", "python"]


async def test_a_language_is_switched_off_before_the_settings_are_read(serve: Serve) -> None:
    """Those that the user's settings switch off stay off."""
    async with serve() as wire:
        off = {"completion": {"disabledLanguages": ["markdown"]}}
        await wire.ask("initialize", {"capabilities": {}, "initializationOptions": off})
        wire.notify("initialized", {})
        assert await run(wire, "toggleLanguage", "python") == {"language": "python", "enabled": False}
        assert await run(wire, "toggleLanguage", "lua") == {"language": "lua", "enabled": False}
        assert (await built(wire, 3))["completion"]["disabledLanguages"] == ["markdown", "python", "lua"]


async def test_what_a_workspace_switches_off_is_no_choice_of_the_users(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / ".understudy.toml").write_text('[completion]\ndisabledLanguages = ["python"]\n')
    folder = {"uri": tmp_path.as_uri(), "name": "a"}
    async with serve() as wire:
        await wire.start(workspaceFolders=[folder])
        await run(wire, "toggleLanguage", "lua")
        assert (await built(wire, 2))["completion"]["disabledLanguages"] == ["lua", "python"]
        wire.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": [folder]}})
        assert (await built(wire, 3))["completion"]["disabledLanguages"] == ["lua"]


async def test_a_language_that_the_workspace_keeps_off_stays_off(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / ".understudy.toml").write_text('[completion]\ndisabledLanguages = ["python"]\n')
    async with serve() as wire:
        await wire.start(workspaceFolders=[{"uri": tmp_path.as_uri(), "name": "a"}])
        assert await run(wire, "toggleLanguage", "python") == {"language": "python", "enabled": False}


async def test_no_command_waits_for_a_client_that_does_not_answer(serve: Serve) -> None:
    async with serve() as wire:
        wire.answers["workspace/configuration"] = ...
        await wire.start(capabilities={"workspace": {"configuration": True}})
        wire.notify("workspace/didChangeConfiguration", {"settings": None})
        await wire.until(lambda: len([it for it in wire.heard if it["method"] == "workspace/configuration"]) == 2)
        assert await run(wire, "toggleLanguage", "python") == {"language": "python", "enabled": False}


async def test_another_model_is_chosen(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start(initializationOptions=SHOWS_STATUS)
        await until_state(wire, "ready")
        assert await run(wire, "models") == [
            {"id": "fake", "detail": "the only one", "current": True},
            {"id": "slow", "detail": "takes its time", "current": False},
            {"id": "acme/large", "detail": "15 GB", "current": False},
        ]
        assert await run(wire, "selectModel", "slow") is None
        assert (await built(wire, 2))["engine"]["model"] == "slow"
        await until_state(wire, "starting")
        await until_state(wire, "ready")


async def test_the_engine_is_stopped_and_started(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start(initializationOptions=SHOWS_STATUS)
        await until_state(wire, "ready")
        assert await run(wire, "stopEngine") is None
        assert (await until_state(wire, "off"))["message"] == "The engine was stopped."
        await wire.noted("engine stopped")
        # Other settings are no reason to start what the user has stopped.
        wire.notify("workspace/didChangeConfiguration", {"settings": {"understudy": {"completion": {"maxTokens": 9}}}})
        await built(wire, 2)
        assert (await run(wire, "status"))["state"] == "off"
        assert await run(wire, "startEngine") is None
        await built(wire, 3)
        await until_state(wire, "ready")


async def test_an_engine_that_is_not_ours_to_stop(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start(initializationOptions=SHOWS_STATUS | {"engine": {"model": "elsewhere"}})
        await until_state(wire, "ready")
        await run(wire, "stopEngine")
        await wire.until(lambda: wire.messages("window/showMessage"))
        (message,) = wire.messages("window/showMessage")
        assert message["message"] == "Understudy: The engine was not started by Understudy. Stop it where it runs."
        assert (await until_state(wire, "ready"))["model"] == "fake"  # it answers as before
        await run(wire, "stopEngine")
        await wire.until(lambda: len(wire.messages("window/showMessage")) == 2)  # whoever asks again is told again
        assert "off" not in {status["state"] for status in wire.messages("understudy/status")}


async def test_what_was_counted(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start()
        assert await run(wire, "statistics") == {"text": "the report"}
        status = await run(wire, "status")
        assert (status["latencyMs"], status["suggestions"], status["accepted"]) == (12.5, 3, 1)


WRONG = (
    ("snooze", ["soon"]),
    ("snooze", [True]),
    ("snooze", [0]),
    ("snooze", [-(10**400)]),
    ("toggleLanguage", []),
    ("toggleLanguage", [3]),
    ("selectModel", [" "]),
    ("nothing", []),
)


async def test_what_no_command_takes(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start()
        for command, arguments in WRONG:
            params = {"command": f"understudy.{command}", "arguments": arguments}
            error = (await wire.reply(wire.request("workspace/executeCommand", params)))["error"]
            assert error["code"] == -32602, command
            assert error["message"].startswith(("The argument is", "There is no command")), command
        assert not wire.messages("window/showMessage")


async def test_the_whole_server_counts_and_pauses(tmp_path: Path) -> None:
    """The real pipeline behind the same commands."""
    (tmp_path / "script").write_text('!always\n"total"\n')
    homes = {f"UNDERSTUDY_{name}_HOME": str(tmp_path) for name in ("DATA", "STATE")}
    environment = {"UNDERSTUDY_SCRIPT": str(tmp_path / "script"), **homes}
    async with server("-m", "understudy", "lsp", home=tmp_path, environment=environment) as wire:
        await wire.ask("initialize", {"capabilities": {"textDocument": {"inlineCompletion": {}}}})
        wire.notify("initialized", {})
        while (await run(wire, "status"))["state"] != "ready":
            pass
        wire.open("number = ")
        wire.change(2, {"text": "number = "})
        await run(wire, "snooze")
        assert await texts(wire) == []
        await run(wire, "resume")
        assert await texts(wire) == ["total"]
        status = await run(wire, "status")
        assert (status["model"], status["suggestions"], status["accepted"]) == ("scripted", 1, 0)
        assert status["latencyMs"] > 0
        assert await run(wire, "models") == [{"id": "scripted", "detail": "scripted", "current": True}]
        assert "completions are paused" in await report(wire)
        await run(wire, "stopEngine")
        while (await run(wire, "status"))["state"] != "off":
            pass
        wire.change(3, {"text": "other = "})
        assert (await wire.reply(wire.complete(0, 8)))["result"] == {"items": []}
        await run(wire, "startEngine")
        while (await run(wire, "status"))["state"] != "ready":
            pass
        assert (await run(wire, "status"))["suggestions"] == 1  # the tally goes on
        assert await wire.leave() == 0


async def report(wire: Wire) -> str:
    """The report, once what was counted is in the file."""
    while "completions are paused" not in (text := (await run(wire, "statistics"))["text"]):
        pass
    return str(text)
