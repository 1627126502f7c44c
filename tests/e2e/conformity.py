"""What must hold of every conversation, told from its messages alone (`record.py` writes them down).

Each check is one row of `CHECKS` and yields its complaints. None of them shares code with the server or with pygls.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

UNITS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
CANCELLED = -32800
ERROR = 1  # LSP's MessageType
SUGGESTING = frozenset(
    {
        "textDocument/inlineCompletion",
        "textDocument/completion",
        "textDocument/copilotInlineEdit",
        "textDocument/copilotPanelCompletion",
        "getCompletions",
        "getCompletionsCycling",
    }
)


@dataclass(frozen=True, slots=True)
class Conversation:
    """`messages` are the lines of a recording; `said` the client's `initialize` parameters, `can` the server's answer.
    `errors`: codes that the scene asks for; `popups`: whether it makes the server show an error.
    """

    said: dict[str, Any]
    can: dict[str, Any]
    messages: list[dict[str, Any]]
    errors: frozenset[int] = frozenset()
    popups: bool = False

    def of(self, speaker: str) -> Iterator[dict[str, Any]]:
        return (line["message"] for line in self.messages if line["from"] == speaker)

    def asked(self) -> dict[Any, str]:
        """The methods of the client's requests by their ids."""
        return {
            message["id"]: message["method"] for message in self.of("client") if "method" in message and "id" in message
        }

    def replies(self) -> Iterator[dict[str, Any]]:
        return (message for message in self.of("server") if "method" not in message)


def read(file: Path) -> list[dict[str, Any]]:
    """The messages of a recording, without a last line that is still being written."""
    # Not `splitlines`, which would also split at the odd characters that a text may hold.
    *lines, _ = file.read_bytes().split(b"\n")
    return [json.loads(line) for line in lines]


def complaints(conversation: Conversation) -> list[str]:
    """What is wrong with a conversation, each with the name of its check."""
    return [f"{check.__name__}: {complaint}" for check in CHECKS for complaint in check(conversation)]


def answered_once(conversation: Conversation) -> Iterator[str]:
    counts = Counter(json.dumps(reply.get("id")) for reply in conversation.replies())
    for msg_id, method in conversation.asked().items():
        if counts[json.dumps(msg_id)] != 1:
            yield f"{method} ({msg_id}) has {counts.pop(json.dumps(msg_id), 0)} replies"
    for msg_id in counts.keys() - {json.dumps(msg_id) for msg_id in conversation.asked()}:
        yield f"a reply to {msg_id}, which nobody asked"


