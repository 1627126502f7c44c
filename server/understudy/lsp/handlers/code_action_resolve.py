"""codeAction/resolve: the edit of an entry that was chosen, if it has been prepared since the menu was listed.

Clients ask for it also where an entry has all that it needs. What cannot be resolved goes back as it came.
"""

from __future__ import annotations

from typing import Any

from lsprotocol import types

from understudy.lsp import guard
from understudy.lsp.handlers.code_action import hand_over
from understudy.lsp.listings import Entry
from understudy.lsp.session import Session


def code_action_resolve(session: Session, params: Any) -> dict[str, Any]:
    """The entry with its edit in place of the command, or as it was: then the command does the work."""
    if not isinstance(params, dict):
        raise guard.Refused(types.ErrorCodes.InvalidParams, "The parameters are a code action.")
    entry = session.listings.get(params.get("data"))
    if (
        entry is None
        or "edit" in params
        or entry.offer.disabled
        or entry.offer.asks
        or not session.client.menu.resolves
    ):
        return params
    try:
        edit = guard.run("codeAction/resolve", lambda: _edit(session, entry))
    except guard.Broken:
        return params  # its command may still do; Neovim and Helix choke on a null
    if edit is None:
        return params
    # Both would be carried out, one after the other.
    return {key: value for key, value in params.items() if key != "command"} | {"edit": edit}


def _edit(session: Session, entry: Entry) -> types.WorkspaceEdit | None:
    """What has been prepared for the entry by now, for the text as it is."""
    buffer = session.buffers.get(entry.offer.job.document.uri)
    if buffer is None or session.services is None:
        return None
    proposal = session.services.fixer.ready(entry.offer.job, buffer.document())
    return None if proposal is None else hand_over(session, entry, proposal)
