"""textDocument/inlineCompletion: ghost text at the cursor."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace

from lsprotocol import types

from understudy.core.text import Edit
from understudy.features.completion.outcome import Completion, Item, Query, Reason, Selected, Trigger
from understudy.lsp import copilot
from understudy.lsp.ext import ACCEPT_COMMAND
from understudy.lsp.rebase import rebase
from understudy.lsp.session import Session
from understudy.lsp.sync import Buffer


def no_items() -> types.InlineCompletionList:
    """The answer when there is nothing to offer. Not null, which Neovim takes as "keep what you show"."""
    return types.InlineCompletionList(items=[])


def inline_completion(
    session: Session, params: types.InlineCompletionParams
) -> Awaitable[types.InlineCompletionList] | types.InlineCompletionList:
    """Freeze the text as it is now and ask for what could come next."""
    buffer = session.buffers.get(params.text_document.uri)
    if buffer is None or session.services is None:
        return no_items()
    invoked = params.context.trigger_kind == types.InlineCompletionTriggerKind.Invoked
    selected = params.context.selected_completion_info
    query = Query(
        buffer.document(),
        buffer.offset(params.position),
        Trigger.INVOKED if invoked else Trigger.AUTOMATIC,
        None if selected is None else Selected(buffer.span(selected.range), selected.text),
    )
    return items_of(session, query)


async def ask(session: Session, query: Query) -> tuple[Buffer, list[tuple[Item, Edit]]] | None:
    """What to offer for `query` in the text as it is when the answer is there; None if there is nothing."""
    services = session.services
    if services is None:
        return None
    outcome = await services.completer.complete(replace(query, snoozed=session.snoozed() > 0))
    if not isinstance(outcome, Completion):
        if outcome.reason is Reason.ENGINE_FAILED:
            session.engine_doubted.set()
        if outcome.detail:
            session.tell(outcome.detail)
        return None
    buffer = session.buffers.get(query.document.uri)
    edits = [] if buffer is None else current_edits(outcome, buffer)
    return None if buffer is None or not edits else (buffer, edits)


def current_edits(outcome: Completion, buffer: Buffer) -> list[tuple[Item, Edit]]:
    """The items of `outcome` that still hold for the text of `buffer`, with their edits of that text."""
    # Told by the texts, not by the versions: a document that was closed and opened again may begin at the same number.
    now = buffer.document().text
    moved = [(item, rebase(item.edit, outcome.document.text, now)) for item in outcome.items]
    return [(item, edit) for item, edit in moved if edit is not None]


def accept_command(session: Session, item: Item) -> types.Command:
    """What the client runs when the user takes an item."""
    command = copilot.ACCEPT_COMMAND if session.client.copilot else ACCEPT_COMMAND
    return types.Command(title="Accept", command=command, arguments=[item.id])


def range_of(buffer: Buffer, edit: Edit) -> types.Range:
    """The client's range of an edit's span."""
    start, end = buffer.position(edit.span.start), buffer.position(edit.span.end)
    return types.Range(start=types.Position(*start), end=types.Position(*end))


async def items_of(session: Session, query: Query) -> types.InlineCompletionList:
    """What to offer for `query`, as LSP's items."""
    found = await ask(session, query)
    if found is None:
        return no_items()
    buffer, edits = found
    return types.InlineCompletionList(
        items=[
            types.InlineCompletionItem(
                insert_text=edit.text, range=range_of(buffer, edit), command=accept_command(session, item)
            )
            for item, edit in edits
        ]
    )
