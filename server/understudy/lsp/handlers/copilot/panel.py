"""getPanelCompletions, textDocument/copilotPanelCompletion: all alternatives, in a window of their own."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any

from understudy.core.text import line_before
from understudy.features.completion.outcome import Query, Trigger
from understudy.lsp import copilot, guard
from understudy.lsp.handlers.copilot.completions import asked_for
from understudy.lsp.handlers.inline_completion import ask, items_of, no_items, range_of
from understudy.lsp.session import Session


def get_panel_completions(session: Session, params: Any) -> dict[str, Any]:
    """Say how many may come; they follow one by one, since plugins open their window on this answer."""
    asked = asked_for(session, params, Trigger.INVOKED)
    panel = params.get("panelId") if isinstance(params, Mapping) else None
    if session.panel is not None:
        session.panel.cancel()
    session.panel = session.spawn("the panel", _fill_panel(session, panel, asked))
    services = session.services
    return {
        "solutionCountTarget": 0 if services is None or asked is None else services.settings.completion.alternatives
    }


async def _fill_panel(session: Session, panel: Any, asked: tuple[copilot.Place, Query] | None) -> None:
    done = {"status": "OK"}
    try:
        if asked is not None:
            await guard.wait("the panel", _send_solutions(session, panel, asked[1]))
    except guard.Broken:
        done = {"status": "Error", "message": "The server's log says why."}
    if panel is not None:
        session.peer.notify(copilot.PANEL_DONE, {"panelId": panel, **done})


async def _send_solutions(session: Session, panel: Any, query: Query) -> None:
    found = await ask(session, query)
    if found is None:
        return
    buffer, edits = found
    for rank, (item, edit) in enumerate(edits):
        solution = {
            "panelId": panel,
            "solutionId": item.id,
            "completionText": edit.text,
            "displayText": line_before(buffer.document().text, edit.span.start) + edit.text,
            "range": range_of(buffer, edit),
            "score": 1 - rank / len(edits),
        }
        session.peer.notify(copilot.PANEL_SOLUTION, solution)


def panel_completion(session: Session, params: Any) -> Awaitable[Any] | Any:
    """All alternatives in one answer, as LSP's items."""
    asked = asked_for(session, params, Trigger.INVOKED)
    return no_items() if asked is None else items_of(session, asked[1])
