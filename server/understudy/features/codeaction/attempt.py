"""One task: ask, read the answer, find the place, verify; what does not hold is asked for once more, then withheld."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from understudy.checking.base import Checking, Overlay
from understudy.checking.verdict import Candidate, Failure, Verdict
from understudy.checking.verify import verify
from understudy.context.workspace import Workspace
from understudy.core.text import Edit
from understudy.editing.block import Patched, Unmatched
from understudy.editing.patch import patch
from understudy.editing.read import read_blocks
from understudy.features.codeaction import prompt
from understudy.features.codeaction.asking import ANSWER_SECONDS, Answer, Chat
from understudy.features.codeaction.outcome import Explanation, Reason, Withheld
from understudy.features.codeaction.task import Task

ASKING, CHECKING, AGAIN = "asking the model", "checking", "asking again"
OPEN_THOUGHTS, CLOSE_THOUGHTS = "<think>", "</think>"
ANOTHER = "Another model may do better (`work.model`)."
LONGEST_QUOTE = 2000  # characters of an answer that could not be used, for the chat in which it is asked for again
LONGEST_MESSAGE = 200


@dataclass(frozen=True, slots=True)
class Means:
    """What an attempt works with; `report` is told in a few words what is being done."""

    chat: Chat
    workspace: Workspace
    checking: Checking
    report: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Made:
    """An edit that holds: `edits` lead from the task's document to `text`."""

    task: Task
    text: str
    edits: tuple[Edit, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Unfit:
    """An answer that cannot be used: what the user would be told, and what the model is."""

    withheld: Withheld
    explanation: str


async def attempt(task: Task, means: Means) -> Made | Explanation | Withheld:
    """Do one task. Raises `EngineError`. Cancelling it cancels the request and the checkers."""
    if means.workspace.ignored(task.document.uri):
        name = means.workspace.name(task.document.uri)
        return Withheld(Reason.IGNORED, f"{name} is ignored, so nothing is written there with a model.")
    asked = await prompt.build(task, means.workspace, means.chat.served)
    if asked is None:
        return Withheld(Reason.TOO_LONG, "This part is longer than the model can read at once; select less of it.")
    means.report(ASKING)
    answer = await means.chat.ask(asked)
    if task.answer == "prose":
        return _prose(task, answer)
    first = await _judged(answer, task, means)
    if isinstance(first, Made) or answer.ending == "late":
        return first if isinstance(first, Made) else first.withheld
    said = await asyncio.to_thread(prompt.hidden, first.explanation, task.document.text)
    retry = asked.again(answer.text[:LONGEST_QUOTE], said)
    if retry is None:
        return first.withheld
    means.report(AGAIN)
    second = await _judged(await means.chat.ask(retry, again=True), task, means)
    return second if isinstance(second, Made) else second.withheld


def _prose(task: Task, answer: Answer) -> Explanation | Withheld:
    if text := _spoken(answer.text).strip():
        return Explanation(task.title, text)
    return _late() if answer.ending == "late" else Withheld(Reason.UNREADABLE, f"The model said nothing. {ANOTHER}")


def _spoken(text: str) -> str:
    """Prose without the thoughts that some models write before it, whatever the template's switches say. (In blocks
    `editing.read` tells thoughts from code that spells the tags.)"""
    thought, closed, rest = text.partition(CLOSE_THOUGHTS)
    if closed:
        return rest
    return "" if thought.lstrip().startswith(OPEN_THOUGHTS) else text


async def _judged(answer: Answer, task: Task, means: Means) -> Made | Unfit:
    """Whether an answer gives an edit that holds."""
    means.report(CHECKING)
    found = await asyncio.to_thread(_patched, answer, task, means.workspace.name(task.document.uri))
    if isinstance(found, Unfit):
        return found
    # What is open beside it, since an import may be of what is not saved yet.
    others = {it.uri: it.text for it in means.workspace.opened() if it.uri != task.document.uri}
    before, after = Overlay(task.document, others), Overlay(task.document.with_text(found.text), others)
    verdict = await verify(Candidate(before, after, task.target, task.scope, task.asked), means.checking)
    return Made(task, found.text, found.edits, verdict) if verdict.failure is None else _failed(task, verdict)


def _patched(answer: Answer, task: Task, name: str) -> Patched | Unfit:
    """The document after an answer. Takes a moment in a long text."""
    if answer.ending == "late":
        return Unfit(_late(), "")
    if answer.ending == "cut":
        # Its last block is no block, whatever it looks like.
        message = f"The model's answer came to no end. {ANOTHER}"
        return Unfit(
            Withheld(Reason.TOO_LONG, message), "Your answer was cut off, being too long. Quote only a few lines."
        )
    blocks = read_blocks(answer.text)
    if not blocks:
        message = f"The model's answer holds no edit. {ANOTHER}"
        return Unfit(Withheld(Reason.UNREADABLE, message), "Your answer holds no search/replace block.")
    if any(block.path and not _same(block.path, name) for block in blocks):
        return _unmatched("it is about another file", f"Only {name} may be changed.")
    found = patch(task.document.text, blocks, task.scope)
    if isinstance(found, Unmatched):
        return _unmatched(found.reason, found.explanation)
    if prompt.writes_mask(task.document.text, found.text):
        words = "Your answer writes the stand-in of a secret. Leave alone the lines that hold one."
        return _unmatched("it would write the stand-in of a secret into the file", words)
    return found


def _same(path: str, name: str) -> bool:
    """Whether a model may have meant the file `name` by `path`: it may leave folders out, or put some before."""
    given, own = (it.replace("\\", "/").strip("/").split("/") for it in (path, name))
    return all(a == b for a, b in zip(reversed(given), reversed(own), strict=False))


def _unmatched(reason: str, explanation: str) -> Unfit:
    return Unfit(Withheld(Reason.UNMATCHED, f"The model's edit was not used: {reason}."), explanation)


def _failed(task: Task, verdict: Verdict) -> Unfit:
    failure = verdict.failure
    assert failure is not None
    explanation = f"Your edit {failure.value}.\n{verdict.detail}".rstrip()
    if failure is Failure.NOTHING and task.target is None:
        return Unfit(Withheld(Reason.NOTHING_TO_DO, "The model sees nothing to change here."), explanation)
    what = "fix" if task.target is not None else "change"
    detail = "" if failure is Failure.NOTHING else next(iter(verdict.detail.splitlines()), "").rstrip(".")
    more = f" ({detail[:LONGEST_MESSAGE]})" if detail else ""
    return Unfit(Withheld(Reason.FAILED_CHECK, f"The {what} was withheld: it {failure.value}{more}."), explanation)


def _late() -> Withheld:
    message = f"The model took longer than {ANSWER_SECONDS:.0f} seconds. A faster one can be named in `work.model`."
    return Withheld(Reason.ENGINE_FAILED, message)
