"""The commands that are about code actions. Each is answered at once; its work is seen as progress and edits."""

from __future__ import annotations

from typing import Any

from lsprotocol import types

from understudy.features.codeaction.outcome import Job, Proposal
from understudy.lsp import fixing
from understudy.lsp.diagnostics import read_range
from understudy.lsp.guard import Refused
from understudy.lsp.session import Session

CHANGE = "change"  # its row in `features.codeaction.actions.ACTIONS`
FORGOTTEN = "This entry of the menu is out of date. Open the menu again."
ARGUMENT = "The argument is an object with `uri`, `range` and `instruction`."
NO_EDITS = (
    "This editor does not say that it takes edits from a server, so nothing can be changed. If it does take them, set "
    "`understudyClient.applyEdit` to true in its initialization options."
)
NOT_OPEN = "The file is not open in the editor. Open it first."


def run_action(session: Session, arguments: list[Any]) -> None:
    """Carry out an entry of the menu; its id is the argument."""
    entry = session.listings.get(arguments[0] if arguments else None)
    if entry is None:
        session.say(FORGOTTEN, types.MessageType.Warning)
        return
    if entry.taken or (entry.handed is not None and _moved(session, entry.handed)):
        return  # the client has applied the edit, and runs the command that it had of the same entry as well
    fixing.start(session, fixing.Order(entry.offer.job, entry.offer.title, asks=entry.offer.asks))


def _moved(session: Session, handed: Proposal) -> bool:
    """Whether the text is another one than that for which the edit was handed over."""
    document = handed.files[0].document
    buffer = session.buffers.get(document.uri)
    return buffer is None or buffer.document().text != document.text


def change(session: Session, arguments: list[Any]) -> None:
    """Change a place as the user says, for a key or a menu of theirs."""
    said = arguments[0] if arguments else None
    place = read_range(said.get("range")) if isinstance(said, dict) else None
    if not isinstance(said, dict) or place is None or not isinstance(said.get("uri"), str):
        raise Refused(types.ErrorCodes.InvalidParams, ARGUMENT)
    instruction = said.get("instruction")
    instruction = instruction.strip() if isinstance(instruction, str) else ""
    if not instruction and not session.client.asks:
        raise Refused(types.ErrorCodes.InvalidParams, ARGUMENT)
    if not session.client.edits.applied:
        session.say(NO_EDITS, types.MessageType.Warning)
        return
    buffer = session.buffers.get(said["uri"])
    if buffer is None:
        session.say(NOT_OPEN, types.MessageType.Warning)
        return
    job = Job(CHANGE, buffer.document(), buffer.span(place))
    fixing.start(session, fixing.Order(job, "Change as you say", asks=True, instruction=instruction))


def cancel_fix(session: Session, _arguments: list[Any]) -> None:
    """End all that is under way: few editors have a way to cancel progress."""
    fixing.cancel_all(session)
