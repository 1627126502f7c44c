"""How much of an accepted text is still there after half a minute and up to six: a better judge than acceptance.

Nothing ticks: between two changes a text stays as it is, so each change first settles what fell due before it. The
marks are those of Refact's telemetry; the share is that of Zed's "kept rate", a common subsequence of tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from understudy.core.text import Document, Span, changed_span

MARKS = (30, 90, 180, 360)  # seconds after acceptance
TOKEN = re.compile(r"\w+|[^\w\s]")
COMPARED = 2000  # tokens of a rewritten region that are looked at
FOLLOWED = 50  # accepted texts in one document; then the oldest are given up


@dataclass(frozen=True, slots=True)
class Kept:
    """An accepted `text` and the `span` it has come to fill. `marks` are still to be measured; `at` in seconds."""

    language: str
    text: str
    span: Span
    at: float
    marks: tuple[int, ...] = MARKS


@dataclass(frozen=True, slots=True)
class Measured:
    """The `share` (0 to 1) of an accepted text that was there `after` seconds."""

    language: str
    after: int
    share: float


class Retained:
    """Follows accepted texts through later changes, document by document."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Kept, ...]] = {}

    def accepted(self, document: Document, span: Span, now: float) -> None:
        """The text in `span` of `document` was accepted just now."""
        text = document.text[span.start : span.end]
        kept = Kept(document.language, text, span, now)
        self._kept[document.uri] = (*self._kept.get(document.uri, ()), kept)[-FOLLOWED:]

    def changed(self, before: Document, after: Document, now: float) -> list[Measured]:
        """Measure what fell due while the text was `before`, then follow the change."""
        measured = self.settle(before, now)
        if not (following := self._kept.get(before.uri)):
            return measured
        replaced, text = changed_span(before.text, after.text)
        self._kept[before.uri] = tuple(replace(kept, span=moved(kept.span, replaced, len(text))) for kept in following)
        return measured

    def settle(self, document: Document, now: float) -> list[Measured]:
        """Measure what has fallen due; `document` is the text as it still is."""
        measured: list[Measured] = []
        open_still: list[Kept] = []
        for kept in self._kept.pop(document.uri, ()):
            due = tuple(mark for mark in kept.marks if kept.at + mark <= now)
            measured += _measure(kept, due, document.text)
            if len(due) < len(kept.marks):
                open_still.append(replace(kept, marks=kept.marks[len(due) :]))
        if open_still:
            self._kept[document.uri] = tuple(open_still)
        return measured

    def closed(self, document: Document, now: float) -> list[Measured]:
        """Measure what has fallen due, and forget the rest: nobody sees how the text goes on."""
        measured = self.settle(document, now)
        self._kept.pop(document.uri, None)
        return measured


def _measure(kept: Kept, due: tuple[int, ...], text: str) -> Iterator[Measured]:
    if due:
        left = share(kept.text, text[kept.span.start : kept.span.end])
        for mark in due:
            yield Measured(kept.language, mark, left)


def moved(span: Span, replaced: Span, length: int) -> Span:
    """Where `span` lies after `replaced` gave way to `length` code points, which belong to it where the two overlap."""
    by = length - (replaced.end - replaced.start)
    if replaced.end <= span.start:
        return Span(span.start + by, span.end + by)
    if replaced.start >= span.end:
        return span
    start = min(span.start, replaced.start)
    end = span.end + by if span.end >= replaced.end else replaced.start + length
    return Span(start, max(start, end))


def share(text: str, region: str) -> float:
    """The share of the tokens of `text` that are still in `region`, in their order: 0 to 1."""
    if text in region:
        return 1.0
    wanted, there = TOKEN.findall(text), TOKEN.findall(region)[:COMPARED]
    if not wanted:
        return 0.0
    blocks = SequenceMatcher(None, wanted, there, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(wanted)
