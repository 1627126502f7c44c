"""What tests of code actions on the wire share: an open text, problems in it, the menu, and what the server sends.

The fixer is `fake_fixer`: what it does with a problem stands in the problem's message.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from wire_client import URI, Serve, Wire

CLIENTS = {file.stem: json.loads(file.read_text()) for file in Path(__file__).with_name("clients").glob("*.json")}
VSCODE = CLIENTS["vscode"]
RECORDED = ["emacs", "helix", "neovim", "vscode"]
TEXT = "alpha = 1\nbeta = 2\ngamma = 3\n"
LITERALS: dict[str, Any] = {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}}


def at(line: int, start: int, end: int) -> dict[str, Any]:
    return {"start": {"line": line, "character": start}, "end": {"line": line, "character": end}}


def problem(message: str, line: int = 1, start: int = 0, end: int = 4, **more: Any) -> dict[str, Any]:
    """A diagnostic on `beta`, unless said otherwise."""
    return {"range": at(line, start, end), "message": message, "source": "tool", "code": 7, **more}


def asked(*problems: Any, uri: str = URI, **context: Any) -> dict[str, Any]:
    return {"textDocument": {"uri": uri}, "range": at(1, 0, 0), "context": {"diagnostics": list(problems), **context}}


async def menu(wire: Wire, *problems: Any, **context: Any) -> list[Any]:
    found = await wire.ask("textDocument/codeAction", asked(*problems, **context))
    assert isinstance(found, list)
    return found


async def choose(wire: Wire, action: dict[str, Any]) -> None:
    """Run an entry's command, as an editor does."""
    command = action if isinstance(action["command"], str) else action["command"]
    sent = {"command": command["command"], "arguments": command["arguments"]}
    assert await wire.ask("workspace/executeCommand", sent) is None


async def edit_of(wire: Wire) -> Any:
    """The parameters of the first `workspace/applyEdit`."""
    await wire.until(lambda: wire.messages("workspace/applyEdit"))
    return wire.messages("workspace/applyEdit")[0]


async def said(wire: Wire, *words: str) -> str:
    """A message to the user that holds these words."""

    def find() -> list[str]:
        return [
            it["message"] for it in wire.messages("window/showMessage") if all(word in it["message"] for word in words)
        ]

    await wire.until(lambda: find())
    return find()[0]


def one_edit(edit: dict[str, Any]) -> dict[str, Any]:
    """The one text edit in a workspace edit of whichever form."""
    if "changes" in edit:
        ((change,),) = edit["changes"].values()
    else:
        (document,) = edit["documentChanges"]
        (change,) = document["edits"]
    assert isinstance(change, dict)
    return change


def applied(text: str, change: dict[str, Any]) -> str:
    """`text`, all ASCII, after one edit within a line."""
    lines = text.split("\n")
    start, end = change["range"]["start"], change["range"]["end"]
    assert start["line"] == end["line"]
    line = lines[start["line"]]
    lines[start["line"]] = line[: start["character"]] + change["newText"] + line[end["character"] :]
    return "\n".join(lines)


@asynccontextmanager
async def begun(serve: Serve, params: dict[str, Any], **answers: Any) -> AsyncIterator[Wire]:
    """A conversation in which `TEXT` is open; when it has ended, every request has had one reply."""
    async with serve() as wire:
        wire.answers["workspace/configuration"] = [None]
        wire.answers["workspace/applyEdit"] = {"applied": True}
        wire.answers["window/showDocument"] = {"success": True}
        wire.answers |= answers
        await wire.start(**params)
        wire.open(TEXT)
        yield wire
        assert await wire.leave() == 0
        assert all(len(replies) == 1 for replies in wire.replies.values())


def client(**capabilities: Any) -> dict[str, Any]:
    return {"capabilities": {"textDocument": {"inlineCompletion": {}}} | capabilities}


def token_of(wire: Wire) -> Any:
    """The token of the action's progress: the engine may have had one before."""
    begins = [it for it in wire.messages("$/progress") if it["value"]["kind"] == "begin"]
    return begins[-1]["token"]
