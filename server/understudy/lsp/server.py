"""The server: the table of everything that is answered or heard, and the process around one conversation."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from lsprotocol.converters import get_converter
from pygls.server import JsonRPCServer

from understudy.core.errors import UsageError
from understudy.lsp import ext, lifecycle, wire
from understudy.lsp.handlers import (
    code_action,
    code_action_resolve,
    command,
    completion,
    configuration,
    inline_completion,
    progress,
    reports,
    synchronisation,
    watched_files,
)
from understudy.lsp.handlers.copilot import rows
from understudy.lsp.protocol import Protocol
from understudy.lsp.session import Session
from understudy.lsp.table import Notification, Request, table

if TYPE_CHECKING:
    from understudy.lsp.services import BuildServices

log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
LAST_SECONDS = 8.0  # for an orderly end; after that the process ends as it is


def by_document(params: Any) -> str:
    """Of two requests for one document the newer cancels the older."""
    return str(params.text_document.uri)


TABLE = table(
    Request(types.INITIALIZE, lifecycle.initialize, raw=True),
    Notification(types.INITIALIZED, lifecycle.initialized, raw=True),
    Request(types.SHUTDOWN, lifecycle.shutdown, raw=True),
    Notification(types.EXIT, lifecycle.leave, raw=True),
    Notification(types.TEXT_DOCUMENT_DID_OPEN, synchronisation.did_open),
    Notification(
        types.TEXT_DOCUMENT_DID_CHANGE, synchronisation.did_change, unreadable=synchronisation.did_change_unreadably
    ),
    Notification(types.TEXT_DOCUMENT_DID_CLOSE, synchronisation.did_close),
    Notification(types.TEXT_DOCUMENT_DID_SAVE, synchronisation.did_save),
    Request(
        types.TEXT_DOCUMENT_INLINE_COMPLETION,
        inline_completion.inline_completion,
        nothing=inline_completion.no_items,
        alone=by_document,
    ),
    Request(types.TEXT_DOCUMENT_COMPLETION, completion.completion, nothing=completion.no_entries, alone=by_document),
    Request(types.TEXT_DOCUMENT_CODE_ACTION, code_action.code_action, nothing=code_action.no_actions, raw=True),
    Request(types.CODE_ACTION_RESOLVE, code_action_resolve.code_action_resolve, raw=True),
    Request(types.WORKSPACE_EXECUTE_COMMAND, command.execute_command),
    Notification(types.WORKSPACE_DID_CHANGE_CONFIGURATION, configuration.did_change_configuration, raw=True),
    Notification(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, configuration.did_change_workspace_folders),
    Notification(types.WORKSPACE_DID_CHANGE_WATCHED_FILES, watched_files.did_change_watched_files),
    Notification(types.WINDOW_WORK_DONE_PROGRESS_CANCEL, progress.cancel),
    Notification(ext.DID_SHOW, reports.did_show, raw=True),
    Notification(ext.DID_ACCEPT_PART, reports.did_accept_part, raw=True),
    Notification(ext.DID_ACCEPT, reports.did_accept, raw=True),
    Notification(ext.DID_REJECT, reports.did_reject, raw=True),
    *rows.ROWS,  # what plugins say that were written for Copilot's language server
)


def serve(build: BuildServices, *, tcp: int | None = None, level: int = logging.WARNING) -> int:
    """Talk to one client until it leaves, over stdio or, for debugging, over a loopback port; the exit status.

    Raises `UsageError` when the port is taken. The log goes to stderr from `level` on.
    """
    logging.basicConfig(stream=sys.stderr, level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # pygls logs whole messages, and those hold source text and keys.
    logging.getLogger("pygls").setLevel(logging.WARNING)
    try:
        return asyncio.run(_stdio(build) if tcp is None else _tcp(build, tcp))
    except KeyboardInterrupt:
        return 130


async def _stdio(build: BuildServices) -> int:
    outlet = wire.Stdout()
    protocol, session = begin(build, outlet)
    wire.read_stream(sys.stdin.buffer, protocol.receive, lambda: lifecycle.leave(session))
    return await _until_left(session, outlet)


async def _tcp(build: BuildServices, port: int) -> int:
    status: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.close()  # one client
        outlet = wire.Connection(writer)
        protocol, session = begin(build, outlet)
        reading = asyncio.create_task(wire.read_connection(reader, protocol.receive))
        reading.add_done_callback(lambda _: lifecycle.leave(session))
        code = await _until_left(session, outlet)
        reading.cancel()
        status.set_result(code)

    try:
        server = await asyncio.start_server(converse, LOOPBACK, port)
    except OSError as error:
        raise UsageError(
            f"Port {port} cannot be used ({error.strerror}).", "Choose another with `--tcp PORT`."
        ) from error
    log.warning("Waiting for a client at %s:%d", *server.sockets[0].getsockname()[:2])
    return await status


def begin(build: BuildServices, outlet: wire.Outlet) -> tuple[Protocol, Session]:
    """A conversation whose answers go to `outlet`; messages go into the protocol's `receive`."""
    protocol = JsonRPCServer(Protocol, get_converter).protocol
    assert isinstance(protocol, Protocol)
    protocol.set_writer(outlet)
    session = Session(protocol, build, asyncio.get_running_loop().create_future())
    protocol.serve(TABLE, session)
    return protocol, session


async def _until_left(session: Session, outlet: wire.Outlet) -> int:
    status = await session.ended
    # Whatever hangs now, in a thread or in a connection, must not leave a process behind without an editor.
    last = threading.Timer(LAST_SECONDS, os._exit, (status,))
    last.daemon = True
    last.start()
    await lifecycle.end(session)
    outlet.close()
    return status
