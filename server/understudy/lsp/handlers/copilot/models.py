"""copilot/models, and the choice of one, which plugins send as a setting.

Only what needs no download is offered and taken: an editor may read that setting from a project's file.
"""

from __future__ import annotations

from typing import Any

from understudy.lsp.handlers import engine_command
from understudy.lsp.session import Session


async def models(session: Session, _params: Any) -> list[dict[str, Any]]:
    """The models to choose from."""
    return [
        {"id": name, "modelName": name, "scopes": ["completion"], "default": name == session.status.model}
        for name in await _here(session)
    ]


async def select_model(session: Session, model: str) -> None:
    """Ask `model` from now on if it is one of ours: the user's settings may name one of GitHub's."""
    if model in await _here(session) and model != session.status.model:
        engine_command.select_model(session, [model])


async def _here(session: Session) -> list[str]:
    return [choice.model for choice in await engine_command.choices(session) if choice.here]
