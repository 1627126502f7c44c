"""Where a stream should end: known from the text so far, so that no token is paid for that would be cut anyway."""

from __future__ import annotations

from understudy.context.syntax.stops import block_stop, line_stop
from understudy.core.text import Document, indent_of, line_after, line_before, split_lines
from understudy.features.completion.generation import Stop

REPEATS = 3
LONGEST_BLOCK = 24  # lines; more ghost text than that is not read


def stop_rule(document: Document, offset: int, *, block: bool, ending: Stop = lambda _: None) -> Stop:
    """The rule for a suggestion at `offset`: after one logical line, or after one block, or where `ending` says."""
    line = line_before(document.text, offset)
    below = _first_line_below(document.text, offset)
    # A block that begins on a line with an open triple quote is the rest of a docstring.
    quote = next((quote for quote in ('"""', "'''") if line.count(quote) % 2), "")

    def stop(text: str) -> int | None:
        ends = (ending(text), _syntactic(text), _repeats_below(text, below), _loops(text))
        return min((end for end in ends if end is not None), default=None)

    def _syntactic(text: str) -> int | None:
        if not block:
            return line_stop(line, text, document.language)
        return block_stop(indent_of(line), text, document.language, quote)

    return stop


def _first_line_below(text: str, offset: int) -> str:
    rest = text[offset + len(line_after(text, offset)) :]
    return next((line.strip() for line in split_lines(rest[:4000]) if line.strip()), "")


def _repeats_below(text: str, below: str) -> int | None:
    """The model has arrived at the text below the cursor: end before the line that repeats it."""
    if len(below) < 3:
        return None
    position = 0
    for number, line in enumerate(text.split("\n")[:-1]):
        if number and line.strip() == below:
            return position - 1
        position += len(line) + 1
    return None


def _loops(text: str) -> int | None:
    """The same line over and over, or more lines than anybody reads."""
    lines = text.split("\n")
    if len(lines) > LONGEST_BLOCK:
        return len("\n".join(lines[:LONGEST_BLOCK]))
    last = [line.strip() for line in lines[-REPEATS - 1 : -1]]
    if len(last) == REPEATS and last[0] and len(set(last)) == 1:
        return len("\n".join(lines[: -REPEATS - 1])) + len(lines[-REPEATS - 1]) + 1
    return None
