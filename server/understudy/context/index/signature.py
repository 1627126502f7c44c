"""A definition without its body: the rows of its header, cut from the file as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from understudy.context.index.found import Scope
from understudy.context.privacy.secrets import outside

if TYPE_CHECKING:
    import tree_sitter

MAX_ROWS = 24
MAX_CHARACTERS = 400  # of one line; longer ones are data, or not written by hand


def rows(scope: Scope) -> tuple[int, int]:
    """The rows of a definition with its body and its decorations."""
    first = min([scope.node.start_point[0], *(it.start_point[0] for it in scope.decorations)])
    return first, _end(scope.node)


def header(scope: Scope) -> tuple[int, int]:
    """The rows of its header: from behind its decorations to what stands before its body."""
    first = scope.node.start_point[0]
    named = scope.names[0].start_point[0]
    for decoration in scope.decorations:
        first = max(first, min(decoration.end_point[0] + 1, named))
    if scope.body is None:
        return first, max(_end(scope.node), first + 1)
    before = scope.body.prev_sibling
    while before is not None and "comment" in before.type:
        before = before.prev_sibling
    last = before.end_point[0] if before is not None else scope.body.start_point[0]
    return first, max(last, named) + 1


def signature(scope: Scope, lines: Sequence[str], *, value: bool) -> str:
    """The header's lines. Of a `value`, a constant or a field, only the first: the rest is what it is set to."""
    first, last = header(scope)
    last = min(last, first + (1 if value else MAX_ROWS), len(lines))
    return "\n".join(_cut(line.rstrip("\r")) for line in lines[first:last])


def _cut(line: str) -> str:
    return line if len(line) <= MAX_CHARACTERS else f"{line[: outside(line, MAX_CHARACTERS, later=False)]}…"


def _end(node: tree_sitter.Node) -> int:
    row, column = node.end_point
    return row + 1 if column > 0 else row
