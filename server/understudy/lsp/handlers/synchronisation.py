"""textDocument/didOpen, didChange, didClose, didSave: our texts follow the editor's."""

from __future__ import annotations

import logging
from typing import Any

from lsprotocol import types

from understudy.lsp.configure import configure
from understudy.lsp.session import Session
from understudy.lsp.sync import Change

log = logging.getLogger(__name__)


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
    changed = False
    try:
        changed = session.buffers.change(uri, version, changes_of(params))
    finally:
        if before is not None and session.buffers.get(uri) is None:
            session.announce(before, None)  # it broke off, and nobody knows the text any more
    if changed and buffer is not None:
        session.announce(before, buffer.document())


def did_change_unreadably(session: Session, params: Any) -> None:
    """A text was edited, who knows how: it counts as closed, since what is kept here is not the editor's any more."""
    changed = params.get("textDocument") if isinstance(params, dict) else None
    uri = changed.get("uri") if isinstance(changed, dict) else None
    buffer = session.buffers.close(uri) if isinstance(uri, str) else None
    if buffer is not None:
        log.warning("Let go of %s until it is opened again", uri)
        session.announce(buffer.document(), None)


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


def did_save(session: Session, params: types.DidSaveTextDocumentParams) -> None:
    """Read settings again that were saved. Nothing else depends on the disk: completions see the buffer."""
    # Loaded by now, since it builds the services; not before the reply to `initialize`.
    from understudy.core import layers, paths

    file = paths.uri_to_path(params.text_document.uri)
    if file is not None and (file.name == layers.WORKSPACE_FILE or file == paths.config_file()):
        session.spawn("reading the settings", configure(session))
