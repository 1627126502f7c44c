"""What `understudy fix` prints: the changes as a unified diff, and sentences about what was found and checked."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence

from understudy.checking.diagnostic import Diagnostic
from understudy.core.text import split_lines

NO_LINE_END = "\\ No newline at end of file\n"
WIDTH = 160
_LINE = re.compile(r"[^\n]*\n|[^\n]+")  # to `patch` and `git` a lone carriage return ends no line


def unified_diff(path: str, old: str, new: str) -> str:
    """The changes as `git apply` and `patch -p1` read them; empty where there are none."""
    lines = difflib.unified_diff(_LINE.findall(old), _LINE.findall(new), f"a/{path}", f"b/{path}")
    return "".join(line if line.endswith("\n") else f"{line}\n{NO_LINE_END}" for line in lines)


def problem_line(path: str, text: str, problem: Diagnostic) -> str:
    """A problem with its place, as compilers print one."""
    row, column = place_of(text, problem.span.start)
    by = " ".join(word for word in (problem.source, problem.code) if word)
    message = " ".join(problem.message.split())
    shown = message if len(message) <= WIDTH else f"{message[: WIDTH - 1]}…"
    return f"{path}:{row}:{column}: {shown}" + (f" ({by})" if by else "")


def place_of(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, from 1."""
    lines = split_lines(text[:offset])
    if not lines or lines[-1].endswith(("\n", "\r")):
        return len(lines) + 1, 1
    return len(lines), len(lines[-1]) + 1


def counted(number: int, thing: str) -> str:
    """`1 problem`, `2 problems`."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def listed(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def summary(fixed: int, left: int, *, written: bool) -> Iterator[str]:
    """How it came out, in a line or two."""
    if fixed or left:
        of = f" of {fixed + left}" if left else ""
        yield f"{fixed}{of} {'problem' if fixed + left == 1 else 'problems'} fixed and checked."
    if fixed and not written:
        yield "Nothing was written: give --write for that."
