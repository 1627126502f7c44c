"""copilot/models, and the choice of one, which plugins send as a setting."""

from __future__ import annotations

from typing import Any

from understudy.lsp.handlers import engine_command
from understudy.lsp.session import Session


async def models(session: Session, _params: Any) -> list[dict[str, Any]]:
    """The models to choose from."""
    return [
        {"id": row["id"], "modelName": row["id"], "scopes": ["completion"], "default": row["current"]}
        for row in await engine_command.models(session, [])
    ]


async def select_model(session: Session, model: str) -> None:
    """Ask `model` from now on if it is one of ours: the user's settings may name one of GitHub's."""
    current = {row["id"]: row["current"] for row in await engine_command.models(session, [])}
    if current.get(model) is False:
        engine_command.select_model(session, [model])
