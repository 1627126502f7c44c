"""What is done about diagnostics: one is fixed, all of its kind are, or it is explained."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from understudy.checking.base import Checking, Overlay
from understudy.checking.diagnostic import Diagnostic
from understudy.core.text import line_start
from understudy.editing.words import instruction_task, problems_task
from understudy.features.codeaction.action import Found
from understudy.features.codeaction.look import Look
from understudy.features.codeaction.outcome import Job, Reason, Withheld
from understudy.features.codeaction.problem import problem, shortened, title
from understudy.features.codeaction.task import Task

FIX, FIX_ALL = "fix", "fix_all"  # their names in the table
MAX_FIXES = 5
_WORST_FIRST = {"error": 0, "warning": 1, "information": 2, "hint": 3}


def find_fixes(look: Look) -> Iterator[Found]:
    """One per diagnostic, the nearest first. Where the same is said twice of a line, the first counts."""
    found: dict[tuple[str, int], Diagnostic] = {}
    for it in _nearest(look):
        found.setdefault((title("Fix", it.message), line_start(look.document.text, it.span.start)), it)
    for (said, _), it in islice(found.items(), MAX_FIXES):
        yield Found(said, (it,))


def find_kind(look: Look) -> Iterator[Found]:
    """The nearest diagnostic's kind, where its tool has a name for it."""
    it = next((it for it in _nearest(look) if it.code), None)
    if it is not None:
        # Java's and TypeScript's codes are numbers, which say nothing without their tool.
        named = it.code if any(map(str.isalpha, it.code)) else f"{it.source} {it.code}".strip()
        yield Found(shortened(f"Fix all of this kind in the file ({named})"), (it,))


def find_explanation(look: Look) -> Iterator[Found]:
    """The nearest diagnostic."""
    for it in _nearest(look)[:1]:
        yield Found(title("Explain", it.message), (it,))


def ask_fix(look: Look, found: Found, _: str) -> tuple[Task, ...]:
    """One diagnostic, and the definition that it stands in."""
    it = found.diagnostics[0]
    focus = look.enclosing(it.span)
    words = problems_task([problem(look.document, it, look.workspace)])
    return (Task(found.title, words, look.document, focus, look.scope(focus), it),)


def ask_explanation(look: Look, found: Found, _: str) -> tuple[Task, ...]:
    """One diagnostic, for an answer in prose."""
    it = found.diagnostics[0]
    said = problem(look.document, it, look.workspace)
    by = " ".join(word for word in (said.source, said.code) if word)
    words = "\n".join(
        (f"Explain this problem: {said.message}" + (f" ({by})" if by else ""), *(f"  {line}" for line in said.related))
    )
    task = instruction_task(said.row, said.row, f"{words}\n{said.line}")
    return (Task(found.title, task, look.document, look.enclosing(it.span), target=it, answer="prose"),)


async def surveyed(job: Job, checking: Checking) -> Job | Withheld:
    """A job with all diagnostics that it is about. That of *fix all* names one of their kind: an editor sends those of
    the lines in question, and what it sent earlier may be gone by now. So the checker that reported it says where the
    others are. Every other job comes back as it is."""
    if job.action != FIX_ALL or not job.diagnostics:
        return job
    one = job.diagnostics[0]
    report = next(iter(await checking.check(Overlay(job.document), one)), None)
    if report is None or report.diagnostics is None:
        why = report.unable if report is not None and report.unable else "no checker here knows them"
        return Withheld(Reason.FAILED_CHECK, f"Where the other {one.code} problems are is not known: {why}.")
    alike = tuple(it for it in report.diagnostics if it.code == one.code)
    if not alike:
        return Withheld(Reason.NOTHING_TO_DO, f"{report.checker} finds no {one.code} problem in this file any more.")
    return replace(job, diagnostics=alike)


def _nearest(look: Look) -> list[Diagnostic]:
    """The diagnostics, those at the place first, of these the worst."""

    def key(it: Diagnostic) -> tuple[int, int, int]:
        away = max(it.span.start - look.span.end, look.span.start - it.span.end, 0)
        return away, _WORST_FIRST[it.severity], it.span.start

    return sorted(dict.fromkeys(look.diagnostics), key=key)
