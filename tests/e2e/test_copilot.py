"""Plugins that were written for Copilot's language server: what each of their messages comes to."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from wire_client import URI, Serve, Wire, inline, insertion

NEOVIM = {"name": "Neovim", "version": "0.12.4"}


def plugin(name: str) -> dict[str, Any]:
    """What a plugin says of itself."""
    return {"editorInfo": NEOVIM, "editorPluginInfo": {"name": name, "version": "1"}}


def place(line: int, character: int, uri: str = URI) -> dict[str, Any]:
    return {"doc": {"uri": uri, "version": 70, "position": {"line": line, "character": character}}, "_": True}


def edit(line: int, character: int, uri: str = URI) -> dict[str, Any]:
    return {"textDocument": {"uri": uri, "version": 1}, "position": {"line": line, "character": character}}


async def test_a_completion_takes_the_place_of_its_line(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start(initializationOptions=plugin("copilot.lua"))
        wire.open("x\n\tsay 😀b")
        cursor = {"line": 1, "character": 8}
        assert await wire.ask("getCompletions", place(1, 8)) == {
            "completions": [
                {
                    "uuid": "item-1",
                    "text": "\tsay 😀b😀b",
                    "displayText": "😀b",
                    "position": cursor,
                    "range": {"start": {"line": 1, "character": 0}, "end": cursor},
                    "docVersion": 70,
                }
            ]
        }


@pytest.mark.parametrize(
    ("name", "said", "length"),
    [
        ("copilot.el", {"acceptedLength": 9}, 1),  # counted from the start of the line
        ("copilot.el", {"acceptedLength": 10}, None),
        ("copilot.vim", {"acceptedLength": 2}, 1),  # counted from the cursor
        ("copilot.vim", {}, None),
        ("copilot.lua", {"acceptedLength": 10}, 0),  # it says so also when it took a word
    ],
)
async def test_how_much_was_accepted(serve: Serve, name: str, said: dict[str, Any], length: int | None) -> None:
    async with serve() as wire:
        await wire.start(initializationOptions=plugin(name))
        wire.open("say 😀b")
        (item,) = (await wire.ask("getCompletions", place(0, 7)))["completions"]
        assert item["text"] == "say 😀b😀b"
        assert await wire.ask("notifyAccepted", {"uuid": "item-1", **said}) == "OK"
        await wire.noted("accepted", "item-1", length)


async def test_what_became_of_items(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start(initializationOptions=plugin("copilot.lua"))
        assert await wire.ask("notifyShown", {"uuid": "item-3"}) == "OK"
        await wire.noted("shown", "item-3")
        assert await wire.ask("notifyRejected", {"uuids": ["item-4", 5, "item-6"]}) == "OK"
        await wire.noted("rejected", "item-4")
        await wire.noted("rejected", "item-6")
        item = {"command": {"command": "github.copilot.didAcceptCompletionItem", "arguments": ["item-7"]}}
        wire.notify("textDocument/didShowInlineEdit", {"item": item})
        await wire.noted("shown", "item-7")
        assert await wire.ask("workspace/executeCommand", item["command"]) is True
        await wire.noted("accepted", "item-7", None)
        wire.notify("workspace/executeCommand", {**item["command"], "arguments": ["item-8"]})
        await wire.noted("accepted", "item-8", None)
        for odd in ({}, {"uuid": None}, {"uuids": "item-9"}, [], None):
            for method in ("notifyShown", "notifyAccepted", "notifyRejected", "notifyNextEditRejected"):
                assert await wire.ask(method, odd) == "OK"
        assert not wire.messages("window/showMessage")


@pytest.mark.parametrize("options", [plugin("copilot.el"), {}])
async def test_an_item_has_a_command_that_its_client_can_run(serve: Serve, options: dict[str, Any]) -> None:
    async with serve() as wire:
        can = (await wire.start(initializationOptions=options))["capabilities"]
        wire.open("say hello")
        (item,) = (await wire.ask("textDocument/inlineCompletion", inline(0, 9)))["items"]
        (change,) = (await wire.ask("textDocument/copilotInlineEdit", edit(0, 9)))["edits"]
        expected = "github.copilot.didAcceptCompletionItem" if options else "understudy.accept"
        assert item["command"] == change["command"] == {"title": "Accept", "command": expected, "arguments": ["item-1"]}
        assert expected in can["executeCommandProvider"]["commands"]


async def test_a_next_edit_is_an_insertion_in_the_text_of_the_client(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start()
        wire.open("slow hello", uri="file:///project/a%20b.py")
        asked = wire.request("textDocument/copilotInlineEdit", edit(0, 10, "file:///project/a b.py"))
        wire.change(2, insertion(0, 10, "he"), uri="file:///project/a%20b.py")
        (change,) = (await wire.reply(asked))["result"]["edits"]
        assert change["text"] == "llo"
        assert change["textDocument"] == {"uri": "file:///project/a b.py", "version": 2}
        at = {"line": 0, "character": 12}
        assert change["range"] == {"start": at, "end": at}


@pytest.mark.parametrize(
    ("name", "column", "text", "at"),
    [
        ("Neovim", 8, "hello", 9),  # normal mode, on the last character
        ("Neovim", 7, "hel", 7),  # anywhere else it is where it is
        ("Emacs", 8, "hell", 8),
        (None, 8, "hell", 8),
    ],
)
async def test_a_next_edit_in_neovims_normal_mode(
    serve: Serve, name: str | None, column: int, text: str, at: int
) -> None:
    async with serve() as wire:
        await wire.start(clientInfo=name and {"name": name})
        wire.open("say hello\n")
        (change,) = (await wire.ask("textDocument/copilotInlineEdit", edit(0, column)))["edits"]
        assert change["text"] == text
        assert change["range"]["start"] == {"line": 0, "character": at}


async def test_a_line_that_ends_in_nothing_to_say_is_tried_at_the_cursor(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start(clientInfo=NEOVIM)
        wire.open("spell hello|hello")  # at its end, all of it is spelt
        (change,) = (await wire.ask("textDocument/copilotInlineEdit", edit(0, 16)))["edits"]
        assert (change["text"], change["range"]["start"]["character"]) == ("o", 16)


async def test_the_status_as_plugins_show_it(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start(initializationOptions={**plugin("copilot.el"), "engine": {"model": "slow"}})
        await wire.until(lambda: (wire.messages("statusNotification") or [{"status": ""}])[-1]["status"] == "Normal")
        said = wire.messages("didChangeStatus")
        assert said == wire.messages("statusNotification")
        assert [(status["busy"], status["kind"], status["message"]) for status in said] == [
            (True, "Normal", ""),  # at once, so that the plugin need not guess
            (True, "Normal", "Loading the model (10 %)"),
            (True, "Normal", "Loading the model (60 %)"),
            (False, "Normal", ""),
        ]
        assert not wire.messages("understudy/status")


async def test_no_plugin_no_status(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start(initializationOptions={"editorInfo": NEOVIM})
        await wire.ask("workspace/executeCommand", {"command": "understudy.status"})
        assert not wire.heard


async def test_models_are_ours_and_one_of_them_is_chosen(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start(initializationOptions=plugin("copilot.lua"))
        await until_normal(wire)
        models = await wire.ask("copilot/models", {})
        assert [(model["id"], model["scopes"], model["default"]) for model in models] == [
            ("fake", ["completion"], True),
            ("slow", ["completion"], False),
        ]
        for chosen in ("gpt-4o-copilot", "acme/large", "", "fake"):
            choose(wire, chosen)
        wire.notify("workspace/didChangeConfiguration", {"settings": {"understudy": {"completion": {"debounceMs": 7}}}})
        await wire.until(lambda: len(built(wire)) == 2)
        assert (built(wire)[1]["completion"]["debounceMs"], built(wire)[1]["engine"]["model"]) == (7, None)
        choose(wire, "slow")
        await wire.until(lambda: len(built(wire)) == 3)
        assert built(wire)[2]["engine"]["model"] == "slow"
        assert not wire.messages("window/showMessage")  # GitHub's name of a model is nobody's mistake


def choose(wire: Wire, model: str) -> None:
    """Choose a model as plugins do."""
    settings = {"github": {"copilot": {"selectedCompletionModel": model}}, "disabledLanguages": []}
    wire.notify("workspace/didChangeConfiguration", {"settings": settings})


async def until_normal(wire: Wire) -> None:
    await wire.until(lambda: not (wire.messages("didChangeStatus") or [{"busy": True}])[-1]["busy"])


def built(wire: Wire) -> list[Any]:
    return [note[1] for note in wire.notes if note[0] == "built"]


async def test_asked_before_anything_is_there(serve: Serve) -> None:
    async with serve() as wire:
        await wire.ask("initialize", {"capabilities": {}, "initializationOptions": plugin("copilot.vim")})
        wire.open("say hello")
        assert await wire.ask("getCompletions", place(0, 9)) == {"completions": []}
        assert await wire.ask("textDocument/copilotInlineEdit", edit(0, 9)) == {"edits": []}
        assert await wire.ask("getPanelCompletions", place(0, 9)) == {"solutionCountTarget": 0}
        assert await wire.ask("copilot/models") == []
        assert await wire.ask("notifyShown", {"uuid": "item-1"}) == "OK"
        assert (await wire.ask("checkStatus"))["status"] == "OK"


async def test_a_model_is_chosen_before_the_settings_are_read(serve: Serve) -> None:
    """Plugins send what their user has chosen as soon as they may."""
    async with serve() as wire:
        await wire.ask("initialize", {"capabilities": {}, "initializationOptions": plugin("copilot.el")})
        wire.notify("initialized", {})
        choose(wire, "slow")
        await wire.until(lambda: len(built(wire)) == 2)
        assert [settings["engine"]["model"] for settings in built(wire)] == [None, "slow"]


async def test_a_panel_that_fails_comes_to_an_end(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start(initializationOptions=plugin("copilot.lua"))
        wire.open("boom ValueError")
        await wire.ask("getPanelCompletions", {"panelId": "1", **place(0, 15)})
        await wire.until(lambda: wire.messages("PanelSolutionsDone"))
        (done,) = wire.messages("PanelSolutionsDone")
        assert (done["panelId"], done["status"]) == ("1", "Error")


async def test_a_newer_panel_ends_the_older(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start(initializationOptions=plugin("copilot.lua"))
        wire.open("slow hello\neither one|two")
        assert await wire.ask("getPanelCompletions", {"panelId": "1", **place(0, 10)}) == {"solutionCountTarget": 3}
        assert await wire.ask("getPanelCompletions", {"panelId": "2", **place(1, 14)}) == {"solutionCountTarget": 3}
        await wire.until(lambda: wire.messages("PanelSolutionsDone"))
        await asyncio.sleep(0.5)  # by then the older would be there as well
        assert wire.messages("PanelSolutionsDone") == [{"panelId": "2", "status": "OK"}]
        assert {solution["panelId"] for solution in wire.messages("PanelSolution")} == {"2"}


async def test_a_panel_in_lsps_own_form(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start(initializationOptions=plugin("copilot.vim"))
        wire.open("either one|two")
        answer = await wire.ask("textDocument/copilotPanelCompletion", edit(0, 14))
        assert [item["insertText"] for item in answer["items"]] == ["one", "two"]
        assert await wire.ask("textDocument/copilotPanelCompletion", {}) == {"items": []}


async def test_whoever_signs_in_is_told_once_that_there_is_nothing_to_sign_in_to(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start(initializationOptions=plugin("copilot.el"))
        for method in ("signInInitiate", "signIn", "signOut"):
            await wire.ask(method, {})
        (shown,) = wire.messages("window/showMessage")
        assert shown["type"] == 3
        assert "No account is needed" in shown["message"]
        finished = await wire.ask("workspace/executeCommand", {"command": "github.copilot.finishDeviceFlow"})
        assert finished == await wire.ask("checkStatus", {})
        assert (await wire.ask("checkQuota", {}))["completions"]["unlimited"] is True
        assert (await wire.ask("getVersion", {}))["buildType"] == "prod"
        assert await wire.ask("setEditorInfo", {"editorInfo": NEOVIM}) == "OK"
