"""workspace/didChangeWatchedFiles: files changed on disk, whoever changed them. Asked for by `lsp.index_watch`."""

from __future__ import annotations

from lsprotocol import types

from understudy.lsp import index_watch
from understudy.lsp.handlers.synchronisation import read_settings_in
from understudy.lsp.session import Session


def did_change_watched_files(session: Session, params: types.DidChangeWatchedFilesParams) -> None:
    """Files were made, changed or deleted."""
    from understudy.core.paths import uri_to_path

    paths = [path for change in params.changes if (path := uri_to_path(change.uri)) is not None]
    index_watch.touched(session, paths)
    read_settings_in(session, paths)
