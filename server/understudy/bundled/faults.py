"""Faults put into correct Python source, as people make them while they type: each with the edit that undoes it.

A table of kinds. The demonstration model is trained on them, and the diagnostic-fix benchmark asks for their repair.
All draw from a `Random` that the caller seeds: the same seed gives the same faults.
"""

from __future__ import annotations

import ast
import builtins
import keyword
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from random import Random

_WORD = re.compile(r"[^\W\d]\w*")
_RESERVED = frozenset(dir(builtins)) | frozenset(keyword.kwlist) | frozenset(keyword.softkwlist)
_SHORTEST = 3
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_MOST_CONTEXT = 3

_UNUSED_IMPORTS = (
    *("import os", "import re", "import sys", "import json", "import time", "import math", "import copy"),
    *("import random", "import logging", "import itertools", "import functools", "import collections"),
    *("import subprocess", "import datetime", "import string", "import shutil", "import tempfile", "import uuid"),
    *("import warnings", "import operator", "import threading", "import inspect", "import types", "import typing"),
    *("from pathlib import Path", "from typing import Any", "from functools import partial", "from enum import Enum"),
    *("from collections import defaultdict", "from collections import OrderedDict", "from copy import deepcopy"),
    *("from dataclasses import dataclass", "from datetime import timedelta", "from itertools import chain"),
    *("from contextlib import contextmanager", "from io import StringIO", "from abc import ABC"),
)
_UNUSED_NAMES = {
    "typing": ("Any", "Dict", "List", "Optional", "Union", "Callable", "Iterator", "Sequence", "Tuple"),
    "collections": ("Counter", "OrderedDict", "defaultdict", "deque", "namedtuple"),
    "collections.abc": ("Callable", "Iterable", "Iterator", "Mapping", "Sequence"),
    "dataclasses": ("asdict", "dataclass", "field", "replace"),
    "datetime": ("date", "datetime", "timedelta", "timezone"),
    "functools": ("cache", "lru_cache", "partial", "reduce", "wraps"),
    "itertools": ("chain", "count", "groupby", "islice", "product"),
}
_UNUSED_VARIABLES = (
    *("result", "results", "total", "count", "index", "items", "values", "data", "size", "length", "found", "seen"),
    *("current", "previous", "start", "end", "flag", "output", "buffer", "message", "now", "limit", "default"),
)
_PLAIN_VALUES = ("0", "1", "None", "[]", "{}", "''", '""', "True", "False", "-1", "set()", "dict()", "list()")


@dataclass(frozen=True)
class Source:
    """A source file that parses: its lines without line ends, its tree and every word that occurs in it."""

    text: str
    lines: tuple[str, ...]
    tree: ast.Module

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of the text, and Python's own names."""
        return frozenset(_WORD.findall(self.text)) | _RESERVED

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """All nodes of the tree."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def bound(self) -> frozenset[str]:
        """Names that the file itself gives a meaning: imports, definitions, parameters, variables."""
        names: set[str] = set()
        for node in self.nodes:
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                names.add(node.id)
            elif isinstance(node, ast.arg):
                names.add(node.arg)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                names.add(node.name)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                names.update(_bound_by(alias) for alias in node.names)
        return frozenset(names)


@dataclass(frozen=True)
class Fault:
    """One fault in one file.

    `text` is the file with it, `row` (from 0) where it is to be seen, `name` what a message names: a name, a bracket.
    Where `replace` takes the place of `search`, lines without line ends that stand once in `text`, the fault is gone.
    """

    kind: str
    text: str
    row: int
    name: str
    search: tuple[str, ...]
    replace: tuple[str, ...]

    @property
    def fixed(self) -> str:
        """The text after the true fix: the original, or, of an import, one that has it beside the first import."""
        lines = self.text.split("\n")
        (first,) = _places(lines, self.search)
        return "\n".join([*lines[:first], *self.replace, *lines[first + len(self.search) :]])


@dataclass(frozen=True)
class _Change:
    """Rows `first` up to `last` of the original become `lines`; the problem is then seen in `row` and is about `name`.

    `anchor`: the row of another line, of the changed text, beside which the fix puts the original lines.
    """

    first: int
    last: int
    lines: tuple[str, ...]
    row: int
    name: str
    anchor: int | None = None


def source(text: str) -> Source | None:
    """The file, or None when it does not parse."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None
    return Source(text, tuple(text.split("\n")), tree)


