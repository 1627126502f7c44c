"""textDocument/completion, for clients without inline completion: one entry among those of other servers."""

from __future__ import annotations

import re
from collections.abc import Awaitable

from lsprotocol import types

from understudy.core.text import line_before
from understudy.features.completion.outcome import Query, Trigger
from understudy.lsp.handlers.inline_completion import accept_command, ask, range_of
from understudy.lsp.session import Session

FIRST = "\t"  # sorts before every letter, digit and underscore
DETAIL = "Understudy"
_WORD = re.compile(r"\w*$")


def no_entries() -> types.CompletionList:
    """The answer when there is nothing to offer, incomplete so that the client asks again at the next key."""
    return types.CompletionList(is_incomplete=True, items=[])


def completion(
    session: Session, params: types.CompletionParams
) -> Awaitable[types.CompletionList] | types.CompletionList:
    """Freeze the text as it is now and ask for what could come next."""
    buffer = session.buffers.get(params.text_document.uri)
    if buffer is None or session.services is None:
        return no_entries()
    return _answer(session, Query(buffer.document(), buffer.offset(params.position), Trigger.AUTOMATIC))


async def _answer(session: Session, query: Query) -> types.CompletionList:
    found = await ask(session, query)
    if found is None:
        return no_entries()
    buffer, edits = found
    item, edit = edits[0]
    label = edit.text.strip().partition("\n")[0].rstrip()
    if not label:
        return no_entries()
    # Clients compare the word before the cursor with this text, and the entry must survive that.
    word = _WORD.search(line_before(buffer.document().text, edit.span.start))
    entry = types.CompletionItem(
        label=label,
        detail=DETAIL,
        kind=types.CompletionItemKind.Text,
        documentation=edit.text,
        sort_text=FIRST,
        filter_text=(word.group() if word else "") + edit.text.partition("\n")[0],
        insert_text_format=types.InsertTextFormat.PlainText,
        text_edit=types.TextEdit(range=range_of(buffer, edit), new_text=edit.text),
        command=accept_command(session, item),
    )
    return types.CompletionList(is_incomplete=True, items=[entry])
