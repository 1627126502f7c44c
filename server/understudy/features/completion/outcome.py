"""What a completion request comes to: a `Completion`, or a reason why there is none.

Every outcome has a name. Reasons are counted and shown to the user by `understudy stats`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from understudy.core.text import Document, Edit, Span
from understudy.engine.base import Usage


class Trigger(Enum):
    """Who asked: the editor while the user typed, or the user by hand."""

    AUTOMATIC = "automatic"
    INVOKED = "invoked"


class Source(Enum):
    """Where an answer came from. Only `ENGINE` cost the engine a new request."""

    ENGINE = "engine"
    IN_FLIGHT = "in flight"
    CACHE = "cache"


class Reason(Enum):
    """Why nothing is offered; the value is what the user reads."""

    DISABLED = "completions are switched off"
    SNOOZED = "completions are paused"
    LANGUAGE_OFF = "this language is switched off"
    IGNORED_FILE = "the file is ignored or holds secrets"
    IN_COMMENT = "the cursor is in a comment"
    IN_STRING = "the cursor is in a string"
    MID_WORD = "the cursor is inside a word"
    TOO_LARGE = "the file is too large"
    ENGINE_STARTING = "the engine is not ready"
    ENGINE_FAILED = "the engine refused or broke off"
    NO_FIM = "the model has no fill-in-the-middle format"
    TOO_SLOW = "nothing came in time"
    SUPERSEDED = "a newer request took over"
    STALE = "the text moved on"
    EMPTY = "the model offered nothing"
    DUPLICATE = "the text is already there"
    REPETITION = "the model repeated itself"
    MASKED = "the model wrote the stand-in of a secret"
    SYNTAX = "the result would not parse"


@dataclass(frozen=True, slots=True)
class Selected:
    """The entry that is highlighted in the editor's completion menu: it would replace `span` by `text`."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Query:
    """One request: a frozen document, a cursor, who asked, what the completion menu has selected, and whether the user
    wants to be left alone for a while."""

    document: Document
    offset: int
    trigger: Trigger = Trigger.AUTOMATIC
    selected: Selected | None = None
    snoozed: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One alternative: `edit` refers to the document of `Completion.document`. `id` names it in later reports."""

    id: str
    edit: Edit


@dataclass(frozen=True, slots=True)
class Completion:
    """Ghost text to offer at `offset` of `document`, best first."""

    document: Document
    offset: int
    items: tuple[Item, ...]
    source: Source
    usage: Usage | None = None
    first_token_ms: float | None = None
    total_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Skipped:
    """Nothing to offer, and why. `detail` is a sentence for the user where they can do something about it."""

    reason: Reason
    total_ms: float = 0.0
    detail: str = ""


Outcome = Completion | Skipped
