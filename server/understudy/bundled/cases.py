"""Faults with the problem that a tool reports for each: Ruff's own words, or those that other tools have for the same.

Ruff runs over all files at once; a fault is kept where Ruff reports it and nothing else that is new.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from understudy.bundled import faults
from understudy.bundled.corpus import Document
from understudy.bundled.faults import Fault
from understudy.editing.words import Problem

SYNTAX = frozenset({"unclosed bracket", "missing colon"})
_CODES = {"misspelt name": "F821", "missing import": "F821", "unused import": "F401", "unused variable": "F841"}
_OTHER_TOOLS_SHARE = 0.4
_FILES_AT_A_TIME = 2000

_UNDEFINED = (
    ("undefined name '{name}'", "pyflakes", ""),
    ("undefined name '{name}'", "flake8", "F821"),
    ('"{name}" is not defined', "Pyright", "reportUndefinedVariable"),
    ('"{name}" is not defined', "basedpyright", "reportUndefinedVariable"),
    ('Name "{name}" is not defined', "mypy", "name-defined"),
)
WORDINGS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "misspelt name": _UNDEFINED,
    "missing import": _UNDEFINED,
    "unused import": (
        ("'{name}' imported but unused", "pyflakes", ""),
        ("'{name}' imported but unused", "flake8", "F401"),
        ('Import "{last}" is not accessed', "Pyright", ""),
    ),
    "unused variable": (
        ("local variable '{name}' is assigned to but never used", "pyflakes", ""),
        ("local variable '{name}' is assigned to but never used", "flake8", "F841"),
        ('Variable "{name}" is not accessed', "Pyright", ""),
    ),
    "unclosed bracket": (
        ("'{name}' was never closed", "Python", ""),
        ("'{name}' was never closed", "mypy", "syntax"),
        ('"{name}" was not closed', "Pyright", ""),
    ),
    "missing colon": (
        ("expected ':'", "Python", ""),
        ("expected ':'", "mypy", "syntax"),
        ('Expected ":"', "Pyright", ""),
    ),
    "misspelt attribute": (
        ('Cannot access attribute "{name}" for class "{owner}*"', "Pyright", "reportAttributeAccessIssue"),
        ('Cannot access attribute "{name}" for class "{owner}*"', "basedpyright", "reportAttributeAccessIssue"),
        ('"{owner}" has no attribute "{name}"', "mypy", "attr-defined"),
    ),
}
"""What tools other than Ruff say of each kind, with their names and codes as editors show them."""


@dataclass(frozen=True)
class Case:
    """A fault in a file of a package, and the problem as a tool reports it."""

    package: str
    path: str
    fault: Fault
    problem: Problem


def made(documents: Iterable[Document], each: int, random: Random) -> Iterator[tuple[Document, Fault]]:
    """About `each` faults of every kind in every document that has places for them."""
    for document in documents:
        original = faults.source(document.text)
        for kind in faults.KINDS if original else ():
            for _ in range(each):
                assert original is not None
                if fault := faults.inject(kind, original, random):
                    yield document, fault


def reported(found: Iterable[tuple[Document, Fault]], ruff: str, random: Random) -> Iterator[Case]:
    """Those faults of which a tool speaks, each with its words; `ruff` is the program's path.

    Raises FileNotFoundError where there is no such program.
    """
    faulty = list(found)
    for begin in range(0, len(faulty), _FILES_AT_A_TIME):
        batch = faulty[begin : begin + _FILES_AT_A_TIME]
        originals = {document.text: place for place, (document, _) in enumerate(batch)}
        before = dict(zip(originals, diagnostics(list(originals), ruff), strict=True))
        for (document, fault), after in zip(batch, diagnostics([fault.text for _, fault in batch], ruff), strict=True):
            problem = _by_ruff(fault, before[document.text], after, random)
            if fault.kind == "misspelt attribute" and after == before[document.text]:
                problem = _by_another(fault, random)
            elif problem and random.random() < _OTHER_TOOLS_SHARE:
                problem = _by_another(fault, random, None if fault.kind in SYNTAX else problem.row)
            if problem:
                yield Case(document.package, document.path, fault, problem)


def diagnostics(texts: Sequence[str], ruff: str) -> list[list[Problem]]:
    """What Ruff says of each text, in the order of the rows: its rules of class F, and where it cannot parse."""
    with tempfile.TemporaryDirectory() as folder:
        for place, text in enumerate(texts):
            (Path(folder) / f"{place}.py").write_text(text, "utf-8")
        command = [ruff, "check", "--isolated", "--no-cache", "--quiet", "--exit-zero", "--select", "F,E9"]
        done = subprocess.run([*command, "--output-format", "json", folder], capture_output=True, check=True)
    found: list[list[Problem]] = [[] for _ in texts]
    for entry in json.loads(done.stdout):
        place, row = int(Path(entry["filename"]).stem), entry["location"]["row"] - 1
        lines = texts[place].split("\n")
        line = lines[row] if row < len(lines) else ""
        found[place].append(Problem(row, line, entry["message"], "Ruff", entry["code"] or ""))
    return [sorted(problems, key=lambda problem: problem.row) for problems in found]


def _by_ruff(fault: Fault, before: list[Problem], after: list[Problem], random: Random) -> Problem | None:
    """The problem that Ruff has with this fault; None where it has none, another one, or one more."""
    if fault.kind in SYNTAX:
        first = after[0] if after else None
        return first if first and first.code == "invalid-syntax" and first.row - fault.row in (0, 1) else None
    known = Counter((problem.code, problem.message) for problem in before)
    new = [problem for problem in after if (problem.code, problem.message) not in known]
    if not new or len(after) != len(before) + len(new):
        return None
    if any(problem.code != _CODES.get(fault.kind) or f"`{fault.name}`" not in problem.message for problem in new):
        return None
    return random.choice(new) if fault.kind == "missing import" else new[0] if len(new) == 1 else None


def _by_another(fault: Fault, random: Random, row: int | None = None) -> Problem:
    message, tool, code = random.choice(WORDINGS[fault.kind])
    lines = fault.text.split("\n")
    at = fault.row if row is None else row
    owner = next((found[1] for line in reversed(lines[:at]) if (found := re.match(r"class (\w+)", line))), "object")
    module = re.search(rf"(\w+)\.{fault.name}\b", lines[at]) if fault.kind == "misspelt attribute" else None
    if module and module[1] != "self":
        message, code = f'Module has no attribute "{fault.name}"', "attr-defined"
        tool = "mypy"
    words = message.format(name=fault.name, last=fault.name.rpartition(".")[2], owner=owner)
    return Problem(at, lines[at], words, tool, code)
