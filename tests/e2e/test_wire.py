"""What a client must never see of us on the wire, whatever it sends (defects of pygls 2.1.1 among others)."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from wire_client import URI, Serve, Wire, inline, insertion

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def alive(wire: Wire) -> None:
    """The next request is answered."""
    assert (await wire.ask("workspace/executeCommand", {"command": "understudy.status"}))["state"]


async def refused(wire: Wire, code: int, method: str, params: Any = None) -> None:
    reply = await wire.reply(wire.request(method, params))
    assert reply["error"]["code"] == code
    assert set(reply["error"]) == {"code", "message"}  # no traceback, no data
    await alive(wire)


async def test_requests_before_initialize(serve: Serve) -> None:
    async with serve() as wire:
        for method in ("textDocument/inlineCompletion", "shutdown", "understudy/unknown"):
            reply = await wire.reply(wire.request(method, inline(0, 0)))
            assert reply["error"]["code"] == -32002
        wire.open("dropped")
        await wire.start()
        await alive(wire)
        await refused(wire, -32600, "initialize", {})
        assert (await wire.reply(wire.complete(0, 7)))["result"] == {"items": []}


async def test_an_unknown_method(wire: Wire) -> None:
    await refused(wire, -32601, "textDocument/hover", {})
    await refused(wire, -32601, "$/unknown")
    wire.notify("understudy/unknown", {"_": 1, "class": 2})
    wire.send({"jsonrpc": "2.0", "method": "$/unknown"})
    await alive(wire)


@pytest.mark.parametrize("params", [None, {}, [], {"position": 1}, inline(0, -1), inline(0, 0) | {"context": 1}])
async def test_parameters_of_the_wrong_shape(wire: Wire, params: Any) -> None:
    await refused(wire, -32602, "textDocument/inlineCompletion", params)


async def test_a_request_without_parameters(wire: Wire) -> None:
    wire.send({"jsonrpc": "2.0", "id": "bare", "method": "textDocument/inlineCompletion"})
    assert (await wire.reply("bare"))["error"]["code"] == -32602
    wire.send({"jsonrpc": "2.0", "id": "custom", "method": "understudy/custom"})
    assert (await wire.reply("custom"))["error"]["code"] == -32601


@pytest.mark.parametrize("kind", ["ValueError", "MemoryError", "RecursionError", "KeyError", "AssertionError"])
async def test_whatever_a_completer_raises_costs_one_answer(wire: Wire, kind: str) -> None:
    wire.open(f"boom {kind}\nsay hello")
    assert (await wire.reply(wire.complete(0, 5 + len(kind))))["result"] == {"items": []}
    assert (await wire.reply(wire.complete(1, 9)))["result"]["items"]
    assert not wire.heard
    assert len([line for line in wire.log if "textDocument/inlineCompletion failed" in line]) == 1


async def test_a_command_sent_as_a_notification(wire: Wire) -> None:
    wire.notify("workspace/executeCommand", {"command": "understudy.accept", "arguments": ["item-1"]})
    await wire.noted("accepted", "item-1", None)
    wire.notify("workspace/executeCommand", {"command": "nonsense"})
    wire.notify("workspace/executeCommand")
    await alive(wire)
    assert not wire.heard


async def test_an_unknown_command(wire: Wire) -> None:
    await refused(wire, -32602, "workspace/executeCommand", {"command": "rm"})
    assert await wire.ask("workspace/executeCommand", {"command": "understudy.accept"}) is None


async def test_answers_to_nothing_that_was_asked(wire: Wire) -> None:
    for msg_id in (1, "x", None, [1], {}):
        wire.send({"jsonrpc": "2.0", "id": msg_id, "result": None})
        wire.send({"jsonrpc": "2.0", "id": msg_id, "error": "odd"})
    await alive(wire)


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 100_000, b"null", b"[]", b"3", b"{}", b'{"id": 1}'])
async def test_a_message_that_is_none(wire: Wire, body: bytes) -> None:
    wire.send(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    reply = await wire.reply(None)
    assert reply["error"]["code"] in (-32700, -32600)
    await alive(wire)


async def test_headers_as_other_clients_write_them(wire: Wire) -> None:
    body = json.dumps(
        {"jsonrpc": "2.0", "id": "h", "method": "workspace/executeCommand", "params": {"command": "understudy.status"}}
    )
    head = f"content-length:{len(body)}\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n"
    for byte in (head + body).encode():
        wire.send(bytes([byte]))
    assert (await wire.reply("h"))["result"]["state"]
    wire.send(b"Nonsense\r\n\r\n")
    await alive(wire)


async def test_an_id_that_is_in_use(wire: Wire) -> None:
    wire.open("never")
    wire.request("textDocument/inlineCompletion", inline(0, 5), msg_id="same")
    wire.request("textDocument/inlineCompletion", inline(0, 5), msg_id="same")
    assert (await wire.reply(None))["error"]["code"] == -32600
    assert "same" not in wire.replies


async def test_parameters_with_names_that_python_cannot_spell(wire: Wire) -> None:
    item = {"class": 1, "_": 2, "command": {"arguments": ["item-2"], "import": True}}
    wire.notify("textDocument/didShowCompletion", {"item": item, "def": 1})
    await wire.noted("shown", "item-2")


async def test_half_a_character(wire: Wire) -> None:
    wire.open("say \ud83d")
    assert (await wire.reply(wire.complete(0, 5)))["result"]["items"][0]["insertText"] == "\ufffd"
    wire.change(2, insertion(0, 5, "\ude00"))
    assert (await wire.reply(wire.complete(0, 6)))["result"]["items"][0]["insertText"] == "😀"


@pytest.mark.timeout(180)
@pytest.mark.parametrize("seed", range(3))
async def test_any_order_of_messages_leaves_no_request_unanswered(serve: Serve, seed: int) -> None:
    async with serve() as wire:
        await wire.start()
        await play(wire, seed)
        assert await wire.leave() == 0


async def play(wire: Wire, seed: int) -> None:
    random_ = random.Random(seed)
    ids: list[Any] = []
    version = 1
    for _ in range(600):
        version += random_.choice((1, 1, 1, 0, -1))
        kind = random_.choice(KINDS)
        ids += kind(wire, random_, version, ids)
    for msg_id in ids:
        assert await wire.reply(msg_id, 30)
    await alive(wire)
    twice = [msg_id for msg_id in ids if len(wire.replies[msg_id]) != 1]
    assert not twice
    codes = {reply["error"]["code"] for msg_id in ids for reply in wire.replies[msg_id] if "error" in reply}
    assert codes <= {-32800, -32601, -32602, -32600}
    assert not wire.messages("window/showMessage")


LINES = ("say hello", "slow 😀", "never", "boom ValueError", "down", "\f\v\u2028", "")
URIS = (URI, "file:///project/b.py", "untitled:1", "file:///project/c%20d.py")


def _open(wire: Wire, random_: random.Random, version: int, _: list[Any]) -> list[Any]:
    wire.open("\r\n".join(random_.choices(LINES, k=4)), version, random_.choice(URIS))
    return []


def _change(wire: Wire, random_: random.Random, version: int, _: list[Any]) -> list[Any]:
    changes = [insertion(random_.randint(0, 5), random_.randint(0, 9), random_.choice(LINES)) for _ in range(2)]
    wire.change(version, *changes, uri=random_.choice(URIS))
    return []


def _close(wire: Wire, random_: random.Random, _version: int, _: list[Any]) -> list[Any]:
    wire.notify("textDocument/didClose", {"textDocument": {"uri": random_.choice(URIS)}})
    return []


def _complete(wire: Wire, random_: random.Random, _version: int, _: list[Any]) -> list[Any]:
    return [wire.complete(random_.randint(0, 5), random_.randint(0, 20), random_.choice(URIS))]


def _menu(wire: Wire, random_: random.Random, _version: int, _: list[Any]) -> list[Any]:
    at = {"line": random_.randint(0, 5), "character": random_.randint(0, 20)}
    return [wire.request("textDocument/completion", {"textDocument": {"uri": random_.choice(URIS)}, "position": at})]


def _cancel(wire: Wire, random_: random.Random, _version: int, ids: list[Any]) -> list[Any]:
    if ids:
        wire.notify("$/cancelRequest", {"id": random_.choice(ids[-8:])})
    return []


def _odd(wire: Wire, random_: random.Random, _version: int, _: list[Any]) -> list[Any]:
    methods = ("textDocument/hover", "textDocument/didOpen", "$/x", "workspace/executeCommand", "initialize", "exit?")
    return [wire.request(random_.choice(methods), random_.choice(({}, None, [], {"command": "understudy.accept"})))]


def _notice(wire: Wire, random_: random.Random, _version: int, _: list[Any]) -> list[Any]:
    methods = ("textDocument/didSave", "initialized", "workspace/didChangeConfiguration", "understudy/x", "$/setTrace")
    wire.notify(random_.choice(methods), random_.choice(({}, None, {"settings": {"completion": {"maxTokens": 9}}})))
    return []


KINDS = (_open, _change, _change, _close, _complete, _complete, _complete, _menu, _cancel, _cancel, _odd, _notice)
