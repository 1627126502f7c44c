"""workspace/didChangeConfiguration and workspace/didChangeWorkspaceFolders: new settings, new services."""

from __future__ import annotations

from typing import Any

from lsprotocol import types

from understudy.lsp.configure import configure, section_of
from understudy.lsp.copilot import model_of
from understudy.lsp.handlers.copilot.models import select_model
from understudy.lsp.session import Session


def did_change_configuration(session: Session, params: Any) -> None:
    """Take the new settings, or ask for them where the client only says that they changed."""
    pushed = section_of(params.get("settings") if isinstance(params, dict) else None)
    if pushed is not None:
        session.pushed = pushed
    session.spawn("reading the settings", _take(session, model_of(params) if session.client.copilot else ""))


async def _take(session: Session, model: str) -> None:
    """Read the settings, and then, since plugins say it as soon as they may, ask the `model` that one of them chose."""
    await configure(session)
    if model:
        await select_model(session, model)


def did_change_workspace_folders(session: Session, params: types.DidChangeWorkspaceFoldersParams) -> None:
    """Folders were added to the workspace or taken out of it."""
    removed = {folder.uri for folder in params.event.removed}
    added = (folder.uri for folder in params.event.added)
    session.roots = tuple(dict.fromkeys([*(root for root in session.roots if root not in removed), *added]))
    session.spawn("reading the settings", configure(session))
