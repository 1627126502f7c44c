"""What the user reads and types beside the code: explanations, and a line that says what is wanted."""

from __future__ import annotations

import asyncio
import itertools
import os
from contextlib import suppress
from pathlib import Path

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from understudy.lsp import ext
from understudy.lsp.session import Session

FOLDER = "explanations"
KEPT = 20  # files; an editor may still show an older one, so that none is written over
ANSWER_SECONDS = 5.0
_numbers = itertools.count(1)


async def show(session: Session, title: str, text: str) -> None:
    """Show a text in Markdown: as our own plugins do, else as a document, else as a message."""
    if session.client.shows:
        session.peer.notify(ext.SHOW, {"title": title, "text": text})
    elif not (session.client.documents and await _show_document(session, title, text)):
        session.say(f"{title}\n\n{text}", types.MessageType.Info)


async def ask(session: Session, prompt: str) -> str:
    """A line that the user types, empty where they give up. Only for a client that can be asked."""
    with suppress(JsonRpcException):
        answer = await session.peer.send_request_async(ext.INPUT, {"prompt": prompt})
        return answer.strip() if isinstance(answer, str) else ""
    return ""


async def _show_document(session: Session, title: str, text: str) -> bool:
    try:
        file = await asyncio.to_thread(_write, f"# {title}\n\n{text.strip()}\n")
    except OSError:
        return False
    params = types.ShowDocumentParams(uri=file.as_uri(), external=False, take_focus=True)
    with suppress(JsonRpcException, TimeoutError):
        async with asyncio.timeout(ANSWER_SECONDS):
            answer = await session.peer.send_request_async(types.WINDOW_SHOW_DOCUMENT, params)
        return isinstance(answer, dict) and answer.get("success") is True
    return False


def _write(text: str) -> Path:
    """A new file in the state folder, readable by the user alone, since it may quote their code."""
    from understudy.core.paths import state_dir

    folder = state_dir() / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    older = sorted(folder.glob("*.md"), key=lambda file: file.stat().st_mtime)
    for file in older[: max(0, len(older) - KEPT + 1)]:
        file.unlink(missing_ok=True)
    file = folder / f"explanation-{os.getpid()}-{next(_numbers)}.md"
    file.touch(0o600)
    file.write_text(text, encoding="utf-8")
    return file
