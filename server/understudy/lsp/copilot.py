"""What plugins that were written for Copilot's language server say and understand: names, parameters and payloads.

Some of the methods are documented by GitHub, others are older than its documentation and still in use by plugins.
Nothing here pretends to be GitHub: there is no account, and every answer about one says so.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lsprotocol import types

from understudy.lsp import ext
from understudy.lsp.convert import Encoding, index_of_unit

INLINE_EDIT = "textDocument/copilotInlineEdit"
PANEL_COMPLETION = "textDocument/copilotPanelCompletion"
DID_SHOW_EDIT = "textDocument/didShowInlineEdit"
STATUS_METHODS = ("didChangeStatus", "statusNotification")  # the documented one, and the older
PANEL_SOLUTION = "PanelSolution"
PANEL_DONE = "PanelSolutionsDone"

ACCEPT_COMMAND = "github.copilot.didAcceptCompletionItem"
FINISH_COMMAND = "github.copilot.finishDeviceFlow"

USER = "nobody (Understudy needs no account)"
NO_ACCOUNT = "No account is needed, so there is nothing to sign in to or out of."
LAST_UNIT = 2**31 - 1  # LSP 3.18, "Base Types": uinteger
REMEMBERED = 64  # items in whose text a client may still count

# What the two words of Copilot's status are for each of our states.
KINDS: Mapping[ext.State, tuple[bool, str]] = {
    "starting": (True, "Normal"),
    "ready": (False, "Normal"),
    "paused": (False, "Inactive"),
    "off": (False, "Inactive"),
    "problem": (False, "Error"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A cursor in a text. `uri` and `version` are as the client said them; some count other versions than LSP's."""

    uri: str
    version: Any
    position: types.Position


def read_place(params: Any) -> Place | None:
    """The place that is named by `doc`, or by `textDocument` and `position`; None if none is."""
    if not isinstance(params, Mapping):
        return None
    for name in ("doc", "textDocument"):
        document = params.get(name)
        if not isinstance(document, Mapping) or not isinstance(uri := document.get("uri"), str):
            continue
        position = read_position(document.get("position")) or read_position(params.get("position"))
        if position is not None:
            return Place(uri, document.get("version"), position)
    return None


def read_position(value: Any) -> types.Position | None:
    """An LSP position; None if `value` is none."""
    numbers = [value.get(key) for key in ("line", "character")] if isinstance(value, Mapping) else []
    match [number for number in numbers if type(number) is int and 0 <= number <= LAST_UNIT]:
        case [line, character]:
            return types.Position(line, character)
    return None


@dataclass(frozen=True, slots=True)
class Offered:
    """An item as an older client has it: `text` of the completion behind `before`, what its line has already."""

    before: str
    text: str


class Memory:
    """The last items that were offered to an older client, by their ids."""

    def __init__(self) -> None:
        self._offered: OrderedDict[str, Offered] = OrderedDict()

    def keep(self, item_id: str, offered: Offered) -> None:
        """Remember an item, and forget the oldest where there are too many."""
        self._offered[item_id] = offered
        self._offered.move_to_end(item_id)
        while len(self._offered) > REMEMBERED:
            self._offered.popitem(last=False)

    def accepted(self, item_id: str, units: Any, plugin: str) -> int | None:
        """The code points of the completion in the `units` that `plugin` says were accepted; None for all of them."""
        offered = self._offered.get(item_id)
        if offered is None or type(units) is not int:
            return None
        if plugin == "copilot.lua":
            return 0  # it says the whole length also for a word; how much it was shows in the text
        # Others count UTF-16 units from the start of the line, copilot.vim from the cursor.
        before = "" if plugin == "copilot.vim" else offered.before
        length = index_of_unit(before + offered.text, max(0, units), Encoding.UTF16) - len(before)
        return None if length >= len(offered.text) else max(0, length)


def plugin_of(options: Mapping[str, Any]) -> str:
    """The name of the plugin in its initializationOptions."""
    info = options.get("editorPluginInfo")
    return str(info.get("name") or "") if isinstance(info, Mapping) else ""


def model_of(changed: Any) -> str:
    """The model that the user chose in the plugin, in a didChangeConfiguration of it; empty where there is none."""
    value = changed
    for key in ("settings", "github", "copilot", "selectedCompletionModel"):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) else ""


def status_json(status: ext.Status) -> dict[str, Any]:
    """The parameters of both notifications of a status; the older one has the state under `status`."""
    busy, kind = KINDS[status.state]
    message = status.message if status.percent is None else f"{status.message} ({status.percent} %)"
    return {"busy": busy, "kind": kind, "status": "InProgress" if busy else kind, "message": message}
