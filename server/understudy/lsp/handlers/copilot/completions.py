"""getCompletions, getCompletionsCycling: ghost text for plugins older than `textDocument/inlineCompletion`."""

from __future__ import annotations

from collections.abc import Awaitable, Hashable
from typing import Any

from lsprotocol import types

from understudy.core.text import Edit, line_before
from understudy.features.completion.outcome import Item, Query, Trigger
from understudy.lsp import copilot
from understudy.lsp.handlers.inline_completion import ask, range_of
from understudy.lsp.session import Session
from understudy.lsp.sync import Buffer


def by_place(params: Any) -> Hashable:
    """Of two requests for one document the newer cancels the older; one that names none stands alone."""
    place = copilot.read_place(params)
    return object() if place is None else place.uri


def asked_for(session: Session, params: Any, trigger: Trigger) -> tuple[copilot.Place, Query] | None:
    """Where a completion is wanted, in the text as it is now; None where nothing is open there."""
    place = copilot.read_place(params)
    buffer = None if place is None else session.buffers.get(place.uri)
    if place is None or buffer is None or session.services is None:
        return None
    return place, Query(buffer.document(), buffer.offset(place.position), trigger)


def no_completions() -> dict[str, Any]:
    """The answer when there is nothing to offer."""
    return {"completions": []}


def get_completions(session: Session, params: Any) -> Awaitable[dict[str, Any]] | dict[str, Any]:
    """What could come next, at the user's pace."""
    return _completions(session, params, Trigger.AUTOMATIC)


def get_completions_cycling(session: Session, params: Any) -> Awaitable[dict[str, Any]] | dict[str, Any]:
    """The same, asked for by hand: with alternatives."""
    return _completions(session, params, Trigger.INVOKED)


def _completions(session: Session, params: Any, trigger: Trigger) -> Awaitable[dict[str, Any]] | dict[str, Any]:
    asked = asked_for(session, params, trigger)
    if asked is None:
        return no_completions()
    place, query = asked

    async def answer() -> dict[str, Any]:
        found = await ask(session, query)
        if found is None:
            return no_completions()
        buffer, edits = found
        return {"completions": [_completion(session, buffer, item, edit, place.version) for item, edit in edits]}

    return answer()


def _completion(session: Session, buffer: Buffer, item: Item, edit: Edit, version: Any) -> dict[str, Any]:
    """An item that takes the place of its line up to the cursor."""
    before = line_before(buffer.document().text, edit.span.start)
    session.offered.keep(item.id, copilot.Offered(before, edit.text))
    span = range_of(buffer, edit)
    return {
        "uuid": item.id,
        "text": before + edit.text,
        "displayText": edit.text,
        "position": span.start,
        "range": types.Range(start=types.Position(span.start.line, 0), end=span.end),
        "docVersion": buffer.version if version is None else version,
    }
