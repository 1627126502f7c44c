"""The commands that are about the engine: which model, start, stop. The rest of it comes as status and progress."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from understudy.core.errors import UnderstudyError
from understudy.lsp import engine_watch
from understudy.lsp.configure import configure
from understudy.lsp.ext import text_argument
from understudy.lsp.session import Session

if TYPE_CHECKING:
    from understudy.engine.base import Choice

ANSWER_SECONDS = 1.0  # an editor may stand still until then


async def choices(session: Session) -> tuple[Choice, ...]:
    """The models to choose from; none where the engine does not say soon enough."""
    services = session.services
    with suppress(UnderstudyError, TimeoutError):
        async with asyncio.timeout(ANSWER_SECONDS):
            return await services.engine.choices() if services is not None else ()
    return ()


async def models(session: Session, _arguments: list[Any]) -> list[dict[str, Any]]:
    """The models to choose from; the one that answers now is marked."""
    return [
        {"id": choice.model, "detail": choice.detail, "current": choice.model == session.status.model}
        for choice in await choices(session)
    ]


def select_model(session: Session, arguments: list[Any]) -> None:
    """Ask another model from now on."""
    session.chosen.setdefault("engine", {})["model"] = text_argument(arguments, "a model")
    session.engine_stopped = False
    session.spawn("choosing the model", configure(session, ask=False))


def start_engine(session: Session, _arguments: list[Any]) -> None:
    """Start the engine, also one that was stopped by hand or has failed."""
    session.engine_stopped = False
    session.spawn("starting the engine", configure(session, ask=False, anew=True))


def stop_engine(session: Session, _arguments: list[Any]) -> None:
    """End the engine, whoever uses it."""
    session.engine_stopped = True
    if session.services is not None:
        session.spawn("stopping the engine", engine_watch.stop_engine(session, session.services.engine))