def inject(kind: str, original: Source, random: Random) -> Fault | None:
    """A fault of this kind; None when the file has no place for it. Raises KeyError for an unknown kind."""
    change = KINDS[kind](original, random)
    if change is None:
        return None
    lines = [*original.lines[: change.first], *change.lines, *original.lines[change.last :]]
    taken = original.lines[change.first : change.last]
    if change.anchor is not None:
        quoted = _unique(lines, change.anchor, change.anchor + 1)
        replace = (
            tuple(
                line
                for row in range(*quoted)
                for line in (_beside(lines[row], taken[0]) if row == change.anchor else (lines[row],))
            )
            if quoted
            else ()
        )
    else:
        quoted = _unique(lines, change.first, change.first + len(change.lines))
        replace = (
            (*lines[quoted[0] : change.first], *taken, *lines[change.first + len(change.lines) : quoted[1]])
            if quoted
            else ()
        )
    if quoted is None:
        return None
    return Fault(kind, "\n".join(lines), change.row, change.name, tuple(lines[slice(*quoted)]), replace)


def misspelt(word: str, random: Random, taken: frozenset[str] = _RESERVED) -> str | None:
    """The word as a slip of the finger has it: a letter left out, doubled, swapped with the next or another one.

    None when four tries found no identifier outside `taken`.
    """
    for _ in range(4):
        at = random.randrange(1, len(word)) if len(word) > 1 else 0
        wrong = random.choice((_dropped, _doubled, _swapped, _changed))(word, at, random)
        if wrong.isidentifier() and wrong not in taken and wrong != word:
            return wrong
    return None


def _dropped(word: str, at: int, _: Random) -> str:
    return word[:at] + word[at + 1 :]


def _doubled(word: str, at: int, _: Random) -> str:
    return word[: at + 1] + word[at:]


def _swapped(word: str, at: int, _: Random) -> str:
    return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]


def _changed(word: str, at: int, random: Random) -> str:
    letter = random.choice(_LETTERS)
    return word[:at] + (letter.upper() if word[at].isupper() else letter) + word[at + 1 :]


def _misspelt_name(original: Source, random: Random) -> _Change | None:
    uses = [
        (node.lineno - 1, node.col_offset, node.id)
        for node in original.nodes
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in original.bound
    ]
    return _misspelling(original, uses, random)


def _misspelt_attribute(original: Source, random: Random) -> _Change | None:
    """Of `self`, where the class has it, or of a module of the standard library."""
    modules = {_bound_by(alias) for node in original.tree.body if isinstance(node, ast.Import) for alias in node.names}
    known = modules & sys.stdlib_module_names
    own = {name for node in original.nodes if isinstance(node, ast.ClassDef) for name in _attributes(node)}
    uses = [
        ((node.end_lineno or node.lineno) - 1, (node.end_col_offset or 0) - len(node.attr), node.attr)
        for node in original.nodes
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and isinstance(node.value, ast.Name)
        if node.value.id in known or (node.value.id == "self" and node.attr in own)
    ]
    return _misspelling(original, uses, random)


def _attributes(definition: ast.ClassDef) -> Iterator[str]:
    for node in ast.walk(definition):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


