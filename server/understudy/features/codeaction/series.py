"""A job from its questions to its outcome: one attempt, or several one after the other on the text as it becomes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from understudy.checking.diagnostic import Diagnostic
from understudy.core.text import Span
from understudy.editing.hunks import hunks
from understudy.editing.shift import Shift
from understudy.features.codeaction.attempt import Made, Means, attempt
from understudy.features.codeaction.fix import FIX_ALL, surveyed
from understudy.features.codeaction.outcome import FileEdit, Job, Outcome, Proposal, Reason, Withheld
from understudy.features.codeaction.tasks import tasks

Report = Callable[[str], None]

MOST_AT_ONCE = 25  # questions for one job; who wants more of it can choose it again


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
    """All problems of a kind. Each question is about one of them, on the text as the answers before have left it, since
    an edit can be judged for one problem only; what goes by the way, as by an import, is not asked about. What passes
    is kept."""
    document, left, total = job.document, list(job.diagnostics), len(job.diagnostics)
    failed: list[Diagnostic] = []
    made: list[Made] = []
    why: Withheld | None = None
    for _ in range(MOST_AT_ONCE):
        if not left:
            break
        one, *rest = left
        todo = tasks(replace(job, document=document, span=one.span, diagnostics=(one,)), means.workspace, "")
        if isinstance(todo, Withheld):
            return todo
        number = total - len(left) + 1
        result = await attempt(todo[0], replace(means, report=_counting(means.report, number, total)))
        if isinstance(result, Made):
            made.append(result)
            failed = _moved(failed, document.text, result.text)
            document = document.with_text(result.text)
            still = await surveyed(replace(job, document=document), means.checking)
            places = {it.span for it in failed}
            left = [it for it in still.diagnostics if it.span not in places] if isinstance(still, Job) else []
        else:
            why = why or (result if isinstance(result, Withheld) else None)
            failed.append(one)
            left = rest
    if not made:
        return why or Withheld(Reason.NOTHING_TO_DO, "There is nothing to fix here.")
    done = total - len(left) - len(failed)
    title = f"Fix {f'all {total}' if done == total else f'{done} of {total}'} {job.diagnostics[0].code} problems"
    return _proposal(title, made, (FileEdit(job.document, hunks(job.document.text, document.text)),))


def _moved(diagnostics: Sequence[Diagnostic], old: str, new: str) -> list[Diagnostic]:
    """Diagnostics of the old text in the new one, but for those whose text has gone."""
    shift = Shift(old, new)
    places = ((it, shift.span(it.span)) for it in diagnostics)
    return [replace(it, span=span) for it, span in places if span is not None]


def _counting(report: Report, number: int, total: int) -> Report:
    return lambda words: report(f"{number} of {total}: {words}")
