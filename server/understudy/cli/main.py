"""The `understudy` command: which words it takes, and the one guard that turns every failure into one sentence.

A command's module is loaded only when that command is typed, so that the server starts as fast as its protocol allows.
"""

from __future__ import annotations

import argparse
import errno
import importlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from understudy import __version__
from understudy.core.errors import UnderstudyError, UsageError

INTERRUPTED = 130  # 128 + SIGINT, as shells say it
PIPE_CLOSED = 141  # 128 + SIGPIPE
BUG = 70  # EX_SOFTWARE of sysexits.h
FULL = (errno.ENOSPC, errno.EDQUOT)
UNUSABLE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG)


@dataclass(frozen=True, slots=True)
class CommandRow:
    """One command: its name, what it does, and the function that adds its words to the parser, as `module:function`."""

    name: str
    help: str
    adder: str


COMMANDS = (
    CommandRow("lsp", "the language server (also without any command)", "understudy.cli.lsp:add_lsp_command"),
    CommandRow("complete", "print one completion", "understudy.cli.complete:add_complete_command"),
    CommandRow("context", "show what the model is told at a cursor", "understudy.cli.context:add_context_command"),
    CommandRow("map", "show what a repository leans on", "understudy.cli.map:add_map_command"),
    CommandRow("fix", "fix what a checker reports", "understudy.cli.fix.command:add_fix_command"),
    CommandRow("doctor", "say what is found and what is missing", "understudy.cli.doctor:add_doctor_command"),
    CommandRow("plan", "say which models suit this machine", "understudy.cli.plan:add_plan_command"),
    CommandRow("engine", "install, start and stop the local model server", "understudy.cli.engine:add_engine_command"),
    CommandRow("stats", "show how completions went, with costs", "understudy.cli.stats.command:add_stats_command"),
    CommandRow("eval", "measure a model on your engine", "understudy.cli.eval:add_eval_command"),
    CommandRow("demo", "show the main job on a sample", "understudy.cli.demo.command:add_demo_command"),
)


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are one sentence, like everybody else's."""

    def error(self, message: str) -> NoReturn:
        """Raise `UsageError`."""
        raise UsageError(f"{message[:1].upper()}{message[1:]}.", f"Type `{self.prog} --help` for the words it takes.")


def main(words: Sequence[str] | None = None, commands: Sequence[CommandRow] = COMMANDS) -> int:
    """Run one command and return its exit status. Says every failure in one sentence on standard error."""
    try:
        arguments = parse(list(sys.argv[1:] if words is None else words), commands)
        status: int = arguments.func(arguments)
        sys.stdout.flush()
    except UnderstudyError as error:
        return _fail(str(error), error.exit_status)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _forget_stdout()
        return PIPE_CLOSED
    except OSError as error:
        return _fail_on_system(error)
    except Exception as error:  # noqa: BLE001 (this is the front door's guard)
        return _fail_on_bug(error)
    return status


def parse(words: list[str], commands: Sequence[CommandRow] = COMMANDS) -> argparse.Namespace:
    """The arguments of the command, whose `func` runs it. No command, or only flags of the server's, means `lsp`."""
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help", "--version")):
        words = ["lsp", *words]
    parser = Parser(
        prog="understudy", description="Inline completions in any editor, from an open model that you host."
    )
    parser.add_argument("--version", action="version", version=f"understudy {__version__}")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for row in commands:
        if row.name == words[0]:
            module, _, function = row.adder.partition(":")
            getattr(importlib.import_module(module), function)(subparsers)
        else:
            subparsers.add_parser(row.name, help=row.help)
    return parser.parse_args(words)


def bug_log() -> Path:
    """Where the traceback of a bug goes."""
    from understudy.core.paths import state_dir

    return state_dir() / "bugs.log"


def _fail_on_system(error: OSError) -> int:
    place = f": {error.filename}" if error.filename else ""
    if error.errno in FULL:
        return _fail(f"The disk is full{place}. Make room and try again.", 1)
    if error.errno in UNUSABLE:
        return _fail(f"{error.strerror}{place}. Understudy needs to write there; make it usable and try again.", 1)
    return _fail_on_bug(error)


def _fail_on_bug(error: Exception) -> int:
    """Say that it is a bug and keep the traceback, which would tell the user nothing."""
    import traceback

    log = bug_log()
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.write(f"understudy {__version__}, {sys.version}\n{''.join(traceback.format_exception(error))}\n")
        where = f"the details are in {log}"
    except OSError:
        where = "its details could not be written down"
    kind = f"{type(error).__name__}: {error}".splitlines()[0]
    return _fail(f"This is a bug in Understudy ({kind}); {where}. Please report it.", BUG)


def _fail(sentence: str, status: int) -> int:
    # Standard error may be closed as well; the exit status still tells.
    try:
        sys.stderr.write(f"understudy: {sentence}\n")
    except (OSError, ValueError, AttributeError):
        return status
    return status


def _forget_stdout() -> None:
    """Point standard output at nothing, so that the interpreter's flush at exit does not fail as well."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