def _misspelling(original: Source, uses: list[tuple[int, int, str]], random: Random) -> _Change | None:
    # Names are drawn before their uses: else most faults would be in `self`.
    names = sorted({name for _, _, name in uses})
    random.shuffle(names)
    for row, column, name in (random.choice([use for use in uses if use[2] == name]) for name in names):
        line = original.lines[row]
        # The tree's columns are bytes: a line in ASCII alone has the same in characters.
        if len(name) < _SHORTEST or not line.isascii() or line[column : column + len(name)] != name:
            continue
        if wrong := misspelt(name, random, original.words):
            return _Change(row, row + 1, (line[:column] + wrong + line[column + len(name) :],), row, wrong)
    return None


def _missing_import(original: Source, random: Random) -> _Change | None:
    """A whole import, or one name of several, that is used further down."""
    rows = list(_import_rows(original))
    random.shuffle(rows)
    for row, node in rows:
        used = [alias for alias in node.names if _first_use(original, _bound_by(alias), row) is not None]
        if not used:
            continue
        alias = random.choice(used)
        use = _first_use(original, _bound_by(alias), row) or 0
        if len(node.names) > 1:
            rest = [other for other in node.names if other is not alias]
            return _Change(row, row + 1, (_import_line(node, rest),), use, _bound_by(alias))
        anchor = next((at for at, _ in _import_rows(original) if at != row), None)
        if anchor is not None:
            return _Change(row, row + 1, (), use - 1, _bound_by(alias), anchor - (anchor > row))
    return None


