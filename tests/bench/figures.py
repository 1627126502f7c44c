"""How the bench says its figures: percentiles, and goals that are met or missed."""

from __future__ import annotations

import sys

from understudy.evaluation.metrics import Percentiles

__all__ = ["Percentiles", "note", "row", "say"]


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """How far a long section is: beside the table, which may go to a file."""
    sys.stderr.write(f"  … {text}\n")
    sys.stderr.flush()


def row(name: str, figure: object, goal: str = "", *, met: bool | None = None) -> None:
    """One line of the table; a goal says whether it was met."""
    verdict = "" if met is None else ("  ✓" if met else "  ✗ missed")
    say(f"  {name:<58} {figure}{f'   goal {goal}' if goal else ''}{verdict}")
