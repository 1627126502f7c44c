"""The beginning and the end of a conversation: initialize, initialized, shutdown, exit, and a parent that dies."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

from understudy import __version__
from understudy.lsp import configure, index_watch
from understudy.lsp.client import Client, read_client
from understudy.lsp.handlers.code_action import KINDS
from understudy.lsp.handlers.command import COMMANDS
from understudy.lsp.handlers.copilot.rows import COMMANDS as COPILOT_COMMANDS
from understudy.lsp.session import Session
from understudy.lsp.sync import Buffers

INCREMENTAL = 2  # TextDocumentSyncKind
PARENT_SECONDS = 3.0
MENU_CHARACTERS = " ([{.,:=+-*/<>\"'"  # beside those of words, at which editors ask by themselves


def initialize(session: Session, params: Any) -> dict[str, Any]:
    """Note who the client is and say what we can do."""
    session.client = client = read_client(params)
    session.buffers = Buffers(client.encoding)
    session.roots = client.roots
    if client.process_id is not None:
        session.spawn("watching the editor", watch_parent(session, client.process_id))
    return {
        "capabilities": capabilities(client),
        "serverInfo": {"name": "understudy", "version": __version__},
    }


def capabilities(client: Client) -> dict[str, Any]:
    """What the server can do, all of it declared here but for the watching of files, which LSP wants registered later.

    No value is an empty object: Emacs reads `{}` as "no". Completion is for clients without inline completion only,
    so that nobody is offered the same text twice. Code actions are for clients that know more than commands, or can at
    least take what a command does. Copilot's command ids would collide with those of a real Copilot in other clients.
    """
    menu = {"resolveProvider": False, "triggerCharacters": list(MENU_CHARACTERS)}
    fallback = {} if client.inline or client.copilot else {"completionProvider": menu}
    actions: dict[str, Any] = {}
    if client.menu.literals:
        options = {"codeActionKinds": list(KINDS), "resolveProvider": client.menu.data, "workDoneProgress": False}
        actions = {"codeActionProvider": options}
    elif client.edits.applied:
        actions = {"codeActionProvider": True}  # options are for those who know literals
    return {
        "positionEncoding": client.encoding.value,
        "textDocumentSync": {"openClose": True, "change": INCREMENTAL, "save": {"includeText": False}},
        "inlineCompletionProvider": {"workDoneProgress": False},
        "executeCommandProvider": {"commands": [*COMMANDS, *(COPILOT_COMMANDS if client.copilot else ())]},
        "workspace": {"workspaceFolders": {"supported": True, "changeNotifications": True}},
        **fallback,
        **actions,
    }


def initialized(session: Session, _params: Any) -> None:
    """The client is ready to be asked: read the settings and build what they want."""
    if session.client.copilot:
        session.show_status()  # as Copilot's server does, so that the plugin does not show one of its own
    session.spawn("reading the settings", configure.configure(session))


def shutdown(session: Session, _params: Any) -> Awaitable[None]:
    """Cancel what is under way and let go of the engine."""
    session.shut_down = True
    return end(session)


def leave(session: Session, _params: Any = None) -> None:
    """The conversation is over; the status is 0 after an orderly shutdown, else 1 (LSP 3.18, "Exit Notification")."""
    if not session.ended.done():
        session.ended.set_result(0 if session.shut_down else 1)


async def end(session: Session) -> None:
    """Stop everything that the conversation started."""
    await session.peer.cancel_all()
    await session.end_tasks()
    services, session.services = session.services, None
    if services is not None:
        await configure.close(services)
    await index_watch.end(session)
    await asyncio.gather(*session.closing, return_exceptions=True)


async def watch_parent(session: Session, pid: int) -> None:
    """End the conversation when the process `pid`, which started us, has ended. One that is not to be seen from the
    start, as from inside a container, is not watched."""
    from understudy.engine.process import alive, identify

    parent = await asyncio.to_thread(identify, pid)
    if parent is None:
        return
    # Asked again and again, since no system can be relied on to tell when a process ends that is not a child.
    while await asyncio.to_thread(alive, parent):  # noqa: ASYNC110
        await asyncio.sleep(PARENT_SECONDS)
    leave(session)
