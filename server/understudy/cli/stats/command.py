"""The command `understudy stats`, and the same report for an editor."""

from __future__ import annotations

import argparse
import math
import sqlite3
import time
from contextlib import closing

from understudy.cli.services import user_settings
from understudy.cli.stats.cost import DEFAULT_PRICE, Bill, bill_at, bill_json, offer_of
from understudy.cli.stats.report import Report, as_json, read_report
from understudy.cli.stats.text import as_text
from understudy.cli.terminal import say, say_json
from understudy.core.errors import UnderstudyError
from understudy.core.ledger import ledger_file, open_ledger

DEFAULT_DAYS = 30
NOTHING_YET = "Nothing has been counted yet. Figures appear once an editor has asked for completions."
SWITCHED_OFF = "Counting is switched off (`statistics.enabled`)."


def add_stats_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `stats`."""
    parser = commands.add_parser("stats", help="show how completions went, and what they took")
    parser.add_argument("--days", type=days, default=DEFAULT_DAYS, metavar="N", help="how far back (%(default)s)")
    parser.add_argument(
        "--price",
        default=DEFAULT_PRICE,
        metavar="MODEL[@PROVIDER]",
        help="the API to compare the cost with, a row of the catalogue (%(default)s); nothing is sent to it",
    )
    parser.add_argument("--kwh", type=price, metavar="PRICE", help="what a kWh costs you: prices the GPUs' energy")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.set_defaults(func=run_stats)


def days(word: str) -> int:
    """A number of days. Raises `argparse.ArgumentTypeError`."""
    if not word.isascii() or not word.isdigit() or not 0 < int(word) < 100_000:
        raise argparse.ArgumentTypeError(f"say a number of days from 1 on, not {word}")
    return int(word)


def price(word: str) -> float:
    """A price, in whatever currency. Raises `argparse.ArgumentTypeError`."""
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"say a price like 0.30, not {word}")
    return value


def run_stats(arguments: argparse.Namespace) -> int:
    """Print the report."""
    found = find_report(arguments.days, arguments.price, arguments.kwh)
    if arguments.json:
        say_json({**as_json(found[0]), "cost": bill_json(found[1])} if found else {})
    else:
        say(_text(found, counting=user_settings().settings.statistics.enabled))
    return 0


def report_text(days: int, *, counting: bool) -> str:
    """The report for people; `counting`: whether it goes on. Raises `UnderstudyError`."""
    return _text(find_report(days), counting=counting)


def _text(found: tuple[Report, Bill] | None, *, counting: bool) -> str:
    text = as_text(*found) if found and found[0].anything else NOTHING_YET
    return text if counting else f"{text}\n{SWITCHED_OFF}"


def find_report(days: int, price: str = DEFAULT_PRICE, kwh: float | None = None) -> tuple[Report, Bill] | None:
    """The figures of the user's statistics file, if there is one, and what they cost. Raises `UnderstudyError`."""
    offer = offer_of(price)
    file = ledger_file()
    if not file.exists():
        return None
    try:
        with closing(open_ledger(file)) as connection:
            report = read_report(connection, days, time.time())
            return report, bill_at(connection, report, offer, kwh)
    except sqlite3.Error as error:
        raise UnderstudyError(
            f"The statistics in {file} cannot be read ({error}).", "Delete the file to begin anew."
        ) from error