def _at(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _copilot(said: dict[str, Any]) -> bool:
    return isinstance(_at(said, "initializationOptions", "editorPluginInfo"), dict)


def _knows(said: dict[str, Any], what: str) -> bool:
    """Whether a client says that it knows one of our own methods; `true` alone means the status."""
    places = (
        _at(said, "capabilities", "experimental", "understudy"),
        _at(said, "initializationOptions", "understudyClient"),
    )
    return any(
        place.get(what) is True if isinstance(place, dict) else what == "status" and bool(place) for place in places
    )


# What the server may send, and what the client must have said before.
ALLOWED: dict[str, Callable[[dict[str, Any]], bool]] = {
    "window/showMessage": lambda said: True,
    "window/logMessage": lambda said: True,
    "workspace/configuration": lambda said: _at(said, "capabilities", "workspace", "configuration") is True,
    "window/workDoneProgress/create": lambda said: _at(said, "capabilities", "window", "workDoneProgress") is True,
    "$/progress": lambda said: _at(said, "capabilities", "window", "workDoneProgress") is True,
    "workspace/applyEdit": lambda said: _at(said, "capabilities", "workspace", "applyEdit") is True,
    "window/showDocument": lambda said: _at(said, "capabilities", "window", "showDocument", "support") is True,
    "understudy/status": lambda said: _knows(said, "status"),
    "understudy/show": lambda said: _knows(said, "show"),
    "understudy/input": lambda said: _knows(said, "input"),
    "didChangeStatus": _copilot,
    "statusNotification": _copilot,
    "PanelSolution": _copilot,
    "PanelSolutionsDone": _copilot,
}


def declared(conversation: Conversation) -> Iterator[str]:
    for message in conversation.of("server"):
        method = message.get("method")
        if method is not None and method not in ALLOWED:
            yield f"{method} is not known to any client"
        elif method is not None and not ALLOWED[method](conversation.said):
            yield f"{method}, which the client did not declare"


def progress_was_created(conversation: Conversation) -> Iterator[str]:
    created: set[Any] = set()
    asked: dict[Any, Any] = {}
    for line in conversation.messages:
        message = line["message"]
        if message.get("method") == "window/workDoneProgress/create":
            asked[message["id"]] = message["params"]["token"]
        elif line["from"] == "client" and "result" in message and message.get("id") in asked:
            created.add(asked[message["id"]])
        elif message.get("method") == "$/progress" and message["params"]["token"] not in created:
            yield f"progress {message['params']['token']}, which the client did not agree to"


def quiet(conversation: Conversation) -> Iterator[str]:
    for message in conversation.of("server"):
        if (
            message.get("method") == "window/showMessage"
            and not conversation.popups
            and message["params"]["type"] == ERROR
        ):
            yield f"an error is shown: {message['params']['message']}"


def errors_are_silent(conversation: Conversation) -> Iterator[str]:
    """A suggestion that is not given is no error, but for -32800, which clients swallow."""
    asked = conversation.asked()
    for reply in conversation.replies():
        code = _at(reply, "error", "code")
        method = asked.get(reply.get("id"), "?")
        if code is None or code == CANCELLED or (code in conversation.errors and method not in SUGGESTING):
            continue
        yield f"{method} is answered by {reply['error']}"


def errors_have_no_traceback(conversation: Conversation) -> Iterator[str]:
    for reply in conversation.replies():
        if "error" in reply and set(reply["error"]) != {"code", "message"}:
            yield f"an error with {sorted(reply['error'])}"


def commands_are_known(conversation: Conversation) -> Iterator[str]:
    commands = _at(conversation.can, "capabilities", "executeCommandProvider", "commands") or []
    for reply in conversation.replies():
        for item in _find(reply.get("result"), "command"):
            if isinstance(item, str) and item not in commands:
                yield f"the command {item}, which is not announced"
            if not isinstance(item, dict):
                continue
            if item.get("command") not in commands:
                yield f"the command {item.get('command')}, which is not announced"
            if not all(isinstance(word, str) and word for word in item.get("arguments") or [""]):
                yield f"the arguments {item.get('arguments')}"


def actions_are_as_declared(conversation: Conversation) -> Iterator[str]:
    """An entry of the menu has nothing that the client has not heard of, and one of an edit, a command and a reason."""
    can = _at(conversation.said, "capabilities", "textDocument", "codeAction") or {}
    known = {
        "isPreferred": can.get("isPreferredSupport"),
        "disabled": can.get("disabledSupport"),
        "data": can.get("dataSupport"),
        "tags": 1 in (_at(can, "tagSupport", "valueSet") or ()),
    }
    asked = conversation.asked()
    for reply in conversation.replies():
        if asked.get(reply.get("id")) != "textDocument/codeAction":
            continue
        for action in reply.get("result") or ():
            if isinstance(action.get("command"), str) == ("codeActionLiteralSupport" in can):
                yield f"{action} is not what the client knows of code actions"
            for name, declared in known.items():
                if name in action and not declared:
                    yield f"an action with {name}"
            if sum(name in action for name in ("edit", "command", "disabled")) != 1:
                yield f"{sorted(action)} in an action"


def edits_are_as_declared(conversation: Conversation) -> Iterator[str]:
    """Workspace edits have the form that the client knows (Neovim knows `documentChanges`, and forgets to say so)."""
    can = _at(conversation.said, "capabilities", "workspace", "workspaceEdit") or {}
    operations = can.get("resourceOperations") or []
    versioned = bool(can.get("documentChanges") or operations)
    for message in conversation.of("server"):
        sent = message.get("params") if message.get("method") == "workspace/applyEdit" else message.get("result")
        if message.get("method") == "workspace/applyEdit" and not set(sent) <= {"edit", "label"}:
            yield f"applyEdit with {sorted(sent)}"
        for edit in _find(sent, "edit"):
            if ("changes" in edit) == versioned or ("documentChanges" in edit) != versioned:
                yield f"an edit with {sorted(edit)}"
            if any(True for _ in _find(edit, "annotationId")) != ("changeAnnotations" in edit):
                yield "annotations without what they say, or the other way round"
            if "changeAnnotations" in edit and "changeAnnotationSupport" not in can:
                yield "change annotations, which the client does not know"
            for kind in _find(edit, "kind"):
                if kind not in operations:
                    yield f"a file operation, {kind}, which the client does not know"


def shapes(conversation: Conversation) -> Iterator[str]:
    """Plain strings, pure insertions, and "nothing" as an empty list."""
    asked = conversation.asked()
    for reply in conversation.replies():
        shape = SHAPES.get(asked.get(reply.get("id"), ""))
        if shape is None or "error" in reply:
            continue
        key, texts = shape
        items = _at(reply["result"], key)
        if not isinstance(items, list):
            yield f"{asked[reply['id']]} is answered by {reply['result']}"
            continue
        for item in items:
            text, span = item.get(texts), item.get("range") or _at(item, "textEdit", "range")
            if not isinstance(text, str) or not text or "\r" in text:
                yield f"the text {text!r}"
            if key == "completions" and span["start"]["character"] != 0:
                yield f"{span} does not begin with its line"
            elif key != "completions" and span["start"] != span["end"]:
                yield f"{span} is no insertion"
            elif span["start"]["line"] != span["end"]["line"]:
                yield f"{span} is more than a line"


SHAPES = {
    "textDocument/inlineCompletion": ("items", "insertText"),
    "textDocument/copilotPanelCompletion": ("items", "insertText"),
    "textDocument/completion": ("items", "label"),
    "textDocument/copilotInlineEdit": ("edits", "text"),
    "getCompletions": ("completions", "text"),
    "getCompletionsCycling": ("completions", "text"),
}


def places_exist(conversation: Conversation) -> Iterator[str]:
    """Positions lie in a text that the document had since it was asked about."""
    encoding = _at(conversation.can, "capabilities", "positionEncoding") or "utf-16"
    texts = Texts(encoding)
    asked: dict[Any, tuple[str, int]] = {}
    for line in conversation.messages:
        message = line["message"]
        if line["from"] == "client":
            texts.follow(message)
            uri = _at(message, "params", "textDocument", "uri") or _at(message, "params", "doc", "uri")
            if "id" in message and isinstance(uri, str):
                asked[message["id"]] = (uri, max(0, len(texts.history.get(uri, [])) - 1))
        elif message.get("id") in asked and "result" in message:
            uri, since = asked[message["id"]]
            for position in _positions(message["result"]):
                if not any(_inside(text, position, encoding) for text in texts.history.get(uri, [])[since:]):
                    yield f"{position} is nowhere in {texts.history.get(uri, [])[since:]}"


@dataclass(slots=True)
class Texts:
    """Every text that each document had, as its client tells it."""

    encoding: str
    history: dict[str, list[str]] = field(default_factory=dict)

    def follow(self, message: dict[str, Any]) -> None:
        document = _at(message, "params", "textDocument")
        if message.get("method") == "textDocument/didOpen":
            self.history.setdefault(document["uri"], []).append(document["text"])
        elif message.get("method") == "textDocument/didChange" and document["uri"] in self.history:
            text = self.history[document["uri"]][-1]
            for change in message["params"]["contentChanges"]:
                text = self._changed(text, change)
                self.history[document["uri"]].append(text)

    def _changed(self, text: str, change: dict[str, Any]) -> str:
        if "range" not in change:
            return str(change["text"])
        start, end = (offset(text, change["range"][key], self.encoding) for key in ("start", "end"))
        return text[:start] + change["text"] + text[end:]


def offset(text: str, position: dict[str, int], encoding: str) -> int:
    """The code points before a position."""
    lines = _lines(text)
    before = sum(len(line) + len(end) for line, end in lines[: position["line"]])
    codec, size = UNITS[encoding]
    return before + len(lines[position["line"]][0].encode(codec)[: position["character"] * size].decode(codec))


def _lines(text: str) -> list[tuple[str, str]]:
    """The lines and their ends; the last one has none."""
    parts = re.split("(\r\n|\n|\r)", text)
    return list(zip(parts[::2], [*parts[1::2], ""], strict=True))


def _inside(text: str, position: dict[str, int], encoding: str) -> bool:
    lines = _lines(text)
    if not 0 <= position["line"] < len(lines):
        return False
    codec, size = UNITS[encoding]
    line = lines[position["line"]][0].encode(codec)
    at = position["character"] * size
    if not 0 <= at <= len(line):
        return False
    try:
        line[:at].decode(codec)  # not in the middle of a character
    except UnicodeDecodeError:
        return False
    return True


def _positions(value: Any) -> Iterator[dict[str, int]]:
    if isinstance(value, dict) and value.keys() == {"line", "character"}:
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _positions(part)


def _find(value: Any, key: str) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from ([value[key]] if key in value else [])
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _find(part, key)


CHECKS = (
    answered_once,
    declared,
    progress_was_created,
    quiet,
    errors_are_silent,
    errors_have_no_traceback,
    commands_are_known,
    actions_are_as_declared,
    edits_are_as_declared,
    shapes,
    places_exist,
)
