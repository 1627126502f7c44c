"""codeAction/resolve: the edit of an entry that was chosen, if it has been prepared since the menu was listed.

Clients ask for it also where an entry has all that it needs. What cannot be resolved goes back as it came.
"""

from __future__ import annotations

from typing import Any

from lsprotocol import types

from understudy.lsp.guard import Refused
from understudy.lsp.handlers.code_action import hand_over
from understudy.lsp.session import Session


def code_action_resolve(session: Session, params: Any) -> dict[str, Any]:
    """The entry with its edit in place of the command, or as it was: then the command does the work."""
    if not isinstance(params, dict):
        raise Refused(types.ErrorCodes.InvalidParams, "The parameters are a code action.")
    entry = session.listings.get(params.get("data"))
    if (
        entry is None
        or "edit" in params
        or entry.offer.disabled
        or entry.offer.asks
        or not session.client.menu.resolves
    ):
        return params
    buffer = session.buffers.get(entry.offer.job.document.uri)
    if buffer is None or session.services is None:
        return params
    proposal = session.services.fixer.ready(entry.offer.job, buffer.document())
    edit = None if proposal is None else hand_over(session, entry, proposal)
    if edit is None:
        return params
    # Both would be carried out, one after the other.
    return {key: value for key, value in params.items() if key != "command"} | {"edit": edit}
