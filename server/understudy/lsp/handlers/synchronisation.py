"""textDocument/didOpen, didChange, didClose, didSave: our texts follow the editor's."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types

from understudy.lsp import index_watch
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
        index_watch.key(session)


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
    """A text was saved. Completions see the buffer; the disk is what others see, and what settings are read from."""
    # Loaded by now, since it builds the services; not before the reply to `initialize`.
    from understudy.core.paths import uri_to_path

    file = uri_to_path(params.text_document.uri)
    if file is not None:
        index_watch.saved(session, file)
        read_settings_in(session, [file])


def read_settings_in(session: Session, files: Sequence[Path]) -> None:
    """Read the settings again if one of the files that changed holds them."""
    from understudy.core import layers, paths

    if any(file.name == layers.WORKSPACE_FILE or file == paths.config_file() for file in files):
        session.spawn("reading the settings", configure(session))
