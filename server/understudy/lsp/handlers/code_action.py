"""textDocument/codeAction: the menu at a place. Nothing here waits: several editors stand still until it is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lsprotocol import types

from understudy.checking.diagnostic import Diagnostic
from understudy.features.codeaction.outcome import Offer, Proposal, Query
from understudy.lsp import ext
from understudy.lsp.diagnostics import read_diagnostics, read_range
from understudy.lsp.listings import Entry
from understudy.lsp.session import Session
from understudy.lsp.workspace_edit import workspace_edit

KINDS = ("quickfix", "refactor", "refactor.rewrite")
"""Above the kinds of `features.codeaction.actions.ACTIONS`, for the client to know beforehand; a test compares them."""


def no_actions() -> list[Any]:
    """The answer when there is nothing to offer."""
    return []


def code_action(session: Session, params: Any) -> list[Any]:
    """What can be done at a place. `params` is plain JSON, in which other servers' diagnostics may be odd."""
    if not isinstance(params, dict) or session.services is None:
        return no_actions()
    document, context = params.get("textDocument"), params.get("context")
    uri = document.get("uri") if isinstance(document, dict) else None
    buffer = session.buffers.get(uri) if isinstance(uri, str) else None
    place = read_range(params.get("range"))
    if buffer is None or place is None:
        return no_actions()
    context = context if isinstance(context, dict) else {}
    only = context.get("only")
    diagnostics = read_diagnostics(context.get("diagnostics"), buffer)
    query = Query(
        buffer.document(),
        buffer.span(place),
        tuple(diagnostics),
        only=tuple(kind for kind in only if isinstance(kind, str)) if isinstance(only, list) else (),
        automatic=context.get("triggerKind") == types.CodeActionTriggerKind.Automatic.value,
        asks=session.client.asks,
    )
    offers = [offer for offer in session.services.fixer.offers(query) if _possible(session, offer)]
    return [_action(session, key, entry, diagnostics) for key, entry in session.listings.add(offers)]


def _possible(session: Session, offer: Offer) -> bool:
    """Whether the client can show the entry, and take what comes of it."""
    if offer.disabled:
        return session.client.menu.disabled
    return session.client.edits.applied or (session.client.menu.literals and offer.ready is not None)


def _action(session: Session, key: str, entry: Entry, diagnostics: Mapping[Diagnostic, Any]) -> Any:
    """One entry as LSP's `CodeAction`, or as a `Command` for a client that knows nothing else."""
    offer, menu = entry.offer, session.client.menu
    command = types.Command(title=offer.title, command=ext.RUN_ACTION_COMMAND, arguments=[key])
    if not menu.literals:
        return command
    action: dict[str, Any] = {"title": offer.title, "kind": offer.kind}
    if solved := [diagnostics[it] for it in offer.diagnostics if it in diagnostics]:
        action["diagnostics"] = solved
    if offer.disabled:
        return action | {"disabled": {"reason": offer.disabled}}
    if menu.preferred and offer.preferred:
        action["isPreferred"] = True
    if menu.generated:
        action["tags"] = [types.CodeActionTag.LlmGenerated.value]
    if menu.data:
        action["data"] = key
    edit = None if offer.ready is None else hand_over(session, entry, offer.ready)
    return action | ({"command": command} if edit is None else {"edit": edit})


def hand_over(session: Session, entry: Entry, proposal: Proposal) -> types.WorkspaceEdit | None:
    """The edit with which the client can carry out an entry by itself. None where more than open texts is changed: then
    the command does it, which looks where the files are by then, and whether they have arrived."""
    if any(file.new or session.buffers.get(file.document.uri) is None for file in proposal.files):
        return None
    entry.handed = proposal
    return workspace_edit(proposal, session.client, session.buffers, annotated=session.client.menu.annotations)
