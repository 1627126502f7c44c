"""What a fault in a file is: what a checker reports, the true fix, and edits that only make the report go away.

The faults themselves stand in `faults_linted.py`, `faults_typed.py` (Python, for the real checkers) and `scripts.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from understudy.checking.verdict import Failure

S, D, E, N, T = (
    Failure.SUPPRESSED,
    Failure.DELETED,
    Failure.ELSEWHERE,
    Failure.NEW_PROBLEMS,
    Failure.STILL_THERE,
)
# It is offered, and not as checked.
UNCHECKED = None

HEAD = '''"""Notes in a folder."""

import json
import os
from pathlib import Path

LIMIT = 10


class Shelf:
    """Where notes are kept."""

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self.folder = folder
        self.limit = limit

    def names(self) -> list[str]:
        """The notes' names."""
        return sorted(path.name for path in self.folder.iterdir())[: self.limit]


def describe(shelf: Shelf) -> str:
    """What is on the shelf."""
    return json.dumps({"folder": os.fspath(shelf.folder), "names": shelf.names()})


'''


@dataclass(frozen=True)
class Fault:
    """`code` is `HEAD` and this text; `at` stands in it once, where the problem is. `fix` and each of `dodges` are
    pairs of texts: what is replaced by what, in head or code. `line`: the line with the problem is a statement of its
    own, and what `generic` makes of it is no fix."""

    name: str
    checker: str
    rule: str
    at: str
    code: str
    fix: tuple[tuple[str, str], ...]
    dodges: tuple[tuple[str, tuple[tuple[str, str], ...], tuple[Failure | None, ...]], ...] = ()
    line: bool = True
    head: str = HEAD

    @property
    def text(self) -> str:
        return self.head + self.code


def edited(text: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for old, new in pairs:
        assert text.count(old) == 1, (old, text.count(old))
        text = text.replace(old, new)
    return text
