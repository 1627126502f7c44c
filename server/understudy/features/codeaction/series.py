"""A job from its questions to its outcome: one attempt, or several one after the other on the text as it becomes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from understudy.checking.base import Checking
from understudy.checking.diagnostic import Diagnostic
from understudy.core.errors import EngineError
from understudy.core.text import Span
from understudy.editing.hunks import hunks
from understudy.editing.shift import Shift
from understudy.features.codeaction.attempt import Made, Means, attempt
from understudy.features.codeaction.fix import FIX_ALL, surveyed
from understudy.features.codeaction.outcome import Explanation, FileEdit, Job, Outcome, Proposal, Reason, Withheld
from understudy.features.codeaction.tasks import tasks

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
    is kept, also when the engine fails at a later one."""
    document, left, total = job.document, list(job.diagnostics), len(job.diagnostics)
    failed: list[Diagnostic] = []
    made: list[Made] = []
    ended: Withheld | EngineError | None = None
    for _ in range(MOST_AT_ONCE):
        if not left:
            break
        one, *left = left
        number = f"{total - len(left)} of {total}"
        result = await _attempted(replace(job, document=document, span=one.span, diagnostics=(one,)), number, means)
        if isinstance(result, Made):
            made.append(result)
            failed, left = await asyncio.to_thread(_moved, (failed, left), document.text, result.text)
            document = document.with_text(result.text)
            left = await _left(replace(job, document=document), left, failed, means.checking)
            continue
        failed.append(one)
        ended = ended or result
        if isinstance(result, EngineError) or result.reason is Reason.ENGINE_FAILED:
            ended = result
            break
    if made:
        done = max(len(made), total - len(left) - len(failed))
        title = f"Fix {f'all {total}' if done == total else f'{done} of {total}'} {job.diagnostics[0].code} problems"
        edits = await asyncio.to_thread(hunks, job.document.text, document.text)
        return _proposal(title, made, (FileEdit(job.document, edits),))
    if isinstance(ended, EngineError):
        raise ended
    return ended or Withheld(Reason.NOTHING_TO_DO, "There is nothing to fix here.")


async def _attempted(job: Job, number: str, means: Means) -> Made | Withheld | EngineError:
    """One problem of several; `number` says which. An engine that fails does not undo what is made already."""
    todo = tasks(job, means.workspace, "")
    if isinstance(todo, Withheld):
        return todo
    try:
        result = await attempt(todo[0], replace(means, report=lambda words: means.report(f"{number}: {words}")))
    except EngineError as error:
        return error
    assert not isinstance(result, Explanation)
    return result


async def _left(job: Job, known: list[Diagnostic], failed: list[Diagnostic], checking: Checking) -> list[Diagnostic]:
    """What is left of a kind in the text as it is now; those that are `known` of where the checker cannot say."""
    still = await surveyed(job, checking)
    if isinstance(still, Withheld):
        return [] if still.reason is Reason.NOTHING_TO_DO else known
    places = {it.span for it in failed}
    return [it for it in still.diagnostics if it.span not in places]


def _moved(groups: Sequence[Sequence[Diagnostic]], old: str, new: str) -> list[list[Diagnostic]]:
    """Diagnostics of the old text in the new one, but for those whose text has gone."""
    shift = Shift(old, new)
    placed = [[(it, shift.span(it.span)) for it in diagnostics] for diagnostics in groups]
    return [[replace(it, span=span) for it, span in group if span is not None] for group in placed]
