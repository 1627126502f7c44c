"""Who is answered what, in one process: nothing is kept of what is over, and nothing of ours reaches the client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable
from typing import Any

import pytest
from lsprotocol import types
from lsprotocol.converters import get_converter
from pygls.exceptions import JsonRpcException
from pygls.server import JsonRPCServer

from understudy.lsp.guard import Refused
from understudy.lsp.protocol import Phase, Protocol
from understudy.lsp.table import Notification, Request, table


class Paper:
    """Takes down what is sent."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def write(self, data: bytes) -> None:
        self.sent.append(json.loads(data.partition(b"\r\n\r\n")[2]))

    def close(self) -> None:
        pass


async def _slow(reluctant: asyncio.Event) -> str:
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        await reluctant.wait()
        raise
    return "never"


def _refuse(_session: Any, _params: Any) -> None:
    raise Refused(-32803, "Not today.")


def _fail(_session: Any, params: Any) -> Awaitable[None]:
    async def fail() -> None:
        raise RuntimeError(f"the secret is {params}")

    return fail()


async def _coroutine() -> str:
    return "later"


ROWS = table(
    Request("initialize", lambda session, params: {"capabilities": {}}, raw=True),
    Request("shutdown", lambda session, params: None, raw=True),
    Request("now", lambda session, params: params),
    Request("later", lambda session, params: _coroutine()),
    Request("slow", lambda session, params: _slow(session), alone=lambda params: params),
    Request("refuse", _refuse),
    Request("fail", _fail, nothing=list),
    Request("unserialisable", lambda session, params: {1, 2}),
    Notification("heard", lambda session, params: session.set()),
    Notification("textDocument/didOpen", lambda session, params: None),
)


@pytest.fixture(name="talk")
async def fixture_talk() -> Protocol:
    protocol = JsonRPCServer(Protocol, get_converter).protocol
    assert isinstance(protocol, Protocol)
    protocol.set_writer(Paper())
    protocol.serve(ROWS, asyncio.Event())
    return protocol


def sent(protocol: Protocol) -> list[dict[str, Any]]:
    paper = protocol.writer
    assert isinstance(paper, Paper)
    return paper.sent


async def begun(protocol: Protocol) -> None:
    request(protocol, 0, "initialize", {})
    sent(protocol).clear()


def request(protocol: Protocol, msg_id: Any, method: str, params: Any = None) -> None:
    protocol.handle_message({"jsonrpc": "2.0", "id": msg_id, "method": method, "params": params})


def notify(protocol: Protocol, method: str, params: Any = None) -> None:
    protocol.handle_message({"jsonrpc": "2.0", "method": method, "params": params})


async def test_answers_at_once_and_later(talk: Protocol) -> None:
    await begun(talk)
    request(talk, 1, "now", {"class": 1})
    request(talk, 2, "later")
    await asyncio.sleep(0.01)
    assert sent(talk) == [
        {"jsonrpc": "2.0", "id": 1, "result": {"class": 1}},
        {"jsonrpc": "2.0", "id": 2, "result": "later"},
    ]


async def test_a_cancelled_request_is_answered_before_its_task_lets_go(talk: Protocol) -> None:
    await begun(talk)
    request(talk, 1, "slow")
    await asyncio.sleep(0)
    notify(talk, "$/cancelRequest", {"id": 1})
    assert [message["error"]["code"] for message in sent(talk)] == [-32800]
    talk._session.set()
    await talk.cancel_all()
    assert len(sent(talk)) == 1
    assert not talk._leaving


async def test_a_newer_request_cancels_the_older_of_the_same_key_only(talk: Protocol) -> None:
    await begun(talk)
    talk._session.set()
    for msg_id, key in ((1, "a"), (2, "b"), (3, "a")):
        request(talk, msg_id, "slow", key)
    assert [(message["id"], message["error"]["code"]) for message in sent(talk)] == [(1, -32800)]
    await talk.cancel_all()
    assert sorted(message["id"] for message in sent(talk)) == [1, 2, 3]


async def test_a_refusal_and_a_failure(talk: Protocol, caplog: pytest.LogCaptureFixture) -> None:
    await begun(talk)
    request(talk, 1, "refuse")
    request(talk, 2, "fail", "hush")
    request(talk, 3, "unserialisable")
    await asyncio.sleep(0.01)
    assert sent(talk)[0]["error"] == {"code": -32803, "message": "Not today."}
    assert sent(talk)[1]["error"]["code"] == -32603
    assert sent(talk)[2] == {"jsonrpc": "2.0", "id": 2, "result": []}
    assert "hush" not in json.dumps(sent(talk))
    assert caplog.text.count("fail failed") == 1


async def test_nothing_is_kept_of_what_is_over(talk: Protocol) -> None:
    """pygls 2.1.1 keeps the future of every didChange: 501 of them after 500."""
    await begun(talk)
    item = {"uri": "file:///a", "languageId": "python", "version": 1, "text": ""}
    for msg_id in range(1, 200):
        notify(talk, "textDocument/didOpen", {"textDocument": item})
        notify(talk, "later")
        request(talk, msg_id, "later")
    await asyncio.sleep(0.05)
    assert len(sent(talk)) == 199
    assert not talk._request_futures
    assert not talk._calls
    assert not talk._leaving


async def test_a_late_answer_to_a_question_that_nobody_asks_any_more(talk: Protocol) -> None:
    await begun(talk)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await talk.send_request_async("window/workDoneProgress/create", types.WorkDoneProgressCreateParams("t"))
    asked = sent(talk)[0]
    talk.handle_message({"jsonrpc": "2.0", "id": asked["id"], "result": None})
    assert not talk._request_futures
    assert not talk._result_types
    assert len(sent(talk)) == 1


async def test_our_questions_get_their_answers(talk: Protocol) -> None:
    await begun(talk)
    good = talk.send_request_async("workspace/configuration", types.ConfigurationParams([]))
    bad = talk.send_request_async("workspace/configuration", types.ConfigurationParams([]))
    talk.handle_message({"jsonrpc": "2.0", "id": sent(talk)[0]["id"], "result": [{"class": 1}]})
    talk.handle_message({"jsonrpc": "2.0", "id": sent(talk)[1]["id"], "error": {"code": -32601, "message": "no"}})
    assert await good == [{"class": 1}]
    with pytest.raises(JsonRpcException):
        await bad


async def test_the_lifecycle(talk: Protocol) -> None:
    notify(talk, "heard")
    assert not talk._session.is_set()
    request(talk, 1, "now")
    assert sent(talk).pop()["error"]["code"] == -32002
    await begun(talk)
    assert talk.phase is Phase.RUNNING
    notify(talk, "heard")
    assert talk._session.is_set()
    request(talk, 2, "initialize")
    assert sent(talk).pop()["error"]["code"] == -32600
    request(talk, 3, "shutdown")
    assert sent(talk).pop() == {"jsonrpc": "2.0", "id": 3, "result": None}
    request(talk, 4, "now")
    assert sent(talk).pop()["error"]["code"] == -32600


async def test_a_request_as_a_notification_and_the_other_way_round(talk: Protocol) -> None:
    await begun(talk)
    for method in ("now", "later", "fail", "refuse"):
        notify(talk, method)
    await asyncio.sleep(0.01)
    assert sent(talk) == []
    request(talk, 1, "heard")
    assert sent(talk) == [{"jsonrpc": "2.0", "id": 1, "result": None}]


async def test_two_rows_for_one_method_are_a_mistake() -> None:
    with pytest.raises(AssertionError):
        table(Request("a", lambda session, params: None), Notification("a", lambda session, params: None))
