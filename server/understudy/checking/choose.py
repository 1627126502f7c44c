"""Which checkers are asked about a text: whoever reported the problem, and what else is installed and quick."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from understudy.checking.base import Report
from understudy.checking.checkers.row import Checker
from understudy.checking.checkers.table import CHECKERS, owners
from understudy.checking.diagnostic import Diagnostic
from understudy.checking.find import Grounds, brought_along

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A checker that can be run, and its program."""

    checker: Checker
    program: Path


@dataclass(frozen=True, slots=True)
class Choice:
    """`owner`: who vouches for the target, or a report that says why nobody can; None without a target. `others`
    likewise."""

    owner: Chosen | Report | None
    others: tuple[Chosen | Report, ...]


# A program by its name, None where it is not there or may not be run.
Find = Callable[[str], Path | None]


def choose(language: str, target: Diagnostic | None, names: tuple[str, ...], grounds: Grounds, find: Find) -> Choice:
    """Who is asked. `names` are those of the setting `fix.checkers`."""
    owner = None if target is None else _owner(target, language, names, grounds, find)
    others: list[Chosen | Report] = []
    for row in CHECKERS:
        is_owner = isinstance(owner, Chosen) and row is owner.checker
        if language not in row.languages or is_owner or not (row.name in names or (AUTO in names and row.cheap)):
            continue
        found = usable(row, grounds, find)
        if isinstance(found, Path):
            others.append(Chosen(row, found))
        elif row.name in names:
            # Somebody asked for it by its name.
            others.append(Report(row.name, None, found))
    return Choice(owner, tuple(others))


def _owner(target: Diagnostic, language: str, names: tuple[str, ...], grounds: Grounds, find: Find) -> Chosen | Report:
    """The first of those that see the target's problems and can be run; else why the first cannot."""
    rows = owners(target.source, language)
    reasons = []
    for row in rows:
        if AUTO not in names and row.name not in names:
            reasons.append(f"{row.name} is not among the chosen checkers")
            continue
        found = usable(row, grounds, find)
        if isinstance(found, Path):
            return Chosen(row, found)
        reasons.append(found)
    if not rows:
        known = target.source.strip()
        return Report(known, None, f"no checker is known for {known}" if known else "the problem names no checker")
    return Report(rows[0].name, None, reasons[0])


def usable(row: Checker, grounds: Grounds, find: Find) -> Path | str:
    """The row's program, or why it cannot be run."""
    if row.executes and not grounds.trusted:
        return f"{row.name} runs code of the folder, which is not trusted"
    if (found := find(row.program)) is not None:
        return found
    if brought_along(row.program, grounds):
        return f"{row.name} is only in the folder, which is not trusted"
    return f"{row.name} is not installed"
