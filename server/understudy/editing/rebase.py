"""Edits for a text that its user has typed in meanwhile: carried along, or given up."""

from __future__ import annotations

from collections.abc import Iterable

from understudy.core.text import Edit, Span, line_end, line_start
from understudy.editing.hunks import hunks


def rebased(edits: tuple[Edit, ...], old: str, new: str) -> tuple[Edit, ...] | None:
    """The `edits`, made for `old`, for the text `new` that the user has made of it; None where the two meet.

    They meet where they change the same line, and where one that adds, removes or joins lines is right beside the
    other. For edits that do not meet the order makes no difference: the user's first and then these gives what these
    first and then the user's would have given. Only the two texts are known, so a line typed among lines that are all
    alike counts as typed at each of them.
    """
    if old == new:
        return edits
    typed = hunks(old, new)
    taken = [_reach(old, edit) for edit in typed]
    carried: list[Edit] = []
    grown = 0
    following = 0
    for edit in edits:
        lines = _lines(old, edit.span, edit.text)
        if any(_meet(lines, other) for other in taken):
            return None
        while following < len(typed) and typed[following].span.end <= edit.span.start:
            grown += len(typed[following].text) - (typed[following].span.end - typed[following].span.start)
            following += 1
        carried.append(Edit(Span(edit.span.start + grown, edit.span.end + grown), edit.text))
    return tuple(carried)


def _reach(old: str, typed: Edit) -> Span:
    """The lines that the user may have changed: a change can stand anywhere where it makes the same text of `old`."""
    span = typed.span
    back = forth = 0
    gone = old[span.start : span.end]
    if not gone or not typed.text:
        moving = gone or typed.text
        back = _slide(reversed(old[: span.start]), moving[::-1])
        forth = _slide(iter(old[span.end :]), moving)
    return _lines(old, Span(span.start - back, span.end + forth), gone + typed.text)


def _slide(beyond: Iterable[str], moving: str) -> int:
    """By how many characters an insertion or a deletion of `moving` can stand further on with the same outcome."""
    count = 0
    for character in beyond:
        if character != moving[count % len(moving)]:
            break
        count += 1
    return count


def _lines(text: str, span: Span, put: str) -> Span:
    """The stretch whose change by anybody else would meet an edit of `span` that puts `put` there: its own lines and,
    when lines come or go, both lines that they come between."""
    start, end = span.start, span.end
    if any(mark in put or mark in text[start:end] for mark in "\r\n") and start:
        start -= 1
    return Span(line_start(text, start), line_end(text, end))


def _meet(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end
