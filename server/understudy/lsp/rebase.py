"""A completion for a text that has moved on meanwhile: carried over the user's typing, or dropped."""

from __future__ import annotations

from understudy.core.text import Edit, Span


def rebase(edit: Edit, old: str, new: str) -> Edit | None:
    """The rest of `edit`, made for `old`, in `new`; None unless all that happened is typing along it.

    Between the head and the tail that `edit` leaves alone stands what it replaces and what was typed since. Where that
    is a beginning of the edit's text and something is left, a pure insertion moves to its end; one that replaces a
    word, as the entry of a completion menu does, goes on replacing it.
    """
    if old == new:
        return edit
    start, tail = edit.span.start, len(old) - edit.span.end
    end = len(new) - tail
    if end < start or new[:start] != old[:start] or new[end:] != old[edit.span.end :]:
        return None
    middle = new[start:end]
    if (
        not edit.text.startswith(middle)
        or len(middle) >= len(edit.text)
        or len(middle) < edit.span.end - edit.span.start
    ):
        return None
    if edit.span.start == edit.span.end:
        return Edit(Span(end, end), edit.text[len(middle) :])
    return Edit(Span(start, end), edit.text)
