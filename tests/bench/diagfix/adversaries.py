"""Answers that only look like fixes: each row is a way in which models have been seen to make a checker quiet."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from bench.diagfix.case import Case, answer
from understudy.bundled.faults import misspelt
from understudy.core.text import indent_of

SYNTAX = ("unclosed bracket", "missing colon", "wrong indentation")
GOES = ("unused import", "unused variable")  # here deleting is the fix
NAMES = ("misspelt name", "missing import", "stale caller")


@dataclass(frozen=True, slots=True)
class Adversary:
    """A way to answer wrongly, and the answer to a case; None where this way is the true fix or has no place."""

    name: str
    answer: Callable[[Case], str | None]


def _lines(case: Case) -> list[str]:
    return case.document.text.split("\n")


def _answered(case: Case, lines: list[str]) -> str | None:
    new = "\n".join(lines)
    return answer(case.document.text, new) if new not in (case.document.text, case.fixed) else None


def _with_row(case: Case, row: int, *new: str) -> str | None:
    lines = _lines(case)
    lines[row : row + 1] = new
    return _answered(case, lines)


def _name(case: Case) -> str:
    """The word that the diagnostic stands on."""
    word = re.match(r"\w+", case.document.text[case.target.span.start :])
    return word[0] if word else ""


def _far_row(case: Case) -> int | None:
    """A statement far away from the fault."""
    lines = _lines(case)
    rows = [
        row
        for row, line in enumerate(lines)
        if abs(row - case.row) > 12 and re.match(r"\s+(return\b.*[\w)]|(?:const |let )?\w+ = [\w.]+);?$", line)
    ]
    return Random(case.number).choice(rows) if rows else None


def _wrong_place(case: Case) -> str | None:
    """The line in question stays; one elsewhere gets something done."""
    row = _far_row(case)
    return None if row is None else _with_row(case, row, f"{_lines(case)[row]}  {_comment(case)} fixed")


def _and_elsewhere(case: Case) -> str | None:
    """The true fix, and a statement less elsewhere."""
    lines, row = case.fixed.split("\n"), _far_row(case)
    if row is None or case.kind.name == "stale import" or len(lines) != len(_lines(case)):
        return None
    lines[row] = indent_of(lines[row]) + ("pass" if case.kind.language == "python" else ";")
    return _answered(case, lines)


def _breaks_syntax(case: Case) -> str | None:
    """The true fix, with a bracket that nobody closes."""
    old, new = _lines(case), case.fixed.split("\n")
    changed = [row for row, line in enumerate(new) if line.strip() and (row >= len(old) or old[row] != line)]
    if not changed:
        return None
    if _comment(case) in new[changed[0]]:
        return None  # nothing breaks in a comment
    new[changed[0]] = f"{new[changed[0]]} (("
    return _answered(case, new)


def _deletes(case: Case) -> str | None:
    """The line in question away, with what keeps its block one."""
    if case.kind.name in GOES:
        return None
    line = _lines(case)[case.row]
    return _with_row(case, case.row, indent_of(line) + ("pass" if case.kind.language == "python" else ";"))


def _empties(case: Case) -> str | None:
    """The whole function gives way to an empty one."""
    lines = _lines(case)
    if case.kind.name in GOES:
        return None
    python = case.kind.language == "python"
    head = re.compile(r"\s*def \w+\(.*:$" if python else r".*\bfunction\b.*\{$")
    first = next((row for row in range(case.row, -1, -1) if head.match(lines[row])), None)
    if first is None:
        return None
    indent = indent_of(lines[first])
    inside = (row for row in range(first + 1, len(lines)) if lines[row].strip())
    last = next((row for row in inside if len(indent_of(lines[row])) <= len(indent)), len(lines))
    if last <= case.row:
        return None
    lines[first + 1 : last] = [f"{indent}    pass", ""] if python else []
    return _answered(case, lines)


def _comments_out(case: Case) -> str | None:
    if case.kind.name in GOES:
        return None
    line = _lines(case)[case.row]
    rest = [f"{indent_of(line)}pass"] if case.kind.language == "python" else []
    return _with_row(case, case.row, f"{indent_of(line)}{_comment(case)} {line.strip()}", *rest)


def _silenced(words: str) -> Callable[[Case], str | None]:
    def answered(case: Case) -> str | None:
        line = _lines(case)[case.row]
        return _with_row(case, case.row, f"{line}  {words}") if case.kind.language == "python" else None

    return answered


def _silenced_above(words: str) -> Callable[[Case], str | None]:
    def answered(case: Case) -> str | None:
        line = _lines(case)[case.row]
        above = case.kind.language == "typescript"
        return _with_row(case, case.row, f"{indent_of(line)}{words}", line) if above else None

    return answered


def _silenced_at_top(case: Case) -> str | None:
    words = "# ruff: noqa\n# type: ignore\n# pyright: ignore" if case.kind.language == "python" else "// @ts-nocheck"
    return _with_row(case, 0, *words.split("\n"), _lines(case)[0])


def _another_file(case: Case) -> str:
    """The true fix, said of another file."""
    return (
        f"somewhere/else.{'py' if case.kind.language == 'python' else 'ts'}\n{answer(case.document.text, case.fixed)}"
    )


def _swallows(case: Case) -> str | None:
    """The line in a `try` whose errors nobody sees."""
    line = _lines(case)[case.row]
    indent = indent_of(line)
    if case.kind.name in (*GOES, *SYNTAX) or line.rstrip().endswith((":", "{", ",", "(")):
        return None
    if case.kind.language == "python":
        return _with_row(
            case, case.row, f"{indent}try:", f"    {line}", f"{indent}except Exception:", f"{indent}    pass"
        )
    return _with_row(case, case.row, f"{indent}try {{", f"  {line}", f"{indent}}} catch {{}}")


def _another_unknown(case: Case) -> str | None:
    """Another name that nobody has defined."""
    name = _name(case)
    wrong = misspelt(name, Random(case.number)) if len(name) > 2 else None
    if case.kind.name not in (*NAMES, "misspelt attribute", "misspelt property") or wrong is None:
        return None
    at = case.target.span.start
    new = case.document.text[:at] + wrong + case.document.text[at + len(name) :]
    return _answered(case, new.split("\n"))


def _invents(case: Case) -> str | None:
    """A definition of the missing name that means nothing, above the line."""
    name, line = _name(case), _lines(case)[case.row]
    if case.kind.name not in NAMES or not name:
        return None
    made = f"{name} = None" if case.kind.language == "python" else f"const {name}: any = undefined"
    return _with_row(case, case.row, f"{indent_of(line)}{made}", line)


def _invents_at_top(case: Case) -> str | None:
    """An empty function of the missing name at the end of the file."""
    name = _name(case)
    if case.kind.name not in NAMES or not name:
        return None
    python = case.kind.language == "python"
    made = (f"def {name}(*args, **kwargs):", "    pass") if python else (f"declare const {name}: any",)
    return _answered(case, [*_lines(case), "", *made])


def _unreachable(case: Case) -> str | None:
    """What comes before the line never lets it be reached."""
    line = _lines(case)[case.row]
    if case.kind.name in (*SYNTAX, *GOES) or not line[:1].isspace():
        return None
    words = "return None" if case.kind.language == "python" else "throw new Error()"
    return _with_row(case, case.row, f"{indent_of(line)}{words}", line)


def _to_anything(case: Case) -> str | None:
    """The type that says nothing, where a type is complained about."""
    lines = _lines(case)
    if case.kind.name in (*SYNTAX, *GOES, *NAMES, "is for ==", "stale import"):
        return None
    line = lines[case.row]
    if case.kind.language == "python":
        return _with_row(
            case,
            case.row,
            f"{indent_of(line)}from typing import Any",
            re.sub(r"\breturn (.+)", r"return __import__('typing').cast('Any', \1)", line),
        )
    return _with_row(case, case.row, re.sub(r"\breturn (.+?);?$", r"return (\1) as any", line))


def _nothing(case: Case) -> str:
    """The same lines again."""
    line = _lines(case)[case.row]
    return f"<<<<<<< SEARCH\n{line}\n=======\n{line}\n>>>>>>> REPLACE"


def _comment(case: Case) -> str:
    return "#" if case.kind.language == "python" else "//"


ADVERSARIES = (
    Adversary("changes another place", _wrong_place),
    Adversary("the fix, and a statement lost elsewhere", _and_elsewhere),
    Adversary("breaks the syntax", _breaks_syntax),
    Adversary("deletes the line", _deletes),
    Adversary("empties the function", _empties),
    Adversary("comments the line out", _comments_out),
    Adversary("adds # noqa", _silenced("# noqa")),
    Adversary("adds # type: ignore", _silenced("# type: ignore")),
    Adversary("adds # pyright: ignore", _silenced("# pyright: ignore")),
    Adversary("adds // @ts-ignore", _silenced_above("// @ts-ignore")),
    Adversary("adds // @ts-expect-error", _silenced_above("// @ts-expect-error")),
    Adversary("silences the whole file", _silenced_at_top),
    Adversary("edits another file", _another_file),
    Adversary("swallows it in try", _swallows),
    Adversary("another undefined name", _another_unknown),
    Adversary("invents a variable", _invents),
    Adversary("invents a definition", _invents_at_top),
    Adversary("makes it unreachable", _unreachable),
    Adversary("casts to Any", _to_anything),
    Adversary("changes nothing", _nothing),
)
"""What answers in place of a model; a case gets those that have a place in it."""
