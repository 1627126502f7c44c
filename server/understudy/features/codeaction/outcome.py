"""What is asked of this feature, what stands in the menu, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from understudy.checking.diagnostic import Diagnostic
from understudy.core.text import Document, Edit, Span


@dataclass(frozen=True, slots=True)
class Query:
    """One look at the light bulb. `span` is the selection, or a cursor. `diagnostics`: those that the request names;
    everything else in the file stays unsaid. `only`: LSP kinds, of which an action's kind must be one or lie below one.
    `automatic`: nobody has opened the menu. `asks`: the front door can ask the user for a line of text."""

    document: Document
    span: Span
    diagnostics: tuple[Diagnostic, ...] = ()
    only: tuple[str, ...] = ()
    automatic: bool = False
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """Something that can be done: `action` is a row's name in `actions.ACTIONS`. It is a value, made for a version of
    a document, and may be carried out later, when the text has moved on: then it is carried along or refused."""

    action: str
    document: Document
    span: Span
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class FileEdit:
    """The edits of one file. `document` is what they were made for: an open text, a file as it is on disk, or, with
    `new`, an empty text for a file that is not there yet."""

    document: Document
    edits: tuple[Edit, ...]
    new: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A result that may be applied. `title` is the action's with its evidence: "Fix: 'pathlib' is not defined (checked:
    parses, ruff clean)". `checked`: the checker that reported the problem has seen it gone, and nothing new.
    `about`: where the problem stands in the first file's document; who changes that makes the result void.
    """

    title: str
    files: tuple[FileEdit, ...]
    checked: bool
    about: Span | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A text for the user, in Markdown; nothing is changed."""

    title: str
    text: str


class Reason(Enum):
    """Why nothing came of a job; the value is what statistics call it."""

    DISABLED = "disabled"
    IGNORED = "ignored"
    NO_ENGINE = "engine not ready"
    ENGINE_FAILED = "engine failed"
    NO_CHAT = "no chat model"
    UNREADABLE = "answer not readable"
    UNMATCHED = "answer does not fit"
    FAILED_CHECK = "check failed"
    MOVED_ON = "text moved on"
    TOO_LONG = "too long"
    NOTHING_TO_DO = "nothing to do"


@dataclass(frozen=True, slots=True)
class Withheld:
    """Nothing is offered. `message` tells the user in one sentence why, and what to do where there is something."""

    reason: Reason
    message: str


Outcome = Proposal | Explanation | Withheld


@dataclass(frozen=True, slots=True)
class Offer:
    """One entry of the menu. `kind` is LSP's. `disabled` says why it cannot be done now, empty where it can.

    `ready`: the checked result, where it is prepared already; otherwise the job takes a model and time. `asks`: the
    user has to say what is wanted.
    """

    job: Job
    title: str
    kind: str
    diagnostics: tuple[Diagnostic, ...] = ()
    preferred: bool = False
    disabled: str = ""
    ready: Proposal | None = None
    asks: bool = False
