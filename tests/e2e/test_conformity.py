"""Each check of the conformance suite is seen to complain: a good conversation is spoilt in one place at a time."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from conformity import CHECKS, Conversation, complaints

URI = "file:///project/a.py"
AT = {"line": 1, "character": 4}
SPAN = {"start": AT, "end": AT}
COMMAND = {"title": "Accept", "command": "understudy.accept", "arguments": ["item-1"]}
ITEM = {"insertText": "hello", "range": SPAN, "command": COMMAND}
OPENED = {"uri": URI, "languageId": "python", "version": 1, "text": "\n😀 x"}
EDITS = {"textDocument": {"uri": URI, "version": 1}, "edits": [{"range": SPAN, "newText": "x"}]}
ACTION = {"title": "Fix", "kind": "quickfix", "isPreferred": True, "edit": {"documentChanges": [EDITS]}}
SAID = {
    "capabilities": {
        "textDocument": {"codeAction": {"codeActionLiteralSupport": {}, "isPreferredSupport": True}},
        "workspace": {"configuration": True, "applyEdit": True, "workspaceEdit": {"documentChanges": True}},
        "window": {"workDoneProgress": True},
    }
}
CAN = {"capabilities": {"executeCommandProvider": {"commands": ["understudy.accept"]}}}

Message = dict[str, Any]


def client(**message: Any) -> Message:
    return {"from": "client", "message": message}


def server(**message: Any) -> Message:
    return {"from": "server", "message": message}


GOOD = [
    client(method="textDocument/didOpen", params={"textDocument": OPENED}),
    server(id="s1", method="window/workDoneProgress/create", params={"token": "t"}),
    client(id="s1", result=None),
    server(method="$/progress", params={"token": "t", "value": {"kind": "begin", "title": "Understudy"}}),
    client(id=1, method="textDocument/inlineCompletion", params={"textDocument": {"uri": URI}, "position": AT}),
    server(id=1, result={"items": [ITEM]}),
    client(id=2, method="textDocument/inlineCompletion", params={"textDocument": {"uri": URI}, "position": AT}),
    server(id=2, error={"code": -32800, "message": "The request was cancelled."}),
    client(id=3, method="getCompletions", params={"doc": {"uri": URI, "position": AT}}),
    server(
        id=3, result={"completions": [{"text": "😀 xy", "range": {"start": {"line": 1, "character": 0}, "end": AT}}]}
    ),
    server(method="window/showMessage", params={"type": 3, "message": "hello"}),
    client(id=4, method="textDocument/codeAction", params={"textDocument": {"uri": URI}, "range": SPAN}),
    server(id=4, result=[ACTION]),
    server(id="s2", method="workspace/applyEdit", params={"label": "Fix", "edit": ACTION["edit"]}),
]


def spoilt(at: int, *path: Any, to: Any) -> Callable[[], list[Message]]:
    """The good conversation with one value of its message number `at` changed."""

    def spoil() -> list[Message]:
        messages = copy.deepcopy(GOOD)
        value: Any = messages[at]["message"]
        for key in path[:-1]:
            value = value[key]
        value[path[-1]] = to
        return messages

    return spoil


SPAN_OUTSIDE = {"start": {"line": 2, "character": 0}, "end": {"line": 2, "character": 0}}
SPAN_IN_A_CHARACTER = {"start": {"line": 1, "character": 1}, "end": {"line": 1, "character": 1}}
SPAN_BEHIND = {"start": {"line": 1, "character": 5}, "end": {"line": 1, "character": 5}}
REPLACEMENT = {"start": {"line": 1, "character": 2}, "end": AT}

SPOILT: dict[str, tuple[str, Callable[[], list[Message]]]] = {
    "a reply is missing": ("answered_once", lambda: GOOD[:5] + GOOD[6:]),
    "a reply comes twice": ("answered_once", lambda: [*GOOD, GOOD[5]]),
    "a reply that nobody asked": ("answered_once", lambda: [*GOOD, server(id=9, result=None)]),
    "a method that no client knows": ("declared", spoilt(10, "method", to="understudy/surprise")),
    "a method that was not declared": ("declared", spoilt(10, "method", to="didChangeStatus")),
    "registered later": ("declared", lambda: [*GOOD, server(id="s2", method="client/registerCapability", params={})]),
    "progress without leave": ("progress_was_created", lambda: GOOD[:1] + GOOD[3:]),
    "progress after a refusal": (
        "progress_was_created",
        lambda: [*GOOD[:2], client(id="s1", error={"code": 1, "message": "no"}), *GOOD[3:]],
    ),
    "an error pops up": ("quiet", spoilt(10, "params", "type", to=1)),
    "no suggestion is an error": ("errors_are_silent", spoilt(7, "error", "code", to=-32603)),
    "a traceback": ("errors_have_no_traceback", spoilt(7, "error", "data", to="Traceback")),
    "a command that is not announced": (
        "commands_are_known",
        spoilt(5, "result", "items", 0, "command", "command", to="x"),
    ),
    "a command without an id": ("commands_are_known", spoilt(5, "result", "items", 0, "command", "arguments", to=[""])),
    "a tag that the client does not know": ("actions_are_as_declared", spoilt(12, "result", 0, "tags", to=[1])),
    "an action that does nothing": ("actions_are_as_declared", spoilt(12, "result", 0, to={"title": "Fix"})),
    "an action that does two things": ("actions_are_as_declared", spoilt(12, "result", 0, "command", to=COMMAND)),
    "a plain command": ("actions_are_as_declared", spoilt(12, "result", 0, to=COMMAND)),
    "edits in the older form": ("edits_are_as_declared", spoilt(13, "params", "edit", to={"changes": {URI: []}})),
    "metadata": ("edits_are_as_declared", spoilt(13, "params", "metadata", to={"isRefactoring": True})),
    "annotations": ("edits_are_as_declared", spoilt(13, "params", "edit", "changeAnnotations", to={"a": {}})),
    "an annotation that is not there": (
        "edits_are_as_declared",
        spoilt(13, "params", "edit", "documentChanges", 0, "edits", 0, "annotationId", to="a"),
    ),
    "a file that is made": (
        "edits_are_as_declared",
        spoilt(13, "params", "edit", "documentChanges", to=[{"kind": "create", "uri": URI}]),
    ),
    "null for nothing": ("shapes", spoilt(5, "result", to=None)),
    "a snippet": ("shapes", spoilt(5, "result", "items", 0, "insertText", to={"value": "$1"})),
    "a carriage return": ("shapes", spoilt(5, "result", "items", 0, "insertText", to="a\r\nb")),
    "a replacement": ("shapes", spoilt(5, "result", "items", 0, "range", to=REPLACEMENT)),
    "a completion that does not begin its line": ("shapes", spoilt(9, "result", "completions", 0, "range", to=SPAN)),
    "a line that is not there": ("places_exist", spoilt(5, "result", "items", 0, "range", to=SPAN_OUTSIDE)),
    "a column that is not there": ("places_exist", spoilt(5, "result", "items", 0, "range", to=SPAN_BEHIND)),
    "half a character": ("places_exist", spoilt(5, "result", "items", 0, "range", to=SPAN_IN_A_CHARACTER)),
}


def test_a_good_conversation() -> None:
    assert complaints(Conversation(SAID, CAN, GOOD)) == []


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_one(name: str) -> None:
    check, spoil = SPOILT[name]
    found = complaints(Conversation(SAID, CAN, spoil()))
    assert {complaint.partition(":")[0] for complaint in found} == {check}


def test_every_check_is_seen_to_complain() -> None:
    assert {check for check, _ in SPOILT.values()} == {check.__name__ for check in CHECKS}


def test_a_place_in_a_text_that_came_later() -> None:
    """A request is answered for the text that there is by then."""
    typed = client(
        method="textDocument/didChange",
        params={"textDocument": {"uri": URI}, "contentChanges": [{"range": SPAN, "text": "yz"}]},
    )
    late = server(
        id=1,
        result={
            "items": [{**ITEM, "range": {"start": {"line": 1, "character": 6}, "end": {"line": 1, "character": 6}}}]
        },
    )
    assert complaints(Conversation(SAID, CAN, [*GOOD[:5], typed, late, *GOOD[6:]])) == []
