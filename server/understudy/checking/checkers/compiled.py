"""`compile()` of Python itself: the last word on its syntax. The text is compiled and never executed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from understudy.checking.checkers.answers import loaded
from understudy.checking.checkers.row import PYTHON, Checker, Site
from understudy.checking.diagnostic import Diagnostic
from understudy.checking.places import Lines
from understudy.checking.run import Call, Output

# A text as `str`, so that a coding cookie in it means nothing. Warnings are those of the compiler ("invalid escape
# sequence"), which name only a line.
PROGRAM = """
import json, sys, warnings
found = []
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    try:
        compile(sys.stdin.buffer.read().decode(), "<text>", "exec", dont_inherit=True)
    except SyntaxError as error:
        found.append([error.msg, error.lineno, error.offset, error.end_lineno, error.end_offset])
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        found.append([str(error) or type(error).__name__, 1, 1, None, None])
warned = [[str(each.message), each.lineno] for each in caught]
json.dump({"errors": found, "warnings": warned}, sys.stdout)
"""


def calls(site: Site, program: Path) -> Iterator[Call]:
    """This very interpreter, isolated (`-I`) and without site packages (`-S`): nothing of anybody's is imported."""
    words = (sys.executable, "-I", "-S", "-c", PROGRAM)
    yield Call(words, site.scratch, site.path, stdin=site.document.text or "\n")


def read(output: Output, call: Call, lines: Lines) -> tuple[Diagnostic, ...]:
    """Columns count code points from 1; 0 or None where no place is known."""
    answer = loaded(output)
    errors = (
        Diagnostic(
            lines.span(_place(row, column), _place(end_row, end) if end and end > 0 else None), message, "compile"
        )
        for message, row, column, end_row, end in answer["errors"]
    )
    warned = (
        Diagnostic(lines.row(row - 1), message, "compile", severity="warning") for message, row in answer["warnings"]
    )
    return (*errors, *warned)


def _place(row: int | None, column: int | None) -> tuple[int, int]:
    return max(0, (row or 1) - 1), max(0, (column or 1) - 1)


COMPILE = Checker(
    "compile", sys.executable, PYTHON, ("compile", "python"), calls, read, stands_for=("jedi",), cheap=True
)
