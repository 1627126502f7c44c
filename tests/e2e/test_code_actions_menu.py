"""The menu of code actions on the wire: what is declared, what is offered in which form, and what resolve brings."""

from __future__ import annotations

import pytest
from code_action_wire import (
    CLIENTS,
    LITERALS,
    RECORDED,
    TEXT,
    VSCODE,
    applied,
    at,
    begun,
    choose,
    client,
    edit_of,
    menu,
    one_edit,
    problem,
)
from wire_client import URI, Serve, insertion


@pytest.mark.parametrize("editor", sorted(CLIENTS))
async def test_what_is_declared(editor: str, serve: Serve) -> None:
    """Options are for clients that know literals; who can take neither literals nor edits is offered nothing."""
    can = CLIENTS[editor]["capabilities"]
    async with serve() as wire:
        wire.answers["workspace/configuration"] = [None]
        declared = (await wire.start(**CLIENTS[editor]))["capabilities"].get("codeActionProvider")
    if "codeAction" in can.get("textDocument", {}):
        kinds = ["quickfix", "refactor", "refactor.rewrite"]
        assert declared == {"codeActionKinds": kinds, "resolveProvider": True, "workDoneProgress": False}
    else:
        assert declared == (True if can.get("workspace", {}).get("applyEdit") else None)


@pytest.mark.parametrize("editor", RECORDED)
async def test_a_prepared_edit_stands_in_the_menu_in_the_form_that_the_editor_knows(editor: str, serve: Serve) -> None:
    async with begun(serve, CLIENTS[editor]) as wire:
        sent = problem("prepared delta", data={"fixes": [1]}, tags=[99], severity=9, codeDescription={"href": "x"})
        (action,) = await menu(wire, sent)
        assert action["title"] == "prepared delta (checked: parses)"
        assert action["kind"] == "quickfix"
        assert action["isPreferred"] is True
        assert action["diagnostics"] == [sent]  # as its server has made it, so that it knows its own
        assert "command" not in action
        assert ("tags" in action) == (editor == "vscode")
        assert applied(TEXT, one_edit(action["edit"])) == TEXT.replace("beta", "delta")
        assert "metadata" not in action["edit"]  # Eglot answers it with an internal error
        (document,) = action["edit"]["documentChanges"]
        assert document["textDocument"] == {"uri": URI, "version": 1}
        annotated = editor in ("vscode", "neovim")
        assert ("changeAnnotations" in action["edit"]) == ("annotationId" in document["edits"][0]) == annotated
        if annotated:
            (words,) = action["edit"]["changeAnnotations"].values()
            assert words == {"label": "prepared delta", "description": "checked: parses", "needsConfirmation": False}
        # Neovim and Helix resolve it though nothing is missing.
        assert await wire.ask("codeAction/resolve", action) == action
        # The editor applies it by itself, and that is told by the text.
        wire.change(2, {"text": TEXT.replace("beta", "delta")})
        await wire.noted("counted", "Fixed", "fake", "applied")


async def test_plain_changes_for_a_client_that_knows_nothing_else(serve: Serve) -> None:
    async with begun(serve, client(textDocument={"codeAction": LITERALS})) as wire:
        (action,) = await menu(wire, problem("prepared delta"), problem("run delta"))
        assert action["title"] == "prepared delta (checked: parses)"  # the other one would need `workspace/applyEdit`
        assert set(action) == {"title", "kind", "diagnostics", "edit"}
        assert list(action["edit"]) == ["changes"]
        assert list(action["edit"]["changes"]) == [URI]


async def test_commands_for_a_client_that_knows_no_literals(serve: Serve) -> None:
    async with begun(serve, client(workspace={"applyEdit": True})) as wire:
        (one, two) = await menu(wire, problem("prepared delta"), problem("run delta"), problem("not now"))
        assert [set(one), set(two)] == [{"title", "command", "arguments"}] * 2
        await choose(wire, one)
        change = one_edit((await edit_of(wire))["edit"])
        assert applied(TEXT, change) == TEXT.replace("beta", "delta")
        assert not [note for note in wire.notes if note[0] == "run"]  # it was prepared
        wire.change(2, {"text": TEXT.replace("beta", "delta")})
        await wire.noted("counted", "Fixed", "fake", "applied")


async def test_a_client_that_is_given_no_way_to_take_an_edit_is_offered_none(serve: Serve) -> None:
    async with begun(serve, client()) as wire:
        assert await menu(wire, problem("prepared delta"), problem("run delta")) == []


