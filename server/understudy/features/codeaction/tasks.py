"""From a job to the questions that it comes down to.

A job that was made for an earlier text, or without this table (a command, a shell), is looked at as the menu is: what
could not be offered is not done either. A job of *fix all* has to be `fix.surveyed` first.
"""

from __future__ import annotations

from understudy.context.syntax.languages import language_of
from understudy.context.workspace import Workspace
from understudy.features.codeaction.actions import BY_NAME
from understudy.features.codeaction.look import Look
from understudy.features.codeaction.outcome import Job, Reason, Withheld
from understudy.features.codeaction.task import Task

IGNORED = "This file is ignored, so nothing of it is shown to a model."


def tasks(job: Job, workspace: Workspace, instruction: str = "") -> tuple[Task, ...] | Withheld:
    """The questions of a job, at least one, or why there is none. `instruction`: what the user has said."""
    action = BY_NAME.get(job.action)
    if action is None:
        names = ", ".join(BY_NAME)
        return Withheld(Reason.NOTHING_TO_DO, f"There is no code action called {job.action!r}; there are {names}.")
    if workspace.ignored(job.document.uri):
        return Withheld(Reason.IGNORED, workspace.ignore_reason(job.document.uri) or IGNORED)
    look = Look(job.document, job.span, workspace, job.diagnostics, asks=True)
    found = next(iter(action.find(look)), None)
    if found is None and look.parsed is None and language_of(job.document.language) is not None:
        return Withheld(Reason.NOTHING_TO_DO, "The file is still being read, or is too long for that; try again.")
    if found is None:
        return Withheld(Reason.NOTHING_TO_DO, "There is nothing here that this could be done for.")
    if found.disabled:
        return Withheld(Reason.NOTHING_TO_DO, f"This cannot be done: {found.disabled}.")
    return action.ask(look, found, instruction)
