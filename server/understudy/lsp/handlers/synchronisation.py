"""textDocument/didOpen, didChange, didClose, didSave: our texts follow the editor's."""

from __future__ import annotations

from lsprotocol import types

from understudy.lsp.session import Session
from understudy.lsp.sync import Change


def did_open(session: Session, params: types.DidOpenTextDocumentParams) -> None:
    """A text was opened, or opened anew by a client that never closed it."""
    opened = params.text_document
    before = session.buffers.get(opened.uri)
    if before is not None:
        session.announce(before.document(), None)
    buffer = session.buffers.open(opened.uri, opened.version, str(opened.language_id), opened.text)
    session.announce(None, buffer.document())


def did_change(session: Session, params: types.DidChangeTextDocumentParams) -> None:
    """A text was edited. A change that does not fit what is open is in the log and changes nothing."""
    uri, version = params.text_document.uri, params.text_document.version
    buffer = session.buffers.get(uri)
    before = None if buffer is None else buffer.document()
    if session.buffers.change(uri, version, changes_of(params)) and buffer is not None:
        session.announce(before, buffer.document())


def changes_of(params: types.DidChangeTextDocumentParams) -> list[Change]:
    """The edits of one message, in their order."""
    return [
        Change(change.text, change.range)
        if isinstance(change, types.TextDocumentContentChangePartial)
        else Change(change.text)
        for change in params.content_changes
    ]


def did_close(session: Session, params: types.DidCloseTextDocumentParams) -> None:
    """A text was closed."""
    buffer = session.buffers.close(params.text_document.uri)
    if buffer is not None:
        session.announce(buffer.document(), None)


def did_save(_session: Session, _params: types.DidSaveTextDocumentParams) -> None:
    """Nothing depends on what is on the disk: completions see the buffer."""
