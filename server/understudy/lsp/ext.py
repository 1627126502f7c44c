"""What Understudy says and hears beyond LSP: method names, command ids and their parameters.

A client says what it knows of this in `experimental.understudy` of its capabilities, or in `understudyClient` of its
initializationOptions: `{"status": true, "show": true, "input": true, "applyEdit": true}`, or just `true` for the status
alone. `status`: it hears `understudy/status`. `show`: it hears `understudy/show` with `{title, text}`, text in Markdown
for the user to read. `input`: it answers the request `understudy/input` with `{prompt, value?}` by a line of text that
the user has typed, null where they gave up. `applyEdit`: it applies edits though its capabilities do not say so, as
Kate does.

The command `understudy.change` takes `{uri, range, instruction?}` and changes that place as the instruction says;
`understudy.cancelFix` ends all that is under way for code actions. `understudy.runAction` carries the id of an entry of
the menu and is the server's own.

The extension mirrors this file. `textDocument/didShowCompletion` and `textDocument/didPartiallyAcceptCompletion` have
the names and parameters that Copilot's language server gave them, since plugins send them already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lsprotocol import types

from understudy.core.tally import Figures
from understudy.lsp.guard import Refused

STATUS = "understudy/status"
DID_SHOW = "textDocument/didShowCompletion"
DID_ACCEPT_PART = "textDocument/didPartiallyAcceptCompletion"
DID_ACCEPT = "understudy/didAcceptCompletion"
DID_REJECT = "understudy/didRejectCompletion"
SHOW = "understudy/show"
INPUT = "understudy/input"

ACCEPT_COMMAND = "understudy.accept"
STATUS_COMMAND = "understudy.status"
SNOOZE_COMMAND = "understudy.snooze"
RESUME_COMMAND = "understudy.resume"
TOGGLE_LANGUAGE_COMMAND = "understudy.toggleLanguage"
STATISTICS_COMMAND = "understudy.statistics"
MODELS_COMMAND = "understudy.models"
SELECT_MODEL_COMMAND = "understudy.selectModel"
START_ENGINE_COMMAND = "understudy.startEngine"
STOP_ENGINE_COMMAND = "understudy.stopEngine"
RUN_ACTION_COMMAND = "understudy.runAction"
CHANGE_COMMAND = "understudy.change"
CANCEL_FIX_COMMAND = "understudy.cancelFix"

State = Literal["starting", "ready", "paused", "problem", "off"]


@dataclass(frozen=True, slots=True)
class Status:
    """How things stand: the parameters of `understudy/status`, for clients that ask for it.

    `percent`: how far a start is, if known. `model`: what answers, once that is known. `paused_seconds`: what is left
    of a snooze. `files`: a sentence on how far the workspace's files are read, where there is something to say.
    """

    state: State
    message: str = ""
    percent: int | None = None
    model: str = ""
    paused_seconds: int | None = None
    files: str = ""


def status_json(status: Status, figures: Figures) -> dict[str, Any]:
    """The status on the wire, with how completions went so far."""
    return {
        "state": status.state,
        "message": status.message,
        "percent": status.percent,
        "model": status.model,
        "pausedSeconds": status.paused_seconds,
        "files": status.files,
        "latencyMs": figures.latency_ms,
        "suggestions": figures.suggestions,
        "accepted": figures.accepted,
    }


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


def text_argument(arguments: list[Any], what: str) -> str:
    """The first argument of a command, a text. Raises `Refused`, which says `what` it should be."""
    if not arguments or not isinstance(arguments[0], str) or not arguments[0].strip():
        raise Refused(types.ErrorCodes.InvalidParams, f"The argument is {what}.")
    return arguments[0].strip()
