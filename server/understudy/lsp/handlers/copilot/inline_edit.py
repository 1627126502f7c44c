"""textDocument/copilotInlineEdit: the next edit; for now, the completion at the cursor as an edit."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace
from typing import Any

from understudy.core.text import line_after, line_end
from understudy.features.completion.outcome import Query, Trigger
from understudy.lsp.handlers.copilot.completions import asked_for
from understudy.lsp.handlers.inline_completion import accept_command, ask, range_of
from understudy.lsp.session import Session


def no_edits() -> dict[str, Any]:
    """The answer when there is nothing to change."""
    return {"edits": []}


def inline_edit(session: Session, params: Any) -> Awaitable[dict[str, Any]] | dict[str, Any]:
    """What could be written at the cursor, as an edit of the text that the client has."""
    asked = asked_for(session, params, Trigger.AUTOMATIC)
    if asked is None:
        return no_edits()
    place, query = asked

    async def answer() -> dict[str, Any]:
        for there in cursors(query, session.client.name):
            found = await ask(session, there)
            if found is not None:
                buffer, ((item, edit), *_) = found
                document = {"uri": place.uri, "version": buffer.version}
                command = accept_command(session, item)
                edit_json = {"text": edit.text, "textDocument": document, "range": range_of(buffer, edit)}
                return {"edits": [{**edit_json, "command": command}]}
        return no_edits()

    return answer()


def cursors(query: Query, editor: str) -> list[Query]:
    """The places to try for an edit at the cursor. Neovim's normal mode, in which plugins ask for edits, has its cursor
    on the last character of a line where text would be written behind it."""
    text = query.document.text
    if editor == "Neovim" and len(line_after(text, query.offset)) == 1:
        return [replace(query, offset=line_end(text, query.offset)), query]
    return [query]
