"""notifyShown, notifyAccepted, notifyRejected: what the user did with an item. Nothing depends on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from understudy.lsp import copilot
from understudy.lsp.session import Session

if TYPE_CHECKING:  # the settings behind it load pydantic, which is for after the reply to `initialize`
    from understudy.lsp.services import Completer

OK = "OK"


def notify_shown(session: Session, params: Any) -> str:
    """An item was shown."""
    _each(session, params, lambda completer, item_id: completer.shown(item_id))
    return OK


def notify_accepted(session: Session, params: Any) -> str:
    """An item was accepted, whole or in part."""
    units = params.get("acceptedLength") if isinstance(params, Mapping) else None
    plugin = copilot.plugin_of(session.client.options)
    _each(
        session,
        params,
        lambda completer, item_id: completer.accepted(item_id, session.offered.accepted(item_id, units, plugin)),
    )
    return OK


def notify_rejected(session: Session, params: Any) -> str:
    """Items were dismissed."""
    _each(session, params, lambda completer, item_id: completer.rejected(item_id))
    return OK


def _each(session: Session, params: Any, report: Callable[[Completer, str], None]) -> None:
    """Report each item that `params` names, by `uuid` or `uuids`."""
    said = params if isinstance(params, Mapping) else {}
    ids = said["uuids"] if isinstance(said.get("uuids"), list) else [said.get("uuid")]
    if session.services is not None:
        for item_id in ids:
            if isinstance(item_id, str):
                report(session.services.completer, item_id)


def accept(session: Session, arguments: list[Any]) -> bool:
    """An item was accepted; its id is the argument."""
    _each(session, {"uuids": arguments[:1]}, lambda completer, item_id: completer.accepted(item_id))
    return True
