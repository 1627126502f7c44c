"""A conversation as editors lead it: begin, open, type, complete, accept, end."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from wire_client import URI, Serve, Wire, insertion

pytestmark = pytest.mark.asyncio(loop_scope="module")

CLIENTS = {file.stem: json.loads(file.read_text()) for file in Path(__file__).with_name("clients").glob("*.json")}
WITHOUT_INLINE = {"emacs", "helix"}
OWN_COMMANDS = [
    f"understudy.{name}"
    for name in (
        *("accept", "status", "snooze", "resume", "toggleLanguage", "statistics"),
        *("models", "selectModel", "startEngine", "stopEngine"),
        *("runAction", "change", "cancelFix"),
    )
]
COPILOT_COMMANDS = ["github.copilot.didAcceptCompletionItem", "github.copilot.finishDeviceFlow"]


@pytest.mark.parametrize("editor", sorted(CLIENTS))
async def test_each_editor_gets_what_it_can_show(editor: str, serve: Serve) -> None:
    async with serve() as wire:
        wire.answers["workspace/configuration"] = [None]
        result = await wire.start(**CLIENTS[editor])
        can = result["capabilities"]
        assert can["positionEncoding"] == "utf-16"
        assert can["textDocumentSync"]["change"] == 2
        plugin = "editorPluginInfo" in (CLIENTS[editor].get("initializationOptions") or {})
        # In other clients Copilot's ids would collide with those of a real Copilot: VS Code's are global.
        assert can["executeCommandProvider"]["commands"] == OWN_COMMANDS + COPILOT_COMMANDS * plugin
        assert ("completionProvider" in can) == (editor in WITHOUT_INLINE)
        # Helix asks by itself at letters and these only, and a suggestion mostly goes on with none.
        assert {" ", "(", "."} <= set(can.get("completionProvider", {}).get("triggerCharacters", " (."))
        assert {} not in can.values()  # which Emacs would read as "no"
        wire.open("say hello\n")
        assert [item["insertText"] for item in (await wire.reply(wire.complete(0, 9)))["result"]["items"]] == ["hello"]
        assert await wire.leave() == 0
        assert not wire.messages("window/showMessage")


async def test_ghost_text_at_the_cursor(wire: Wire) -> None:
    wire.open("say hello\n")
    reply = await wire.reply(wire.complete(0, 9))
    at = {"line": 0, "character": 9}
    command = {"title": "Accept", "command": "understudy.accept", "arguments": ["item-1"]}
    item = {"insertText": "hello", "range": {"start": at, "end": at}, "command": command}
    assert reply["result"] == {"items": [item]}
    assert await wire.ask("workspace/executeCommand", {"command": "understudy.accept", "arguments": ["item-1"]}) is None
    await wire.noted("accepted", "item-1", None)


async def test_typing_is_followed(wire: Wire) -> None:
    wire.open("")
    for at, letter in enumerate("say 😀x"):
        wire.change(at + 2, insertion(0, len("say 😀x"[:at].encode("utf-16-le")) // 2, letter))
    reply = await wire.reply(wire.complete(0, 7))
    assert reply["result"]["items"][0]["insertText"] == "😀x"
    assert reply["result"]["items"][0]["range"]["start"] == {"line": 0, "character": 7}


@pytest.mark.parametrize(
    ("offered", "column"), [(["utf-8"], 8), (["utf-32"], 5), (["utf-16"], 6), (["utf-8", "utf-16"], 6)]
)
async def test_the_clients_position_encoding(serve: Serve, offered: list[str], column: int) -> None:
    async with serve() as wire:
        await wire.start(capabilities={"general": {"positionEncodings": offered}})
        wire.open("say 😀!")
        (item,) = (await wire.reply(wire.complete(0, column)))["result"]["items"]
        assert item["insertText"] == "😀"
        assert item["range"]["start"] == {"line": 0, "character": column}


async def test_a_document_that_is_not_open(wire: Wire) -> None:
    assert (await wire.reply(wire.complete(0, 0)))["result"] == {"items": []}
    wire.change(2, insertion(0, 0, "x"))
    wire.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
    wire.open("say a")
    wire.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
    assert (await wire.reply(wire.complete(0, 5)))["result"] == {"items": []}
    assert not wire.messages("window/showMessage")


async def test_a_change_that_is_no_lsp_closes_its_document(wire: Wire) -> None:
    """Passed over, it would leave a text that is not the editor's: every offset from then on would be wrong."""
    wire.open("say one")
    beyond = {"line": 0, "character": 2**31}  # LSP 3.18: at most 2^31 - 1
    wire.change(2, {"range": {"start": beyond, "end": beyond}, "text": " two"})
    await wire.noted("changed", 1, None)
    wire.change(3, insertion(0, 7, "!"))
    assert (await wire.reply(wire.complete(0, 8)))["result"] == {"items": []}
    for odd in (None, {"textDocument": None}, {"textDocument": {"uri": 1}}):
        wire.notify("textDocument/didChange", odd)
    wire.open("say again", version=4)
    (item,) = (await wire.reply(wire.complete(0, 9)))["result"]["items"]
    assert item["insertText"] == "again"
    assert not wire.messages("window/showMessage")


async def test_a_stale_change_is_refused_in_silence(wire: Wire) -> None:
    wire.open("say one", version=10)
    wire.change(3, {"text": "say three"})
    wire.change(10, {"text": "say ten"})
    (item,) = (await wire.reply(wire.complete(0, 7)))["result"]["items"]
    assert item["insertText"] == "one"
    assert not wire.messages("window/showMessage")
    assert len([line for line in wire.log if "stale" in line]) == 2


