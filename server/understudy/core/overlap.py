"""Where a generated text runs into the text that already stands after it."""

from __future__ import annotations

from understudy.core.text import line_after

LONGEST = 2000  # code points
WORTH = 2  # characters besides white space, above which an overlap is no coincidence
_CLOSERS = {")": "(", "]": "[", "}": "{"}


def without_overlap(text: str, after: str) -> str:
    """`text` without the end that repeats the beginning of `after`: the rest of the line, or the longest overlap.

    Closing brackets are left alone that close what `text` itself has opened.
    """
    tail = line_after(after, 0).rstrip()
    solid = text.rstrip()
    if tail and solid.endswith(tail) and not _needs(solid[: -len(tail)], tail):
        return solid[: -len(tail)]
    for size in range(min(len(text), len(after), LONGEST), 0, -1):
        if text.endswith(after[:size]):
            worth = after[:size].strip()
            counts = len(worth) > WORTH or (worth and size >= len(tail) > 0)
            return text[:-size] if counts and not _needs(text[:-size], after[:size]) else text
    return text


def _needs(text: str, end: str) -> bool:
    """Whether `end` closes a bracket that `text` leaves open."""
    opened: list[str] = []
    for number, character in enumerate(text + end):
        if character in _CLOSERS.values():
            opened.append(character if number < len(text) else "")
        elif character in _CLOSERS and opened:
            if number >= len(text) and opened[-1] == _CLOSERS[character]:
                return True
            opened.pop()
    return False
