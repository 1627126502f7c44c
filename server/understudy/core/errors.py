"""Every error that a user can meet, as one tree.

    UnderstudyError                what is wrong, and what to do about it
    ├── SettingsError              a configuration file cannot be read
    ├── UsageError                 the words of a command are off
    └── EngineError                the model cannot be asked
        ├── EngineUnavailable      nobody answers at the address, or it is still starting
        ├── EngineRefused          it answered with an error status
        ├── EngineBroken           it broke off in the middle of an answer
        ├── NoChat                 its model knows no chats
        ├── InstallFailed          the engine's environment could not be made
        └── StartFailed            a local engine did not become ready

Broken source code is input, not an error: it has no place here.
"""

from __future__ import annotations


class UnderstudyError(Exception):
    """What is wrong (`problem`) and what to do (`remedy`), one sentence each. Ends a command with `exit_status`."""

    exit_status = 1

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(f"{problem} {remedy}".strip())
        self.problem = problem
        self.remedy = remedy


class SettingsError(UnderstudyError):
    """A configuration file cannot be read or parsed. A wrong value in it is a `core.layers.Problem` instead."""


class UsageError(UnderstudyError):
    """The words of a command are off: no such file, a position outside it, a flag that does not fit."""

    exit_status = 2


class EngineError(UnderstudyError):
    """The model cannot be asked."""


class EngineUnavailable(EngineError):
    """Nobody answers at the engine's address, or it is still starting."""


class EngineRefused(EngineError):
    """The engine answered with an HTTP error: `status` and its own message in `problem`."""

    def __init__(self, status: int, problem: str, remedy: str = "") -> None:
        super().__init__(problem, remedy)
        self.status = status


class EngineBroken(EngineError):
    """The engine broke off in the middle of an answer, or answered something that is not its protocol."""


class NoChat(EngineError):
    """The engine's model has no chat template: it can go on with a text, and cannot be asked for anything."""


class InstallFailed(EngineError):
    """The engine's own environment could not be made."""


class StartFailed(EngineError):
    """A local engine did not become ready."""
