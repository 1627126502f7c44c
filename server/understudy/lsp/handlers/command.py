"""workspace/executeCommand: the table of commands. Each is answered at once, since some editors freeze until it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from understudy.lsp import ext
from understudy.lsp.configure import configure
from understudy.lsp.guard import Refused
from understudy.lsp.handlers import engine_command, fix_command
from understudy.lsp.handlers.copilot.rows import COMMANDS as COPILOT_COMMANDS
from understudy.lsp.session import Session
from understudy.lsp.snooze import DEFAULT_MINUTES, LONGEST_MINUTES, resume, snooze

if TYPE_CHECKING:  # loads pydantic, which is for after the reply to `initialize`
    from understudy.core.settings import Settings

Arguments = list[Any]


def execute_command(session: Session, params: types.ExecuteCommandParams) -> Any:
    """Run a command; what takes longer than reading a small file goes on after the answer."""
    command = COMMANDS.get(params.command) or COPILOT_COMMANDS.get(params.command)
    if command is None:
        raise Refused(types.ErrorCodes.InvalidParams, f"There is no command `{params.command}`.")
    return command(session, list(params.arguments or ()))


def _accept(session: Session, arguments: Arguments) -> None:
    """An item was accepted; its id is the argument."""
    if session.services is not None and arguments:
        session.services.completer.accepted(str(arguments[0]))


def _status(session: Session, _arguments: Arguments) -> dict[str, Any]:
    """How things stand, as `understudy/status` says it."""
    return session.status_json()


def _snooze(session: Session, arguments: Arguments) -> dict[str, Any]:
    """Pause completions for so many minutes."""
    minutes = arguments[0] if arguments else DEFAULT_MINUTES
    if not isinstance(minutes, int | float) or isinstance(minutes, bool) or not minutes > 0:
        raise Refused(types.ErrorCodes.InvalidParams, "The argument is a number of minutes.")
    snooze(session, min(minutes, LONGEST_MINUTES))
    session.confirm(session.standing().message)
    return session.status_json()


def _resume(session: Session, _arguments: Arguments) -> dict[str, Any]:
    """End the pause."""
    resume(session)
    session.confirm("Completions are no longer paused.")
    return session.status_json()


async def _toggle_language(session: Session, arguments: Arguments) -> dict[str, Any]:
    """Switch completions off for a language, or on again; a workspace's own file may keep them off."""
    language = ext.text_argument(arguments, "a language id")

    def choose(own: Settings) -> None:
        others = [other for other in own.completion.disabled_languages if other != language]
        was_off = len(others) < len(own.completion.disabled_languages)
        session.chosen.setdefault("completion", {})["disabledLanguages"] = others if was_off else [*others, language]

    await configure(session, ask=False, choose=choose)
    enabled = session.services is not None and language not in session.services.settings.completion.disabled_languages
    session.confirm(f"Completions for {language} are {'on' if enabled else 'off'}.")
    return {"language": language, "enabled": enabled}


async def _statistics(session: Session, _arguments: Arguments) -> dict[str, str]:
    """What `understudy stats` prints."""
    services = session.services
    return {"text": "" if services is None else await asyncio.to_thread(services.report)}


COMMANDS: Mapping[str, Callable[[Session, Arguments], Any]] = {
    ext.ACCEPT_COMMAND: _accept,
    ext.STATUS_COMMAND: _status,
    ext.SNOOZE_COMMAND: _snooze,
    ext.RESUME_COMMAND: _resume,
    ext.TOGGLE_LANGUAGE_COMMAND: _toggle_language,
    ext.STATISTICS_COMMAND: _statistics,
    ext.MODELS_COMMAND: engine_command.models,
    ext.SELECT_MODEL_COMMAND: engine_command.select_model,
    ext.START_ENGINE_COMMAND: engine_command.start_engine,
    ext.STOP_ENGINE_COMMAND: engine_command.stop_engine,
    ext.RUN_ACTION_COMMAND: fix_command.run_action,
    ext.CHANGE_COMMAND: fix_command.change,
    ext.CANCEL_FIX_COMMAND: fix_command.cancel_fix,
}
