"""One file's problems, fixed one after the other: each fix is checked before the next is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import accumulate

from understudy.checking.base import Checking, Overlay, Report
from understudy.checking.diagnostic import Diagnostic
from understudy.checking.intent.kinds import Kind, kinds_of
from understudy.cli.fix.text import place_of
from understudy.core.text import Document, Span, apply, line_end, line_start, split_lines
from understudy.editing.shift import Shift
from understudy.features.codeaction.outcome import Job, Outcome, Proposal, Reason, Withheld
from understudy.lsp.services import Fixer

FIX = "fix"  # the row of `features.codeaction.actions`
REPORTED = ("error", "warning")  # hints and information are no problems where the whole file is meant
MOST_PROBLEMS = 200
# What ends the first attempt like this ends every other one.
ENDING = (Reason.DISABLED, Reason.IGNORED, Reason.NO_ENGINE, Reason.ENGINE_FAILED, Reason.NO_CHAT)


@dataclass(frozen=True, slots=True)
class Found:
    """The problems of a text, and why checkers could not say, where one could not."""

    problems: tuple[Diagnostic, ...]
    checkers: tuple[str, ...]
    unable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one problem. `document` is the text in which it stood; `withheld` is empty where it is fixed, else
    says why it is not."""

    problem: Diagnostic
    document: Document
    title: str = ""
    withheld: str = ""


@dataclass(frozen=True, slots=True)
class Fixed:
    """The text in the end, what became of each problem that was tried and is not gone, how many there were at first and
    how many are left."""

    document: Document
    attempts: tuple[Attempt, ...]
    found: int = 0
    left: int = 0

    @property
    def solved(self) -> int:
        """How many were fixed; one fix may solve several, or show others, as one of a syntax error does."""
        return max(self.found - self.left, sum(not attempt.withheld for attempt in self.attempts))


async def look(checking: Checking, document: Document, line: Span | None) -> Found:
    """The problems of a document, those that touch `line` where it is given, each once though several report it."""
    return _found(await checking.check(Overlay(document), None), document.text, line)


async def fix_all(
    fixer: Fixer, checking: Checking, document: Document, line: Span | None, report: Callable[[str], None]
) -> Fixed:
    """Fix the problems in the order of `_turn`. A fix that solves several, or moves what comes after it, is heeded: the
    file is checked again after each."""
    attempts: list[Attempt] = []
    found = await look(checking, document, line)
    first = len(found.problems)
    given_up: set[tuple[str, str, str]] = set()
    for _ in range(MOST_PROBLEMS):
        untried = [it for it in found.problems if _identity(it, document.text) not in given_up]
        if not untried:
            break
        problem = min(untried, key=_turn)
        outcome = await fixer.run(Job(FIX, document, problem.span, (problem,)), report)
        new, attempt = _taken(outcome, problem, document)
        attempts.append(attempt)
        if new is None:
            given_up.add(_identity(problem, document.text))
            if isinstance(outcome, Withheld) and outcome.reason in ENDING:
                break
        else:
            line = line and _followed(line, document.text, new.text)
            fixer.changed(document, new)
            document = new
            found = await look(checking, document, line)
    left = {_identity(it, document.text) for it in found.problems}
    told = [it for it in attempts if not it.withheld or _identity(it.problem, it.document.text) in left]
    return Fixed(document, tuple(told), first, len(found.problems))


def _turn(problem: Diagnostic) -> tuple[int, int]:
    """Syntax errors hide problems and make up others, so they come first. What is said not to be needed comes last:
    a name that is misspelt where it is used makes its import look unused."""
    kinds = kinds_of(problem)
    rank = 0 if Kind.SYNTAX in kinds else 2 if Kind.UNNEEDED in kinds else 1
    return rank, problem.span.start


def _taken(outcome: Outcome, problem: Diagnostic, document: Document) -> tuple[Document | None, Attempt]:
    """The document with a checked result, or why it is not taken."""
    if not isinstance(outcome, Proposal):
        why = getattr(outcome, "message", "") or "The model explained the problem and changed nothing."
        return None, Attempt(problem, document, withheld=why)
    if any(file.new or file.document.uri != document.uri for file in outcome.files):
        why = "The fix needs changes in other files, which this command does not make: use an editor."
        return None, Attempt(problem, document, withheld=why)
    if not outcome.checked:
        return None, Attempt(problem, document, withheld=f"No checker could vouch for the fix. {outcome.title}.")
    edits = tuple(edit for file in outcome.files for edit in file.edits)
    new = replace(document, version=document.version + 1, text=apply(document.text, edits))
    return new, Attempt(problem, document, outcome.title)


def _found(reports: tuple[Report, ...], text: str, line: Span | None) -> Found:
    every = [it for report in reports for it in report.diagnostics or ()]
    if line is None:
        wanted = [it for it in every if it.severity in REPORTED]
    else:
        wanted = [it for it in every if it.span.start <= line.end and it.span.end >= line.start]
    # Two checkers that name the same place nearly always mean the same; what is left of it, the next look shows.
    once: dict[int, Diagnostic] = {}
    for problem in sorted(wanted, key=lambda it: (it.span.start, it.severity != "error")):
        once.setdefault(problem.span.start, problem)
    said = tuple(report.checker for report in reports if report.diagnostics is not None)
    return Found(tuple(once.values()), said, tuple(it.unable for it in reports if it.diagnostics is None and it.unable))


def _identity(problem: Diagnostic, text: str) -> tuple[str, str, str]:
    """What stays of a problem when lines move: another of the same kind in an equal line is given up with it."""
    start = problem.span.start
    return problem.code, problem.message, text[line_start(text, start) : line_end(text, start)]


def _followed(line: Span, old: str, new: str) -> Span:
    """Where the lines of `old` that `line` touches are in `new`, with what was put in their place: all between what the
    lines above and below have become."""
    shift = Shift(old, new)
    last_row = len(split_lines(old)) - 1
    first, last = row_of(old, line.start), row_of(old, line.end)
    above = next((to for row in range(first - 1, -1, -1) if (to := shift.row(row)) is not None), -1)
    below = next((to for row in range(last + 1, last_row + 1) if (to := shift.row(row)) is not None), None)
    lines = split_lines(new)
    starts = [0, *accumulate(map(len, lines))]
    kept = shift.row(first)  # what was inserted above it is not of it
    begin = starts[min(above + 1 if kept is None else kept, len(lines))]
    end = starts[min(below, len(lines))] if below is not None else len(new)
    return Span(begin, max(begin, len(new[:end].rstrip("\r\n"))))


def row_of(text: str, offset: int) -> int:
    """The row that holds an offset, from 0."""
    return place_of(text, offset)[0] - 1
