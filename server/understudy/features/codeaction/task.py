"""What a job comes down to: one question to the model, and what its answer may do. A job may be several of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from understudy.checking.diagnostic import Diagnostic
from understudy.core.text import Document, Span


@dataclass(frozen=True, slots=True)
class Task:
    """One question about one file.

    `title` is the menu's, without evidence: "Fix: 'pathlib' is not defined". `words` end the prompt (made with
    `editing.words`). `document` is the file that the answer is about: the job's own, or another, as a test file; with
    `new` it is not there yet and its text is empty. `focus` is what the model must see of it, whole if it fits, and
    `scope` what its edits may change besides the imports; None: anything. `shown`: other documents that it must see,
    each with the part that matters. `target`: the diagnostic that is to go. `asked`: the words are the
    user's own, who may want code deleted. `answer`: edits, or prose in Markdown.
    """

    title: str
    words: str
    document: Document
    focus: Span
    scope: Span | None = None
    target: Diagnostic | None = None
    shown: tuple[tuple[Document, Span], ...] = ()
    answer: Literal["edits", "prose"] = "edits"
    new: bool = False
    asked: bool = False
