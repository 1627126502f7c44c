"""workspace/executeCommand: the table of commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lsprotocol import types

from understudy.lsp.ext import ACCEPT_COMMAND, STATUS_COMMAND
from understudy.lsp.guard import Refused
from understudy.lsp.session import Session


def execute_command(session: Session, params: types.ExecuteCommandParams) -> Any:
    """Run a command at once; none of them takes time, since some editors freeze until it is answered."""
    command = COMMANDS.get(params.command)
    if command is None:
        raise Refused(types.ErrorCodes.InvalidParams, f"There is no command `{params.command}`.")
    return command(session, list(params.arguments or ()))


def _accept(session: Session, arguments: list[Any]) -> None:
    """An item was accepted; its id is the argument."""
    if session.services is not None and arguments:
        session.services.completer.accepted(str(arguments[0]))


def _status(session: Session, _arguments: list[Any]) -> dict[str, Any]:
    """How things stand, as `understudy/status` says it."""
    return session.status.as_json()


COMMANDS: Mapping[str, Callable[[Session, list[Any]], Any]] = {
    ACCEPT_COMMAND: _accept,
    STATUS_COMMAND: _status,
}
