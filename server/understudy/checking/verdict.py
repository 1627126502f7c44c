"""What verification comes to: evidence that a user can read in a title, or a reason that a model can act on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from understudy.checking.base import Overlay
from understudy.checking.diagnostic import Diagnostic
from understudy.core.text import Span


class Failure(Enum):
    """Why an edit does not hold; the value is the end of the sentence "The fix was withheld: it …"."""

    SYNTAX = "breaks the syntax"
    STILL_THERE = "leaves the problem as it is"
    NEW_PROBLEMS = "brings new problems"
    SUPPRESSED = "hides the problem instead of solving it"
    DELETED = "only deletes the code"
    ELSEWHERE = "changes code that has nothing to do with it"
    NOTHING = "changes nothing"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An edit to be verified: a document `before` it, the overlay `after` it.

    `target` is the diagnostic that is to go, in the text before; None for an edit that was asked for without one.
    `scope` is the stretch of the text before that may change, usually the enclosing definition; None: all of it.
    `asked`: the user has asked for the change in words, which may be to delete code or to silence a checker.
    """

    before: Overlay
    after: Overlay
    target: Diagnostic | None = None
    scope: Span | None = None
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """`failure` is None where the edit holds; `detail` then is empty, else it says more, for the model's next try.

    `evidence`: what was checked, as it stands in a title: "parses, ruff clean", or "parses; not re-checked: pyright is
    not installed". `vouched`: the checker that reported the target has seen it gone, and nothing new.
    """

    failure: Failure | None
    detail: str = ""
    evidence: str = ""
    vouched: bool = False
