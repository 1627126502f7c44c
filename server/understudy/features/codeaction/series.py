"""A job from its questions to its outcome: one attempt, or several one after the other on the text as it becomes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from understudy.checking.diagnostic import Diagnostic
from understudy.core.text import Document, Span
from understudy.editing.hunks import hunks
from understudy.editing.shift import Shift
from understudy.features.codeaction.attempt import Made, Means, attempt
from understudy.features.codeaction.fix import FIX_ALL, surveyed
from understudy.features.codeaction.outcome import FileEdit, Job, Outcome, Proposal, Reason, Withheld
from understudy.features.codeaction.task import Task
from understudy.features.codeaction.tasks import tasks

Report = Callable[[str], None]

AT_ONCE = 16  # problems that are looked at for the next question; it takes those that stand near each other


async def carry_out(job: Job, instruction: str, means: Means) -> Outcome:
    """Do a job. Raises `EngineError`."""
    if job.action == FIX_ALL:
        every = await surveyed(job, means.checking)
        return every if isinstance(every, Withheld) else await _one_by_one(every, means)
    todo = tasks(job, means.workspace, instruction)
    if isinstance(todo, Withheld):
        return todo
    files: list[FileEdit] = []
    made: list[Made] = []
    for task in todo:
        result = await attempt(task, means)
        if not isinstance(result, Made):
            return result
        made.append(result)
        files.append(FileEdit(task.document, result.edits, task.new))
    if not made:
        return Withheld(Reason.NOTHING_TO_DO, "There is nothing to change here.")
    about = made[0].task.target.span if made[0].task.target is not None else None
    return _proposal(made[0].task.title, made, tuple(files), about)


def _proposal(title: str, made: Sequence[Made], files: tuple[FileEdit, ...], about: Span | None = None) -> Proposal:
    """What may be offered, its evidence in the title."""
    checked = all(it.verdict.vouched for it in made)
    evidence = made[-1].verdict.evidence
    said = f"checked: {evidence}" if checked else evidence
    return Proposal(f"{title} ({said})" if said else title, files, checked, about)


async def _one_by_one(job: Job, means: Means) -> Outcome:
    """All problems of a kind: what passes is kept, each question is about the text as the ones before have left it."""
    document, left, total = job.document, list(job.diagnostics), len(job.diagnostics)
    made: list[Made] = []
    why: Withheld | None = None
    together = True
    while left:
        asked = left[:AT_ONCE] if together else left[:1]
        todo = tasks(replace(job, document=document, diagnostics=tuple(asked)), means.workspace, "")
        if isinstance(todo, Withheld):
            return todo
        task = todo[0]
        targets = _targets(task)
        result = await attempt(task, replace(means, report=_counting(means.report, total - len(left) + 1, total)))
        if isinstance(result, Made):
            made.append(result)
            left = _moved([it for it in left if it not in targets], document.text, result.text)
            document = document.with_text(result.text)
        elif len(targets) > 1:
            together = False  # what is too much at once may be had one by one
            continue
        else:
            why = why or (result if isinstance(result, Withheld) else None)
            left = [it for it in left if it not in targets]
        together = True
    return await _counted(job, document, made, why, means)


async def _counted(job: Job, document: Document, made: list[Made], why: Withheld | None, means: Means) -> Outcome:
    """The outcome, with how many of how many in its title."""
    if not made:
        return why or Withheld(Reason.NOTHING_TO_DO, "There is nothing to fix here.")
    after = await surveyed(replace(job, document=document, diagnostics=job.diagnostics[:1]), means.checking)
    total, code = len(job.diagnostics), job.diagnostics[0].code
    done = total - (len(after.diagnostics) if isinstance(after, Job) else 0)
    title = f"Fix {f'all {total}' if done == total else f'{done} of {total}'} {code} problems"
    return _proposal(title, made, (FileEdit(job.document, hunks(job.document.text, document.text)),))


def _targets(task: Task) -> tuple[Diagnostic, ...]:
    return (() if task.target is None else (task.target,)) + task.also


def _moved(diagnostics: Sequence[Diagnostic], old: str, new: str) -> list[Diagnostic]:
    """Diagnostics of the old text in the new one, but for those whose text has gone."""
    shift = Shift(old, new)
    places = ((it, shift.span(it.span)) for it in diagnostics)
    return [replace(it, span=span) for it, span in places if span is not None]


def _counting(report: Report, number: int, total: int) -> Report:
    return lambda words: report(f"{number} of {total}: {words}")