def _import_rows(original: Source) -> Iterator[tuple[int, ast.Import | ast.ImportFrom]]:
    """Imports at the top level that have a line of their own, `__future__` and `*` left out."""
    for node in original.tree.body:
        if not isinstance(node, ast.Import | ast.ImportFrom) or node.end_lineno != node.lineno:
            continue
        wanted = not any(alias.name == "*" for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            wanted = wanted and node.module != "__future__"
        if wanted and original.lines[node.lineno - 1] == ast.unparse(node):
            yield node.lineno - 1, node


def _import_line(node: ast.Import | ast.ImportFrom, names: list[ast.alias]) -> str:
    if isinstance(node, ast.Import):
        return ast.unparse(ast.Import(names=names))
    return ast.unparse(ast.ImportFrom(module=node.module, names=names, level=node.level))


def _bound_by(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


def _first_use(original: Source, name: str, below: int) -> int | None:
    rows = (
        node.lineno - 1
        for node in original.nodes
        if isinstance(node, ast.Name) and node.id == name and node.lineno - 1 > below
    )
    return min(rows, default=None)


def _beside(anchor: str, line: str) -> tuple[str, str]:
    """The two import lines in their order."""
    return (line, anchor) if _import_order(line) < _import_order(anchor) else (anchor, line)


def _import_order(line: str) -> tuple[int, bool, str]:
    word, module = line.split()[:2]
    own = module.partition(".")[0]
    section = 0 if own in sys.stdlib_module_names else 2 if module.startswith(".") else 1
    return section, word == "from", module.casefold()


def _unused_import(original: Source, random: Random) -> _Change | None:
    rows = list(_import_rows(original))
    if not rows:
        return None
    several = [(row, node) for row, node in rows if isinstance(node, ast.ImportFrom) and node.module in _UNUSED_NAMES]
    if several and random.random() < 0.5:
        row, node = random.choice(several)
        assert isinstance(node, ast.ImportFrom)
        free = [name for name in _UNUSED_NAMES[node.module or ""] if name not in original.words]
        if free:
            name = random.choice(free)
            names = [*node.names, ast.alias(name)]
            names.sort(key=lambda alias: alias.name)
            return _Change(row, row + 1, (_import_line(node, names),), row, f"{node.module}.{name}")
    free = [line for line in _UNUSED_IMPORTS if line.split()[-1] not in original.words]
    if not free:
        return None
    line, (row, _) = random.choice(free), random.choice(rows)
    imported = line.removeprefix("import ").removeprefix("from ").replace(" import ", ".")
    return _Change(row, row, (line,), row, imported)


def _unused_variable(original: Source, random: Random) -> _Change | None:
    functions = [node for node in original.nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    random.shuffle(functions)
    free = [name for name in _UNUSED_VARIABLES if name not in original.words]
    for function in functions if free else ():
        rows = [
            statement.lineno - 1
            for statement in function.body
            if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            and original.lines[statement.lineno - 1][: statement.col_offset].isspace()
            and not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        ]
        if rows:
            row, name = random.choice(rows), random.choice(free)
            given = [argument.arg for argument in function.args.args if argument.arg not in ("self", "cls")]
            value = random.choice(_PLAIN_VALUES)
            if given and random.random() < 0.6:
                value = random.choice(("{}", "len({})", "list({})", "str({})")).format(random.choice(given))
            line = original.lines[row]
            return _Change(row, row, (line[: len(line) - len(line.lstrip())] + f"{name} = {value}",), row, name)
    return None


def _unclosed_bracket(original: Source, random: Random) -> _Change | None:
    """The last bracket of a statement that stands in one line, at its end or before the colon."""
    ends = []
    for row in _one_line_statements(original):
        line = original.lines[row]
        at = len(line) - (2 if line.endswith(":") else 1)
        if at > 0 and line[at] in ")]}" and line.isascii():
            ends.append((row, at))
    if not ends:
        return None
    row, at = random.choice(ends)
    line = original.lines[row]
    opening = {")": "(", "]": "[", "}": "{"}[line[at]]
    return _Change(row, row + 1, (line[:at] + line[at + 1 :],), row, opening)


def _missing_colon(original: Source, random: Random) -> _Change | None:
    rows = [row for row in _one_line_statements(original) if original.lines[row].endswith(":")]
    if not rows:
        return None
    row = random.choice(rows)
    return _Change(row, row + 1, (original.lines[row][:-1],), row, ":")


def _one_line_statements(original: Source) -> list[int]:
    """Rows that are one statement, or the head of one, from its first word to its end."""
    rows = []
    for node in original.nodes:
        if not isinstance(node, ast.stmt):
            continue
        body = getattr(node, "body", None)
        last = body[0].lineno - 1 if body else (node.end_lineno or node.lineno)
        if body and getattr(body[0], "decorator_list", None):
            last = body[0].decorator_list[0].lineno - 1
        single = last == node.lineno if not body else original.lines[node.lineno - 1].endswith(":")
        if single and original.lines[node.lineno - 1][: node.col_offset].strip() == "":
            rows.append(node.lineno - 1)
    return rows


KINDS: dict[str, Callable[[Source, Random], _Change | None]] = {
    "misspelt name": _misspelt_name,
    "missing import": _missing_import,
    "unused import": _unused_import,
    "unused variable": _unused_variable,
    "unclosed bracket": _unclosed_bracket,
    "missing colon": _missing_colon,
    "misspelt attribute": _misspelt_attribute,
}
"""What can go wrong, and the function that puts it into a file."""


def _unique(lines: list[str], first: int, last: int) -> tuple[int, int] | None:
    """The rows from `first` up to `last` with as few neighbours as make them stand once; None if too many are needed.

    Neighbours with code are preferred to blank ones, the line before to the line after.
    """
    for more in range(_MOST_CONTEXT + 1):
        for before in range(more, -1, -1):
            begin, end = first - before, last + more - before
            quoted = lines[max(0, begin) : end]
            if begin < 0 or end > len(lines) or not any(line.strip() for line in quoted):
                continue
            if len(_places(lines, quoted)) == 1:
                return begin, end
    return None


def _places(lines: list[str], quoted: Iterable[str]) -> list[int]:
    wanted = list(quoted)
    if not wanted:
        return []
    return [row for row, line in enumerate(lines) if line == wanted[0] and lines[row : row + len(wanted)] == wanted]
