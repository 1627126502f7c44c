"""What Understudy says and hears beyond LSP: method names, command ids and their parameters.

The extension mirrors this file. `textDocument/didShowCompletion` and `textDocument/didPartiallyAcceptCompletion` have
the names and parameters that Copilot's language server gave them, since plugins send them already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

STATUS = "understudy/status"
DID_SHOW = "textDocument/didShowCompletion"
DID_ACCEPT_PART = "textDocument/didPartiallyAcceptCompletion"
DID_REJECT = "understudy/didRejectCompletion"

ACCEPT_COMMAND = "understudy.accept"
STATUS_COMMAND = "understudy.status"

State = Literal["starting", "ready", "problem", "off"]


@dataclass(frozen=True, slots=True)
class Status:
    """The parameters of `understudy/status`, for clients that ask for it. `percent`: how far a start is, if known."""

    state: State
    message: str = ""
    percent: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The value on the wire."""
        return {"state": self.state, "message": self.message, "percent": self.percent}


@dataclass(frozen=True, slots=True)
class Report:
    """What a client says of an item: its id, the text it was given, and how much of that was accepted, in UTF-16 units
    from the start of the text."""

    item_id: str
    text: str = ""
    accepted: int | None = None


def read_report(params: Any) -> Report | None:
    """The report in `{item: {insertText, command: {arguments: [id]}}, acceptedLength}`; None if it names no item."""
    item = params.get("item") if isinstance(params, Mapping) else None
    command = item.get("command") if isinstance(item, Mapping) else None
    arguments = command.get("arguments") if isinstance(command, Mapping) else None
    if not isinstance(item, Mapping) or not isinstance(arguments, list) or not arguments:
        return None
    text, length = item.get("insertText"), params.get("acceptedLength")
    return Report(str(arguments[0]), text if isinstance(text, str) else "", length if isinstance(length, int) else None)
