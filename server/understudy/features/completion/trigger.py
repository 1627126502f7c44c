"""May we? The reasons for which nothing is offered before any work is done, as one table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from understudy.context.syntax.parsed import Place
from understudy.core.settings import CompletionSettings
from understudy.features.completion.outcome import Query, Reason, Trigger

MAX_CHARACTERS = 5_000_000


@dataclass(frozen=True, slots=True)
class Situation:
    """What the rules look at. `place` is called by the rules that need the syntax tree, and by no other."""

    query: Query
    settings: CompletionSettings
    ignored: bool
    place: Callable[[], Place]


@dataclass(frozen=True, slots=True)
class Rule:
    """Nothing is offered where `applies`. A rule that is not `strict` gives way when the user asks by hand."""

    reason: Reason
    applies: Callable[[Situation], bool]
    strict: bool = True


def _mid_word(it: Situation) -> bool:
    text, offset = it.query.document.text, it.query.offset
    return 0 < offset < len(text) and _is_word(text[offset]) and _is_word(text[offset - 1])


def _is_word(character: str) -> bool:
    """Whether a character belongs to a word, as an identifier has them."""
    return character.isalnum() or character == "_"


RULES = (
    Rule(Reason.DISABLED, lambda it: not it.settings.enabled),
    Rule(Reason.SNOOZED, lambda it: it.query.snoozed, strict=False),
    Rule(Reason.LANGUAGE_OFF, lambda it: it.query.document.language in it.settings.disabled_languages),
    Rule(Reason.IGNORED_FILE, lambda it: it.ignored),
    Rule(Reason.TOO_LARGE, lambda it: len(it.query.document.text) > MAX_CHARACTERS),
    Rule(Reason.MID_WORD, _mid_word),
    Rule(Reason.IN_COMMENT, lambda it: not it.settings.in_comments and it.place().kind == "comment", strict=False),
    Rule(Reason.IN_STRING, lambda it: not it.settings.in_strings and it.place().kind == "string", strict=False),
)
NEVER = (Reason.DISABLED, Reason.LANGUAGE_OFF, Reason.IGNORED_FILE, Reason.TOO_LARGE)
"""Reasons that hold for the whole file, wherever the cursor goes."""


def refusal(it: Situation) -> Reason | None:
    """The first reason, in the table's order, to offer nothing."""
    by_hand = it.query.trigger is Trigger.INVOKED
    for rule in RULES:
        if (rule.strict or not by_hand) and rule.applies(it):
            return rule.reason
    return None