async def test_kate_applies_edits_though_it_does_not_say_so(serve: Serve) -> None:
    said = client(textDocument={"codeAction": LITERALS}) | {
        "initializationOptions": {"understudyClient": {"applyEdit": True}}
    }
    async with begun(serve, said) as wire:
        assert [it["title"] for it in await menu(wire, problem("run delta"))] == ["run delta"]


async def test_what_cannot_be_done_is_said_where_that_can_be_shown(serve: Serve) -> None:
    async with begun(serve, VSCODE) as wire:
        (action,) = await menu(wire, problem("not today"))
        assert action["disabled"] == {"reason": "today"}
        assert not {"edit", "command", "data"} & set(action)
    async with begun(serve, CLIENTS["emacs"]) as wire:
        assert await menu(wire, problem("not today")) == []


async def test_what_the_client_says_reaches_the_feature(serve: Serve) -> None:
    async with begun(serve, VSCODE | {"initializationOptions": {"understudyClient": {"input": True}}}) as wire:
        await menu(wire, only=["quickfix", 7, "refactor"], triggerKind=2)
        assert await wire.noted("listed") == ["listed", ["quickfix", "refactor"], True, True, 10, 10]


async def test_odd_requests_get_an_answer(serve: Serve) -> None:
    here = {"textDocument": {"uri": URI}, "range": at(0, 0, 0)}
    async with begun(serve, VSCODE) as wire:
        for odd in (
            *(None, [], {}, {"textDocument": {"uri": URI}}),
            {**here, "textDocument": {"uri": "file:///closed.py"}, "context": {"diagnostics": []}},
            {**here, "range": at(0, -1, 0), "context": {"diagnostics": []}},
            {**here, "context": {"diagnostics": [{"message": 3}, None, 4]}},
            {**here, "context": None},
        ):
            assert await wire.ask("textDocument/codeAction", odd) == []
        assert len(await menu(wire, problem("run delta"), {"message": "no range"}, only=3)) == 1
        assert not [line for line in wire.log if "Traceback" in line]


async def test_what_cannot_be_resolved_comes_back_as_it_was(serve: Serve) -> None:
    async with begun(serve, VSCODE) as wire:
        for action in (
            {},
            {"title": "no data"},
            {"title": "unknown", "data": "00-1"},
            {"title": "another server's", "data": {"id": 1}},
            {"title": "a command", "command": {"title": "x", "command": "y"}},
            {"title": "an edit", "edit": {"changes": {}}, "data": "00-1"},
        ):
            assert await wire.ask("codeAction/resolve", action) == action
        assert "error" in await wire.reply(wire.request("codeAction/resolve", ["odd"]))
        (action,) = await menu(wire, problem("boom"))
        assert await wire.ask("codeAction/resolve", action) == action


@pytest.mark.parametrize("editor", RECORDED)
async def test_resolve_brings_the_edit_that_was_prepared_meanwhile(editor: str, serve: Serve) -> None:
    async with begun(serve, CLIENTS[editor]) as wire:
        (action,) = await menu(wire, problem("later delta"))
        assert "edit" not in action
        first, second = [await wire.ask("codeAction/resolve", action) for _ in range(2)]
        assert first == second
        assert "command" not in first
        assert applied(TEXT, one_edit(first["edit"])) == TEXT.replace("beta", "delta")
        # For the text as it is when it is asked for.
        wire.change(2, insertion(0, 0, "# new\n"))
        moved = await wire.ask("codeAction/resolve", action)
        assert applied("# new\n" + TEXT, one_edit(moved["edit"])) == "# new\n" + TEXT.replace("beta", "delta")
        assert moved["edit"]["documentChanges"][0]["textDocument"]["version"] == 2


async def test_a_command_that_comes_after_the_resolved_edit_does_nothing(serve: Serve) -> None:
    """VS Code keeps the command that the entry had, and runs it after the edit."""
    async with begun(serve, VSCODE) as wire:
        (action,) = await menu(wire, problem("later delta"))
        await wire.ask("codeAction/resolve", action)
        wire.change(2, {"text": TEXT.replace("beta", "delta")})
        await choose(wire, action)
        wire.change(3, insertion(0, 0, "now"))
        await choose(wire, action)
        await wire.ask("workspace/executeCommand", {"command": "understudy.status"})
        assert not wire.messages("workspace/applyEdit")
        assert len([note for note in wire.notes if note[:2] == ["counted", "Fixed"]]) == 1
