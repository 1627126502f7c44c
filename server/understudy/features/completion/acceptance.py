"""Whether a suggestion was taken, read off the document's changes alone, so that it works in every editor.

A suggestion that goes in with one change was accepted; one that comes letter by letter was typed. Two cases cannot be
told apart: the last single letter, accepted or typed, counts as typed; a word that the completion menu inserted where
the suggestion began with the same word counts as partly accepted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum

from understudy.core.text import Document, changed_span
from understudy.features.completion.outcome import Item

PAIRS = ("()", "[]", "{}", "<>", '""', "''", "``")  # an editor closes these by itself
# One press of a key: a letter, or a line end with the indentation that the editor adds.
KEYSTROKE = re.compile(r".|(?:\r\n|\r|\n)[ \t]*|[ \t]+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Offered:
    """What a suggestion still offers: `rest` is to be inserted at `at`, in place of the next `replaced` code points."""

    at: int
    rest: str
    replaced: int = 0

    @classmethod
    def of(cls, item: Item, document: Document) -> Offered:
        """The item on `document`, to which its edit refers, less what stands there already."""
        span, text = item.edit.span, item.edit.text
        there = document.text[span.start : span.end]
        same = next(
            (n for n, (a, b) in enumerate(zip(there, text, strict=False)) if a != b), min(len(there), len(text))
        )
        return cls(span.start + same, text[same:], len(there) - same)

    def continues(self, other: Offered) -> bool:
        """Whether the two are one suggestion to the eye: at the same place, and one begins with the other."""
        return self.at == other.at and (self.rest.startswith(other.rest) or other.rest.startswith(self.rest))


class Taking(Enum):
    """What one change did to a suggestion."""

    WHOLE = "accepted"
    PART = "partly accepted"
    TYPED = "typed along"
    ELSEWHERE = "a change elsewhere"
    AGAINST = "typed against"


@dataclass(frozen=True, slots=True)
class Step:
    """The suggestion after a change: what is `left` of it, if anything, and the code points `taken` just now."""

    taking: Taking
    left: Offered | None = None
    taken: int = 0


def follow(offered: Offered, before: str, after: str) -> Step:
    """What the change from `before` to `after` did to the suggestion, which refers to `before`.

    A change that may be read as one at the suggestion's place, as a letter typed beside its like, is read so.
    """
    grown = len(after) - len(before)
    if _is_put(offered.rest, offered, before, after, offered.replaced):
        typed = _is_keystroke(offered.rest) or (grown == 1 and _is_put(after[offered.at], offered, before, after, 0))
        return Step(Taking.TYPED) if typed else Step(Taking.WHOLE, taken=len(offered.rest))
    inserted = after[offered.at : offered.at + max(0, grown)]
    if inserted and _is_put(inserted, offered, before, after, 0):
        if inserted in PAIRS and offered.rest.startswith(inserted[0]):
            inserted = inserted[0]
        if offered.rest.startswith(inserted):
            return _inserted(offered, inserted)
    return _otherwise(offered, before, after)


def _is_put(text: str, offered: Offered, before: str, after: str, replaced: int) -> bool:
    """Whether `after` is `before` with `text` at the suggestion's place instead of `replaced` code points."""
    at, end = offered.at, offered.at + len(text)
    return (
        len(after) - len(before) == len(text) - replaced
        and after.startswith(text, at)
        and before[:at] == after[:at]
        and before[at + replaced :] == after[end:]
    )


def _inserted(offered: Offered, text: str) -> Step:
    left = replace(offered, at=offered.at + len(text), rest=offered.rest[len(text) :])
    if _is_keystroke(text) or not _is_border(text, left.rest):
        return Step(Taking.TYPED, left if left.rest else None)
    return Step(Taking.PART, left, len(text))


def _otherwise(offered: Offered, before: str, after: str) -> Step:
    start = offered.at - max(0, len(before) - len(after))
    if 0 <= start < offered.at and before[:start] == after[:start] and before[offered.at :] == after[start:]:
        # Deleted backwards from the cursor: the suggestion stands again at the new place, longer by what is gone.
        return Step(Taking.TYPED, replace(offered, at=start, rest=before[start : offered.at] + offered.rest))
    span, text = changed_span(before, after)
    if (span.start == span.end and not text) or span.start > offered.at + offered.replaced:
        return Step(Taking.ELSEWHERE, offered)
    if span.end < offered.at:
        moved = len(text) - (span.end - span.start)
        return Step(Taking.ELSEWHERE, replace(offered, at=offered.at + moved))
    return Step(Taking.AGAINST)


def _is_keystroke(text: str) -> bool:
    return text in PAIRS or KEYSTROKE.fullmatch(text) is not None


def _is_border(taken: str, rest: str) -> bool:
    """Whether the cut lies between two words, as that of every editor's "accept word" and "accept line"."""
    return not (taken[-1:].isalnum() and rest[:1].isalnum())
