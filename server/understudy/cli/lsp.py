"""`understudy lsp`, or `understudy` alone: the server for an editor."""

from __future__ import annotations

import argparse
import logging
import os
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from understudy.cli.indexing import Indexes
from understudy.core.tally import Tally

if TYPE_CHECKING:
    from understudy.core.settings import Settings
    from understudy.lsp.services import Services

HIGHEST_PORT = 65535


def add_lsp_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `lsp`."""
    parser = commands.add_parser("lsp", help="the language server (also without any command)")
    parser.add_argument("--stdio", action="store_true", help="speak over standard input and output, as without it")
    parser.add_argument("--tcp", type=port, metavar="PORT", help="speak over a loopback port, for debugging; 0: any")
    parser.add_argument("--verbose", action="store_true", help="log more, on standard error")
    # vscode-languageclient adds it; the process is watched by `initialize`'s processId.
    parser.add_argument("--clientProcessId", help=argparse.SUPPRESS)
    parser.set_defaults(func=run_lsp)


def port(word: str) -> int:
    """A TCP port. Raises `argparse.ArgumentTypeError`."""
    if not word.isascii() or not word.isdigit() or int(word) > HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to {HIGHEST_PORT}, not {word}")
    return int(word)


def run_lsp(arguments: argparse.Namespace) -> NoReturn:
    """Serve one editor until it leaves."""
    from understudy.lsp.server import serve

    build = partial(_build, tally=Tally(), indexes=Indexes())
    status = serve(build, tcp=arguments.tcp, level=logging.INFO if arguments.verbose else logging.WARNING)
    # Emacs gives a server 100 ms to end before it kills it and complains; taking an interpreter down takes longer.
    logging.shutdown()
    os._exit(status)


def _build(settings: Settings, roots: tuple[str, ...], tally: Tally, indexes: Indexes) -> Services:
    # Settings come after the reply to `initialize`, and only then is there time to load the pipeline.
    from understudy.cli.services import build_services

    return build_services(settings, roots, tally=tally, indexes=indexes)
