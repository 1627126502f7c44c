"""A code action on the wire once it is chosen: the edit for the text as it is by then, its end, and what is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from code_action_wire import (
    CLIENTS,
    RECORDED,
    TEXT,
    VSCODE,
    applied,
    asked,
    at,
    begun,
    choose,
    client,
    edit_of,
    menu,
    one_edit,
    problem,
    said,
    token_of,
)
from wire_client import URI, Serve, insertion

from understudy.core.paths import uri_to_path

RUN = "understudy.runAction"


@pytest.mark.parametrize("editor", RECORDED)
async def test_the_command_answers_at_once_and_its_edit_comes_later(editor: str, serve: Serve) -> None:
    async with begun(serve, CLIENTS[editor]) as wire:
        (action,) = await menu(wire, problem("run delta"))
        await choose(wire, action)
        sent = await edit_of(wire)
        assert set(sent) == {"label", "edit"}
        assert sent["label"] == "run delta"
        (document,) = sent["edit"]["documentChanges"]
        assert document["textDocument"] == {"uri": URI, "version": 1}
        assert ("changeAnnotations" in sent["edit"]) == (editor in ("vscode", "neovim"))
        wire.change(2, {"text": applied(TEXT, one_edit(sent["edit"]))})
        await wire.noted("counted", "Fixed", "fake", "applied")
        # What is counted comes by another pipe, perhaps earlier.
        await wire.until(lambda: wire.messages("$/progress")[-1]["value"]["kind"] == "end")
        begin, *_, end = [it["value"] for it in wire.messages("$/progress") if it["token"] == token_of(wire)]
        assert (begin["kind"], begin["title"], begin["cancellable"]) == ("begin", "run delta", True)
        assert "percentage" not in begin  # nobody knows, and a bar at 0 % looks stuck
        assert end["kind"] == "end"
        assert not wire.messages("window/showMessage")


async def test_a_client_without_progress_is_told_that_it_has_begun(serve: Serve) -> None:
    async with begun(serve, client(workspace={"applyEdit": True})) as wire:
        await choose(wire, (await menu(wire, problem("never")))[0])
        assert "never" in await said(wire, "never")
        assert not wire.messages("$/progress")


async def test_typing_while_it_works_moves_the_edit(serve: Serve) -> None:
    async with begun(serve, VSCODE) as wire:
        await choose(wire, (await menu(wire, problem("wait delta")))[0])
        await wire.noted("run", "wait")
        wire.change(2, insertion(0, 0, "# typed\n"))
        wire.change(3, insertion(4, 0, "now = 1\n"))
        sent = await edit_of(wire)
        text = f"# typed\n{TEXT}now = 1\n"
        assert applied(text, one_edit(sent["edit"])) == text.replace("beta", "delta")
        assert sent["edit"]["documentChanges"][0]["textDocument"]["version"] == 3
        wire.change(4, {"text": text.replace("beta", "delta")})
        await wire.noted("counted", "Fixed", "fake", "applied")


async def test_typing_in_its_place_is_the_end_of_it(serve: Serve) -> None:
    async with begun(serve, VSCODE) as wire:
        await choose(wire, (await menu(wire, problem("wait delta")))[0])
        await wire.noted("run", "wait")
        wire.change(2, insertion(1, 0, "now"))
        assert "Open the menu again" in await said(wire, "was changed")
        await wire.noted("counted", "Fixed", "fake", "text moved on")
        assert not wire.messages("workspace/applyEdit")


async def test_a_file_that_was_closed_meanwhile_is_left_alone(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "closed.py"
    file.write_text(TEXT)
    async with begun(serve, VSCODE) as wire:
        document = {"uri": file.as_uri(), "languageId": "python", "version": 1, "text": TEXT}
        wire.notify("textDocument/didOpen", {"textDocument": document})
        offered = await wire.ask("textDocument/codeAction", asked(problem("wait delta"), uri=file.as_uri()))
        await choose(wire, offered[0])
        await wire.noted("run", "wait")
        wire.notify("textDocument/didClose", {"textDocument": {"uri": file.as_uri()}})
        wire.change(2, insertion(0, 0, "now = 1\n"))
        assert "nothing was changed" in await said(wire, "was closed")
        await wire.noted("counted", "Fixed", "fake", "closed")
        assert not wire.messages("workspace/applyEdit")


@pytest.mark.parametrize(
    "answer",
    [{"applied": True}, {"applied": False, "failureReason": "no"}, None, "yes"],
    ids=["yes", "no", "null", "odd"],
)
async def test_an_editor_that_does_not_apply_it_is_found_out(serve: Serve, answer: Any) -> None:
    async with begun(serve, VSCODE, **{"workspace/applyEdit": answer}) as wire:
        await choose(wire, (await menu(wire, problem("run delta")))[0])
        assert "did not take the edit" in await said(wire, "editor")
        await wire.noted("counted", "Fixed", "fake", "not taken by the editor")


async def test_an_editor_that_never_answers_is_not_waited_for_for_ever(serve: Serve) -> None:
    async with begun(serve, VSCODE, **{"workspace/applyEdit": ...}) as wire:
        await choose(wire, (await menu(wire, problem("run delta")))[0])
        await wire.noted("counted", "Fixed", "fake", "not taken by the editor", seconds=30)
        assert await said(wire, "did not take")
        # An answer that comes after all is heard and changes nothing.
        late = next(message for message in wire.heard if message["method"] == "workspace/applyEdit")
        wire.send({"jsonrpc": "2.0", "id": late["id"], "result": {"applied": True}})
        assert await menu(wire, problem("run delta"))


async def test_an_editor_that_applies_it_and_denies_it_is_believed_by_its_text(serve: Serve) -> None:
    async with begun(serve, VSCODE, **{"workspace/applyEdit": ...}) as wire:
        await choose(wire, (await menu(wire, problem("run delta")))[0])
        await edit_of(wire)
        request = next(message for message in wire.heard if message["method"] == "workspace/applyEdit")
        wire.send({"jsonrpc": "2.0", "id": request["id"], "error": {"code": -32603, "message": "Internal error"}})
        wire.change(2, {"text": TEXT.replace("beta", "delta")})
        await wire.noted("counted", "Fixed", "fake", "applied")
        assert not wire.messages("window/showMessage")


async def test_what_comes_to_nothing_is_said_in_one_sentence(serve: Serve) -> None:
    async with begun(serve, VSCODE) as wire:
        await choose(wire, (await menu(wire, problem("withhold The fix was withheld: it breaks the syntax.")))[0])
        assert await said(wire, "withheld") == "Understudy: The fix was withheld: it breaks the syntax."
        await wire.noted("counted", "Fixed", "fake", "check failed")
        await choose(wire, (await menu(wire, problem("boom")))[0])
        assert "log says why" in await said(wire, "could not")
        ends = [it["value"]["kind"] for it in wire.messages("$/progress")]
        await wire.until(
            lambda: [it["value"]["kind"] for it in wire.messages("$/progress")].count("end") >= ends.count("begin")
        )


@pytest.mark.parametrize("way", ["progress", "command", "again", "shutdown"])
async def test_it_can_be_ended(serve: Serve, way: str) -> None:
    """By the progress, by a command for editors whose progress cannot, by the same action again, and with the rest."""
    async with begun(serve, VSCODE) as wire:
        (action,) = await menu(wire, problem("never"))
        await choose(wire, action)
        await wire.until(lambda: any("asking" in it["value"].get("message", "") for it in wire.messages("$/progress")))
        if way == "progress":
            wire.notify("window/workDoneProgress/cancel", {"token": token_of(wire)})
        elif way == "command":
            assert await wire.ask("workspace/executeCommand", {"command": "understudy.cancelFix"}) is None
        elif way == "again":
            await choose(wire, action)
        if way != "shutdown":
            await wire.noted("cancelled", "never")
            await wire.noted("counted", "Fixed", "fake", "cancelled")
            await wire.until(lambda: wire.messages("$/progress")[-1]["value"]["kind"] in ("end", "begin", "report"))
    assert ["cancelled", "never"] in wire.notes


async def test_others_go_on_beside_one_that_hangs(serve: Serve) -> None:
    async with begun(serve, VSCODE) as wire:
        never, run = await menu(wire, problem("never", 0, 0, 5), problem("run delta"))
        await choose(wire, never)
        await wire.noted("run", "never")
        await choose(wire, run)
        change = one_edit((await edit_of(wire))["edit"])
        wire.change(2, {"text": applied(TEXT, change)})
        await wire.noted("counted", "Fixed", "fake", "applied")
        assert ["cancelled", "never"] not in wire.notes


async def test_a_forgotten_entry_says_what_to_do(serve: Serve) -> None:
    async with begun(serve, VSCODE) as wire:
        for arguments in (["00-1"], [], [None], [{"id": 3}]):
            wire.heard.clear()
            assert await wire.ask("workspace/executeCommand", {"command": RUN, "arguments": arguments}) is None
            assert "Open the menu again" in await said(wire, "out of date")
        (action,) = await menu(wire, problem("run delta"))
        for _ in range(40):
            await menu(wire, problem("run delta"))
        wire.heard.clear()
        await choose(wire, action)
        assert await said(wire, "out of date")


async def test_an_explanation_is_shown_in_the_best_way_there_is(serve: Serve) -> None:
    own = {"initializationOptions": {"understudyClient": {"show": True}}}
    async with begun(serve, VSCODE | own) as wire:
        await choose(wire, (await menu(wire, problem("explain Because.")))[0])
        await wire.until(lambda: wire.messages("understudy/show"))
        assert wire.messages("understudy/show") == [{"title": "Why", "text": "Because."}]
        await wire.noted("counted", "Fixed", "fake", "explained")
        assert not wire.messages("window/showDocument")
    async with begun(serve, CLIENTS["helix"]) as wire:
        await choose(wire, (await menu(wire, problem("explain Because.")))[0])
        await wire.until(lambda: wire.messages("window/showDocument"))
        file = uri_to_path(wire.messages("window/showDocument")[0]["uri"])
        assert file is not None
        assert file.read_text() == "# Why\n\nBecause.\n"
        assert file.stat().st_mode & 0o077 == 0
        assert not wire.messages("window/showMessage")
    async with begun(serve, CLIENTS["helix"], **{"window/showDocument": {"success": False}}) as wire:
        await choose(wire, (await menu(wire, problem("explain Because.")))[0])
        assert "Because." in await said(wire, "Why")


@pytest.mark.parametrize(("typed", "put"), [("epsilon", "epsilon"), (None, None), ("  ", None), (3, None)])
async def test_a_client_that_can_be_asked_is_asked(serve: Serve, typed: Any, put: str | None) -> None:
    own = {"initializationOptions": {"understudyClient": {"input": True}}}
    async with begun(serve, VSCODE | own, **{"understudy/input": typed}) as wire:
        await choose(wire, (await menu(wire, problem("ask")))[0])
        await wire.until(lambda: wire.messages("understudy/input"))
        assert list(wire.messages("understudy/input")[0]) == ["prompt"]
        if put is None:
            assert await menu(wire, problem("run delta"))
            assert not [note for note in wire.notes if note[0] == "run"]
        else:
            assert await wire.noted("run", "ask") == ["run", "ask", put]
            assert one_edit((await edit_of(wire))["edit"])["newText"] == put
            wire.change(2, {"text": TEXT.replace("beta", put)})
            await wire.noted("counted", "Fixed", "fake", "applied")


async def test_the_command_for_a_change_in_the_users_words(serve: Serve) -> None:
    async with begun(serve, CLIENTS["emacs"]) as wire:
        said_so = {"uri": URI, "range": at(1, 0, 4), "instruction": " epsilon "}
        change = {"command": "understudy.change", "arguments": [said_so]}
        assert await wire.ask("workspace/executeCommand", change) is None
        assert await wire.noted("run", "change") == ["run", "change", "epsilon"]
        edit = one_edit((await edit_of(wire))["edit"])
        assert applied(TEXT, edit) == TEXT.replace("beta", "epsilon")
        for odd in ([], [URI], [said_so | {"instruction": ""}], [said_so | {"range": None}], [said_so | {"uri": 3}]):
            reply = await wire.reply(wire.request("workspace/executeCommand", change | {"arguments": odd}))
            assert "instruction" in reply["error"]["message"], odd
        closed = said_so | {"uri": "file:///closed.py"}
        assert await wire.ask("workspace/executeCommand", change | {"arguments": [closed]}) is None
        assert "Open it first" in await said(wire, "not open")
        wire.change(2, {"text": TEXT.replace("beta", "epsilon")})
        await wire.noted("counted", "Fixed", "change", "applied")


async def test_an_editor_that_takes_no_edits_is_told_so_before_a_model_is_asked(serve: Serve) -> None:
    async with begun(serve, client()) as wire:
        change = {"uri": URI, "range": at(1, 0, 4), "instruction": "epsilon"}
        request = {"command": "understudy.change", "arguments": [change]}
        assert await wire.ask("workspace/executeCommand", request) is None
        assert "applyEdit" in await said(wire, "takes edits")
        assert not [note for note in wire.notes if note[0] == "run"]


@pytest.mark.parametrize("editor", RECORDED)
async def test_a_new_file(editor: str, serve: Serve, tmp_path: Path) -> None:
    """Eglot answers `create` with an error and does nothing; a text edit of a file that is not there works."""
    path = tmp_path / "deep" / "test new.py"
    async with begun(serve, CLIENTS[editor]) as wire:
        await choose(wire, (await menu(wire, problem(f"make {path}")))[0])
        changes = (await edit_of(wire))["edit"]["documentChanges"]
        assert [it.get("kind") for it in changes] == ([None] if editor == "emacs" else ["create", None])
        assert "options" not in changes[0]
        assert changes[-1]["textDocument"] == {"uri": path.as_uri(), "version": None}
        wire.open("", version=0, uri=path.as_uri())
        wire.change(1, {"text": "made"}, uri=path.as_uri())
        await wire.noted("counted", "Fixed", "fake", "applied")
        # By now it is there.
        path.parent.mkdir()
        path.touch()
        wire.heard.clear()
        await choose(wire, (await menu(wire, problem(f"make {path}")))[0])
        assert await said(wire, "nothing was done")
        assert not wire.messages("workspace/applyEdit")


async def test_settings_that_change_meanwhile(serve: Serve) -> None:
    """What the old services were still at is ended, and the user is told; an edit that was sent still counts."""
    async with begun(serve, client(workspace={"applyEdit": True})) as wire:
        await choose(wire, (await menu(wire, problem("never", 0, 0, 5)))[0])
        await wire.noted("run", "never")
        await choose(wire, (await menu(wire, problem("run delta")))[0])
        await edit_of(wire)
        wire.notify("workspace/didChangeConfiguration", {"settings": {"understudy": {"fix": {"speculate": False}}}})
        await wire.noted("fixer closed")
        assert "Open the menu again" in await said(wire, "settings have changed")
        wire.change(2, {"text": TEXT.replace("beta", "delta")})
        await wire.noted("counted", "Fixed", "fake", "applied")
        assert [it["title"] for it in await menu(wire, problem("run epsilon"))] == ["run epsilon"]
