"""The stretch of the cursor's file that is shown: as much as a budget allows, with edges that move in steps.

An edge that moved with every keystroke would change the beginning of the prompt, and an engine's prefix cache would be
of no use. The upper edge is a multiple of a step counted from the top of the file, the lower one counted from its
bottom: typing between them moves neither.
"""

from __future__ import annotations

from math import ceil

from understudy.context.budget import Count
from understudy.core.text import line_start

STEPS_ABOVE = (32, 16, 8, 4, 2, 1)
STEPS_BELOW = (16, 8, 4, 2, 1)
MAX_LINES_ABOVE = 4000
MAX_LINES_BELOW = 64
# Where one line alone is too long, its edge moves in steps of as many code points.
STEP_CHARACTERS = 256


def window_start(text: str, offset: int, limit: int, count: Count) -> int:
    """Where the text before the cursor begins, so that it takes at most `limit` tokens."""
    row = text.count("\n", 0, offset)
    starts = [text.rfind("\n", 0, offset) + 1]
    used = count(text[starts[0] : offset])
    if used > limit:
        return _within_line(text, starts[0], offset, limit, count)
    while starts[-1] > 0 and len(starts) <= MAX_LINES_ABOVE:
        start = text.rfind("\n", 0, starts[-1] - 1) + 1
        used += count(text[start : starts[-1]])
        if used > limit:
            break
        starts.append(start)
    first = row - len(starts) + 1
    chosen = _quantised(first, row, STEPS_ABOVE)
    # Counts need not add up exactly over lines: what is returned is counted once more as a whole.
    while count(text[starts[row - chosen] : offset]) > limit and chosen < row:
        chosen = _quantised(chosen + 1, row, STEPS_ABOVE)
    start = starts[row - chosen]
    return start if count(text[start:offset]) <= limit else _within_line(text, start, offset, limit, count)


def window_end(text: str, offset: int, limit: int, count: Count) -> int:
    """Where the text after the cursor ends, so that it takes at most `limit` tokens and `MAX_LINES_BELOW` lines."""
    below = text.count("\n", offset)
    ends = [_line_after(text, offset)]
    used = count(text[offset : ends[0]])
    if used > limit:
        return _cut(text, offset, ends[0], limit, count)
    while ends[-1] < len(text) and len(ends) < MAX_LINES_BELOW:
        end = _line_after(text, ends[-1])
        used += count(text[ends[-1] : end])
        if used > limit:
            break
        ends.append(end)
    if ends[-1] < len(text):
        # Rows counted from the bottom: `below - n` lines are left when the text ends after n line ends.
        left = _quantised(below - len(ends), below, STEPS_BELOW)
        ends = ends[: max(1, below - left)]
    while count(text[offset : ends[-1]]) > limit and len(ends) > 1:
        ends.pop()
    return ends[-1] if count(text[offset : ends[-1]]) <= limit else _cut(text, offset, ends[-1], limit, count)


def _quantised(first: int, last: int, steps: tuple[int, ...]) -> int:
    """The lowest multiple of a step between `first` and `last`, of the widest step that keeps half of the lines."""
    if first <= 0:
        return 0
    for step in steps:
        row = ceil(first / step) * step
        if row <= last and last - row >= (last - first) / 2:
            return row
    return first


def _line_after(text: str, offset: int) -> int:
    """Offset just after the line end that follows `offset`, or the text's end."""
    return text.find("\n", offset) + 1 or len(text)


def _within_line(text: str, start: int, offset: int, limit: int, count: Count) -> int:
    """The upper edge inside of a line that is too long."""
    while start < offset and count(text[start:offset]) > limit:
        half = start + max(1, (offset - start) // 2)
        start = min(offset, ceil(half / STEP_CHARACTERS) * STEP_CHARACTERS) if offset - half > STEP_CHARACTERS else half
    return start


def _cut(text: str, offset: int, end: int, limit: int, count: Count) -> int:
    """The lower edge inside of a line that is too long."""
    while end > offset and count(text[offset:end]) > limit:
        end = offset + (end - offset) // 2
    return end


def excerpt(text: str, first: int, last: int) -> str:
    """The lines `first` to `last` of `text`, counted from 0, the last one not included; whole lines with their ends."""
    start = _row_start(text, max(0, first))
    return text[start : _row_start(text, max(0, last - max(0, first)), start)]


def _row_start(text: str, row: int, start: int = 0) -> int:
    # One call that splits is many times faster than one search for each line.
    parts = text[start:].split("\n", row)
    return len(text) - (len(parts[row]) if len(parts) > row else 0)


def row_of(text: str, offset: int) -> int:
    """The line, counted from 0, that holds `offset`."""
    return text.count("\n", 0, line_start(text, offset))
