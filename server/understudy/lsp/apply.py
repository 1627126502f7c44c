"""`workspace/applyEdit`, and whether it came to anything, which only the texts can tell.

Neovim, Eglot and LSP4IJ answer `applied: true` whatever they did, VS Code may have applied a part, and an answer may
come before the changes that it speaks of, or never. So the answer is a hint of when to look, and the buffers decide.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from enum import Enum

from lsprotocol import types

from understudy.core.paths import uri_to_path
from understudy.core.statistics import APPLIED
from understudy.core.text import Document
from understudy.features.codeaction.outcome import FileEdit, Proposal
from understudy.lsp.arrival import Arrival, arrival
from understudy.lsp.session import Session
from understudy.lsp.workspace_edit import workspace_edit

ATTEMPTS = 3


class Applied(Enum):
    """What became of an edit; the value is what statistics call it."""

    WHOLE = APPLIED
    OTHERWISE = "applied otherwise"
    REFUSED = "not taken by the editor"
    MOVED_ON = "text moved on"
    IN_THE_WAY = "a file is in the way"


MESSAGES: Mapping[Applied, str] = {
    Applied.OTHERWISE: "The editor has applied the edit only in part or elsewhere. Undo it, then open the menu again.",
    Applied.REFUSED: "The editor did not take the edit, and nothing has changed. Open the menu again for another try.",
    Applied.MOVED_ON: "The text was changed where the edit belongs, so nothing was done. Open the menu again.",
    Applied.IN_THE_WAY: "A file is where one would be made, so nothing was done. Open that file and ask there.",
}


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. `answer`: for the editor's answer. `changes`: after that, for what it says of the text; Eglot says
    nothing for half a second."""

    answer: float = 10.0
    changes: float = 2.0


PATIENCE = Patience()
Carry = Callable[[Proposal, Mapping[str, Document]], Proposal | None]


async def apply_edit(
    session: Session, proposal: Proposal, title: str, carry: Carry, patience: Patience = PATIENCE
) -> Applied:
    """Have the client apply a proposal, carried to the texts as they are by now with `carry`.

    `title` is what the user knows it by. An edit that was refused because the user typed meanwhile is sent again.
    """
    for attempt in range(1, ATTEMPTS + 1):
        if any([await asyncio.to_thread(_in_the_way, session, file) for file in proposal.files]):
            return Applied.IN_THE_WAY
        if any([await asyncio.to_thread(_rewritten, session, file) for file in proposal.files]):
            return Applied.MOVED_ON
        # From here until it is sent nothing is awaited: the texts and their versions stay as they are.
        opened = ((file.document.uri, session.buffers.get(file.document.uri)) for file in proposal.files)
        carried = carry(proposal, {uri: buffer.document() for uri, buffer in opened if buffer is not None})
        if carried is None:
            return Applied.MOVED_ON
        files = tuple(file for file in carried.files if file.edits or file.new)
        if not files:
            return Applied.WHOLE  # the user has typed just that
        carried = replace(carried, files=files)
        edit = workspace_edit(carried, session.client, session.buffers)
        answered, became = await _send(session, edit, title, files, patience)
        moved = any(_now(session, file) not in (None, file.document.text) for file in files if not file.new)
        if became is not Applied.REFUSED or not (answered and moved) or attempt == ATTEMPTS:
            return became
    raise AssertionError("the last attempt returns")


async def _send(
    session: Session, edit: types.WorkspaceEdit, title: str, files: Sequence[FileEdit], patience: Patience
) -> tuple[bool, Applied]:
    """Whether the client has answered, and what became of the edit."""
    async with _heard(session, files) as (changed, texts):
        answer = session.peer.send_request_async(
            types.WORKSPACE_APPLY_EDIT, types.ApplyWorkspaceEditParams(edit=edit, label=title)
        )
        answer.add_done_callback(lambda _: changed.set())
        end = _time() + patience.answer
        answered = False
        while True:
            if answer.done() and not answered:
                answered, end = True, _time() + patience.changes
            changed.clear()
            became = await _became(files, texts)
            if became is Applied.WHOLE or _time() >= end:
                break
            with suppress(TimeoutError):
                async with asyncio.timeout_at(end):
                    await changed.wait()
    answer.cancel()
    if answer.done() and not answer.cancelled():
        answer.exception()  # an error says no more than the texts do
    return answered, became


@asynccontextmanager
async def _heard(
    session: Session, files: Sequence[FileEdit]
) -> AsyncIterator[tuple[asyncio.Event, list[list[str | None]]]]:
    """An event that is set whenever the client says something of a text, and what it has said of each file's so far."""
    changed = asyncio.Event()
    texts = [[_now(session, file)] for file in files]

    def listen() -> None:
        for file, known in zip(files, texts, strict=True):
            now = _now(session, file)
            if now != known[-1]:
                known.append(now)
        changed.set()

    session.listeners.add(listen)
    try:
        yield changed, texts
    finally:
        session.listeners.discard(listen)


async def _became(files: Sequence[FileEdit], texts: Sequence[list[str | None]]) -> Applied:
    found = {await _arrival(file, known) for file, known in zip(files, texts, strict=True)}
    if len(found) > 1:
        return Applied.OTHERWISE
    return {
        Arrival.WHOLE: Applied.WHOLE,
        Arrival.NOTHING: Applied.REFUSED,
        Arrival.OTHERWISE: Applied.OTHERWISE,
    }[found.pop()]


async def _arrival(file: FileEdit, texts: list[str | None]) -> Arrival:
    """What is not open is looked up on the disk: a client may write there, or open it and say so."""
    if texts[-1] is not None:
        return arrival(file, texts)
    return arrival(file, [*texts, await asyncio.to_thread(_on_disk, file)])


def _now(session: Session, file: FileEdit) -> str | None:
    buffer = session.buffers.get(file.document.uri)
    return None if buffer is None else buffer.document().text


def _on_disk(file: FileEdit) -> str | None:
    """A file's text, its lines ended as in the one that the edit was made for."""
    path = uri_to_path(file.document.uri)
    try:
        text = None if path is None else path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return None
    return text if text is None or "\r\n" in file.document.text else text.replace("\r\n", "\n")


def _in_the_way(session: Session, file: FileEdit) -> bool:
    """Whether something stands where a file would be made: several editors would empty it."""
    path = uri_to_path(file.document.uri)
    opened = session.buffers.get(file.document.uri) is not None
    return file.new and (opened or path is None or path.is_symlink() or path.exists())


def _rewritten(session: Session, file: FileEdit) -> bool:
    """Whether a file that is not open holds another text by now."""
    if file.new or session.buffers.get(file.document.uri) is not None:
        return False
    return _on_disk(file) != file.document.text


def _time() -> float:
    return asyncio.get_running_loop().time()
