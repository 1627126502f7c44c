"""Where a stream of generated text should end, judged by the text so far: after a logical line, or after a block.

Both functions are asked again for every chunk that arrives; they read the insertion once and parse nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from understudy.context.syntax.brackets import Token, tokens, unclosed
from understudy.context.syntax.languages import language_of
from understudy.core.text import indent_of

# A bracket may carry a line over this many lines before it counts as never closed.
MAX_CONTINUED_LINES = 16
TAB_WIDTH = 4


def line_stop(before: str, insertion: str, language: str = "") -> int | None:
    """Offset in `insertion` at which the cursor's logical line ends, or None while it may go on.

    `before` is the cursor's line to the left of it. A line end after a backslash, or inside a bracket that `before` or
    `insertion` has opened, is no end.
    """
    depth = len(unclosed(before, language))
    lines = 0
    for token in tokens(insertion, language):
        if token.kind == "open":
            depth += 1
        elif token.kind == "close":
            depth = max(0, depth - 1)
        else:
            lines += 1
            continued = depth > 0 or insertion[: token.start].endswith("\\")
            if not continued or lines >= MAX_CONTINUED_LINES:
                return token.start
    return None


def block_stop(indent: str, insertion: str, language: str = "", quote: str = "") -> int | None:
    """Offset in `insertion` at which the block that begins at the cursor ends, or None while it may go on.

    `indent` is the white space that the cursor's line begins with, `quote` the quotes of a string that the cursor is
    inside of (a docstring begun by the user). The block ends before a line that stands left of it, before a closing
    bracket that it did not open, before two blank lines in a row, and, at the left margin, before a blank line that is
    followed by another statement there.
    """
    body = 0
    if quote:
        closing = insertion.find(quote)
        if closing < 0:
            return None
        body = closing + len(quote)
    text = insertion[body:]
    own = _own_column(indent, text)
    end, begun, blank = 0, bool(quote), 0
    for number, line in enumerate(_logical_lines(text, language)):
        content = text[line.start : line.end]
        if not content.strip():
            blank += 1
            if begun and blank == 2 and (number or quote):
                return body + end
            continue
        if begun and number and _ends_block(_column(content), own, blank=blank > 0):
            return body + end
        if line.surplus is not None:
            kept = text[line.start : line.surplus].rstrip()
            return body + (line.start + len(kept) if kept else end)
        end, begun, blank = line.start + len(content.rstrip()), True, 0
    return None


@dataclass(frozen=True, slots=True)
class _Line:
    """A logical line; `surplus` is where it closes a bracket that was never opened."""

    start: int
    end: int
    surplus: int | None


def _logical_lines(text: str, language: str) -> list[_Line]:
    """The lines of `text`; one that ends inside of parentheses goes on with the next. The last may be unfinished."""
    row = language_of(language) if language else None
    joining = "([{" if row is not None and row.blocks == "indent" else "(["
    lines: list[_Line] = []
    stack: list[str] = []
    start, joined = 0, 0
    surplus: int | None = None
    for token in [*tokens(text, language), Token("newline", "", len(text))]:
        if token.kind == "open":
            stack.append(token.text)
        elif token.kind == "close":
            if stack:
                stack.pop()
            elif surplus is None:
                surplus = token.start
        elif token.text and joined < MAX_CONTINUED_LINES and any(bracket in joining for bracket in stack):
            joined += 1
        else:
            lines.append(_Line(start, token.start, surplus))
            start, joined = token.start + len(token.text), 0
    return lines


def _ends_block(column: int, own: int, *, blank: bool) -> bool:
    """Whether a line at `column` is the first that is no longer part of a block whose lines stand at column `own`."""
    return column < own or (own == 0 and column == 0 and blank)


def _own_column(indent: str, text: str) -> int:
    """The column of the block's lines: the cursor's, or that of its first line where this stands further right."""
    here = _column(indent)
    first, _, rest = text.partition("\n")
    if first.strip():
        return _column(indent + first)
    # The cursor is at the end of a header, or the model begins with a line end: the next line says where the block is.
    below = next((line for line in rest.split("\n") if line.strip()), "")
    return max(here, _column(below))


def _column(line: str) -> int:
    return len(indent_of(line).expandtabs(TAB_WIDTH))
