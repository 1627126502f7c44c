"""From a task to the chat that is sent: what stays the same from one question to the next comes first.

No secret is shown. Files are masked as completions mask them, and so are the task's words and what is said of an answer
that did not fit; of these also what is a secret by where it stands in the file (`hidden`): tools quote a value without
the name that tells what it is. An answer that quotes a mask fits nowhere, and one that writes a mask where there was
none is refused (`writes_mask`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from understudy.context.privacy.secrets import WHOLE, masked, spans
from understudy.context.workspace import Workspace
from understudy.core.text import Document, Span, changed_span, split_lines
from understudy.editing import words
from understudy.editing.words import Excerpt, Other
from understudy.engine.base import Message
from understudy.engine.chat_served import ChatServed
from understudy.features.codeaction.excerpts import Lines, Part, excerpts, tokens
from understudy.features.codeaction.task import Task

PROMPT_TOKENS = 6000
CONTEXT_SHARE = 0.15
"""Of the model's context, for the prompt, where that is less: a small model answers best to short questions. Only what
has to be changed itself may take more."""
OTHERS_SHARE = 0.3  # of the prompt, for definitions of other files; more where the file leaves some
LEAST_OTHERS = 48  # tokens; with less room no definition is looked for
LEAST_ANSWER, MOST_ANSWER = 768, 4096
ANSWER_SHARE = 1 / 3  # of the context, at most
MARGIN = 64  # tokens kept free for what the chat template adds
LEAST_PIECE = 12  # characters of a secret by whose beginning a piece of it is known

PROSE = """You are an expert programmer who explains source code and its problems in an editor.
Answer in Markdown, in a few short paragraphs: what is wrong, why, and how it would be mended.
Quote code where it helps.
Do not repeat the question."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """The messages of a chat, at most how many tokens the answer may have, and how many the chat may have in all, as
    `tokens_of` counts them."""

    messages: tuple[Message, ...]
    answer: int
    room: int

    def again(self, answer: str, explanation: str) -> Prompt | None:
        """The chat after an answer that could not be used; None where it would grow too long."""
        more = Message("assistant", answer), Message("user", words.retry(explanation))
        messages = (*self.messages, *more)
        if sum(tokens_of(it.content) for it in messages) > self.room:
            return None
        return Prompt(messages, self.answer, self.room)


async def build(task: Task, workspace: Workspace, served: ChatServed) -> Prompt | None:
    """The chat of a task; None where what must be shown of it is too long for the model."""
    lines = await asyncio.to_thread(Lines.of, task.document.text)
    part = Part(task.focus, task.target.span if task.target is not None else None)
    system = words.SYSTEM if task.answer == "edits" else PROSE
    question = await asyncio.to_thread(hidden, task.words, task.document.text)
    shown = [
        Other(workspace.name(document.uri), await asyncio.to_thread(_rows_of, document, span))
        for document, span in task.shown
        if not workspace.ignored(document.uri)
    ]
    answer = _answer_tokens(lines.cost(lines.rows(task.focus)), served.info.context)
    room = served.info.context - answer - MARGIN
    fixed = tokens_of(question) + sum(tokens_of(it.text) for it in shown)
    limit = min(PROMPT_TOKENS, int(served.info.context * CONTEXT_SHARE)) - fixed
    own = excerpts(lines, workspace.parse(task.document), part, int(limit * (1 - OTHERS_SHARE)))
    left = limit - sum(tokens_of(it.text) for it in own)
    others = (*_definitions(task, workspace, own, left), *shown)
    user = words.question(workspace.name(task.document.uri), own, question, others)
    if tokens_of(system) + tokens_of(user) > room:
        return None
    return Prompt(served.messages(system, user), answer, room)


def tokens_of(text: str) -> int:
    """Tokens of a text, rather too many."""
    return sum(map(tokens, split_lines(text)))


def hidden(said: str, text: str) -> str:
    """What is said of a file with the text `text`, without the secrets of that. Takes a moment for a long text."""
    for start, end, mask in spans(text):
        secret = text[start:end]
        said = _without_pieces(said.replace(secret, mask), secret, mask)
    return masked(said)


def writes_mask(old: str, new: str) -> bool:
    """Whether a mask stands in the new text that did not in the old one: the model gave back what stands for a
    secret."""
    return len(WHOLE.findall(new)) > len(WHOLE.findall(old))


def _without_pieces(said: str, secret: str, mask: str) -> str:
    """What is said without the beginning of a secret: tools cut the long values that they quote."""
    head, at = secret[:LEAST_PIECE], 0
    while len(head) == LEAST_PIECE and (at := said.find(head, at)) >= 0:
        shared = changed_span(said[at : at + len(secret)], secret)[0].start
        said = said[:at] + mask + said[at + shared :]
        at += len(mask)
    return said


def _answer_tokens(focus: int, context: int) -> int:
    """The longest answer: the part in question quoted and written anew, and some more."""
    return min(max(LEAST_ANSWER, 2 * focus + LEAST_ANSWER // 2), MOST_ANSWER, int(context * ANSWER_SHARE))


def _definitions(task: Task, workspace: Workspace, own: Sequence[Excerpt], limit: int) -> tuple[Other, ...]:
    """What other files define of what is used at the place, and far parts of this one."""
    if limit < LEAST_OTHERS or task.new:
        return ()
    at = task.target.span.end if task.target is not None else task.focus.end
    rows = [(it.row, it.row + it.text.count("\n") + 1) for it in own]
    found = workspace.definitions(task.document, at, limit=limit, count=tokens_of, rows=rows)
    return tuple(Other(it.path, it.text.rstrip("\n")) for it in found)


def _rows_of(document: Document, span: Span) -> str:
    lines = Lines.of(document.text)
    return lines.excerpt(lines.rows(span)).text
