"""What a reported fault is: a whole text, a checker's report, honest fixes, and what only makes the report go away.

The faults themselves stand in the modules beside this one whose names begin with `reported_`.
"""

from __future__ import annotations

from dataclasses import dataclass

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Reported:
    """`report` is the code and the message, `at` the place, from the first line of `code` on; `scope`: only `code` may
    change. `file`: its name. `honest` and `dodges` are edits by their names, as pairs of texts: what is replaced, once,
    by what."""

    name: str
    checker: str
    report: str
    at: str
    code: str
    honest: tuple[tuple[str, Pairs], ...]
    dodges: tuple[tuple[str, Pairs], ...]
    head: str
    scope: bool
    file: str = "notes.py"


HEAD = """import json
import os
from pathlib import Path

LIMIT = 10


"""