async def test_a_request_sees_the_text_of_its_own_moment(wire: Wire) -> None:
    """A request that is still open is not answered from the change that follows it, nor for a text that is gone."""
    wire.open("slow one")
    msg_id = wire.complete(0, 7)
    wire.change(2, {"text": "say two"})
    second = wire.complete(0, 7)
    assert "result" in await wire.reply(second)
    assert (await wire.reply(msg_id))["error"]["code"] == -32800


async def test_typing_along_under_a_request_keeps_the_rest(wire: Wire) -> None:
    wire.open("slow hello")
    msg_id = wire.complete(0, 10)
    wire.change(2, insertion(0, 10, "hel"))
    (item,) = (await wire.reply(msg_id))["result"]["items"]
    assert item["insertText"] == "lo"
    assert item["range"]["start"] == {"line": 0, "character": 13}


async def test_typing_something_else_under_a_request_drops_it(wire: Wire) -> None:
    wire.open("slow hello")
    msg_id = wire.complete(0, 10)
    wire.change(2, insertion(0, 10, "x"))
    assert (await wire.reply(msg_id))["result"] == {"items": []}


async def test_another_text_under_the_same_version_drops_it(wire: Wire) -> None:
    wire.open("slow hello")
    msg_id = wire.complete(0, 10)
    wire.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
    wire.open("other")
    assert (await wire.reply(msg_id))["result"] == {"items": []}


async def test_closing_under_a_request_drops_it(wire: Wire) -> None:
    wire.open("slow hello")
    msg_id = wire.complete(0, 10)
    wire.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
    assert (await wire.reply(msg_id))["result"] == {"items": []}


async def test_the_selected_entry_of_the_menu(wire: Wire) -> None:
    wire.open("say !pri")
    entry = {"range": {"start": {"line": 0, "character": 5}, "end": {"line": 0, "character": 8}}, "text": "print"}
    (item,) = (await wire.reply(wire.complete(0, 8, selectedCompletionInfo=entry)))["result"]["items"]
    assert item["insertText"] == "print!pri"
    assert item["range"] == entry["range"]


async def test_what_clients_report_of_an_item(wire: Wire) -> None:
    item = {"insertText": "😀b", "command": {"command": "understudy.accept", "arguments": ["item-9"]}}
    wire.notify("textDocument/didShowCompletion", {"item": item})
    await wire.noted("shown", "item-9")
    wire.notify("textDocument/didPartiallyAcceptCompletion", {"item": item, "acceptedLength": 2})
    await wire.noted("accepted", "item-9", 1)
    wire.notify("understudy/didAcceptCompletion", {"item": item})
    await wire.noted("accepted", "item-9", None)
    wire.notify("understudy/didRejectCompletion", {"item": item})
    await wire.noted("rejected", "item-9")
    for odd in (None, {}, {"item": 3}, {"item": {"command": {"arguments": []}}}, [1]):
        wire.notify("textDocument/didShowCompletion", odd)
    assert await wire.ask("workspace/executeCommand", {"command": "understudy.status"})
    assert [note for note in wire.notes if note[0] == "shown"] == [["shown", "item-9"]]


async def test_an_editor_without_inline_completion_gets_one_entry_in_its_menu(serve: Serve) -> None:
    async with serve() as wire:
        await wire.start(capabilities={})
        wire.open("say first line")
        params = {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 14}}
        answer = await wire.ask("textDocument/completion", params)
        assert answer["isIncomplete"] is True
        (item,) = answer["items"]
        assert item["label"] == "first line"
        assert item["filterText"].startswith("line")  # the word before the cursor, or clients would filter it out
        at = {"line": 0, "character": 14}
        assert item["textEdit"] == {"range": {"start": at, "end": at}, "newText": "first line"}
        assert item["insertTextFormat"] == 1
        assert item["command"]["arguments"] == ["item-1"]
        assert "commitCharacters" not in item
        assert "preselect" not in item
        wire.change(2, {"text": "boom ValueError"})
        assert await wire.ask("textDocument/completion", params) == {"isIncomplete": True, "items": []}


async def test_a_print_does_not_reach_the_client(wire: Wire) -> None:
    """Neither ours nor that of a child process: both would break the stream of messages."""
    wire.open("print")
    assert (await wire.reply(wire.complete(0, 5)))["result"] == {"items": []}
    await wire.until(lambda: {"from python\n", "from a child\n"} <= set(wire.log))


async def test_typing_and_asking_at_every_key(wire: Wire) -> None:
    """As VS Code does: a change and a request per key, and no cancellation that we could rely on."""
    wire.open("slow ")
    ids = []
    for at in range(40):
        wire.change(at + 2, insertion(0, 5 + at, "x"))
        ids.append(wire.complete(0, 6 + at))
    replies = await asyncio.gather(*(wire.reply(msg_id) for msg_id in ids))
    assert replies[-1]["result"]["items"][0]["insertText"] == "x" * 40
    assert all(reply["error"]["code"] == -32800 for reply in replies[:-1])


async def test_two_documents_do_not_get_in_each_others_way(wire: Wire) -> None:
    other = "file:///project/b.py"
    wire.open("slow a")
    wire.open("slow b", uri=other)
    ids = [wire.complete(0, 6), wire.complete(0, 6, other)]
    texts = [(await wire.reply(msg_id))["result"]["items"][0]["insertText"] for msg_id in ids]
    assert texts == ["a", "b"]
