"""A model's answer read as search/replace blocks, as models really write them.

They put fences around a block or inside it, prose before and after, a path above, five to nine angle brackets, other
labels (`ORIGINAL`, `HEAD`), dashes and plus signs, white space behind a marker, and forget the last marker. All of that
is read. Nothing is guessed: where one block cannot be told from what is around it, the whole answer counts as none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from understudy.core.text import indent_of, split_lines
from understudy.editing.block import Block
from understudy.editing.named import named, path_above
from understudy.editing.thought import spoken

OPENING = re.compile(r"(?P<bar><{5,9}|-{5,9}) ?(?P<label>SEARCH|ORIGINAL|HEAD|)(?P<rest>\b.*|)", re.IGNORECASE)
CONFLICT = re.compile(r"<{7}(?: .*)?")
DIVIDER = re.compile(r"={5,9}")
CLOSING = re.compile(r"(?P<bar>[<>]{5,9}|\+{5,9})(?![<>+]) ?(?P<label>\w*).*")
FENCE = re.compile(r"(?:`{3,}|~{3,})[^`]*")

# What an opening marker says, the clearest first: a block that says SEARCH may well quote a conflict's HEAD.
LABELS = ("SEARCH", "ORIGINAL", "HEAD", "")
ENDS = ("REPLACE", "UPDATED")

Parts = tuple[tuple[str, ...], tuple[str, ...]]


class _Unreadable(Exception):
    """A block cannot be told from what is around it."""


@dataclass(frozen=True, slots=True)
class _Opening:
    row: int
    bar: str
    label: str
    indent: str
    path: str

    def like(self, line: str, bar: str) -> bool:
        """Whether a marker that begins with `bar` has this one's length and indentation."""
        return len(bar) == len(self.bar) and indent_of(line) == self.indent


def read_blocks(answer: str) -> tuple[Block, ...]:
    """The blocks of a model's answer, in its order; none where there is none, or where one cannot be told.

    `answer` is whole: when the model was cut off at its limit of tokens, the end of a replacement may be missing, and
    nothing in the text says so.

    Where lines of the code look like markers, those of the opening one's length and indentation are the markers. Of
    several such dividers each may be meant, and fences within a block may be the code's: `Block.others` are the further
    readings.
    """
    lines = [line.rstrip("\r\n") for line in split_lines(spoken(answer, _is_open))]
    openings = _openings(lines)
    blocks: list[Block] = []
    row = 0
    try:
        while opening := next((it for it in openings if it.row >= row), None):
            path, fenced = path_above(lines[row : opening.row])
            following = (it.row for it in openings if it.row > opening.row and opening.like(lines[it.row], it.bar))
            row, readings = _parts(lines, opening, next(following, len(lines)), fenced=fenced)
            path = opening.path or path or (blocks[-1].path if blocks else "")
            first, *others = [Block(search, replace, path) for search, replace in readings]
            blocks.append(Block(first.search, first.replace, path, tuple(others)))
    except _Unreadable:
        return ()
    return tuple(blocks)


def _is_open(answer: str) -> bool:
    """Whether an answer breaks off within a block."""
    lines = split_lines(answer)
    opened = max((it.row for it in _openings(lines)), default=-1)
    return opened >= 0 and not any(_closing(line) for line in lines[opened + 1 :])


def _openings(lines: Sequence[str]) -> list[_Opening]:
    """Where blocks may begin: the markers with the clearest label that the answer has."""
    found = [opening for row, line in enumerate(lines) if (opening := _opening(row, line))]
    best = min((LABELS.index(opening.label) for opening in found), default=0)
    return [opening for opening in found if opening.label == LABELS[best]]


def _opening(row: int, line: str) -> _Opening | None:
    match = OPENING.fullmatch(line.strip())
    if match is None:
        return None
    label = match["label"].upper()
    if label != "SEARCH" and (match["rest"] or match["bar"].startswith("-")):
        return None
    return _Opening(row, match["bar"], label, indent_of(line), named(match["rest"].strip(" :")))


def _closing(line: str) -> str | None:
    """What the line says as a closing marker; None where it is none."""
    match = CLOSING.fullmatch(line.strip())
    if match is None:
        return None
    label = match["label"].upper()
    return label if match["bar"].startswith(">") or label in ENDS else None


def _parts(lines: Sequence[str], opening: _Opening, stop: int, *, fenced: bool) -> tuple[int, list[Parts]]:
    """The row behind the block that `opening` opens, and its two parts, as often as it can be read in another way. The
    block lies before the row `stop`."""
    dividers, closings = _markers(lines, range(opening.row + 1, stop))
    closing = _closing_of(lines, opening, closings)
    if closing is None and stop < len(lines):
        raise _Unreadable
    end = stop if closing is None else closing
    before = [row for row in dividers if row < end]
    exact = [row for row in before if opening.like(lines[row], lines[row].strip())]
    if not before:
        raise _Unreadable
    readings: list[Parts] = []
    for divider in exact or before:
        search = tuple(lines[opening.row + 1 : divider])
        replace = tuple(lines[divider + 1 : end])
        if closing is None:
            replace = _to_its_end(replace, fenced=fenced)
        readings += _readings(search, replace)
    return min(end + 1, stop), list(dict.fromkeys(readings))


def _markers(lines: Sequence[str], rows: range) -> tuple[list[int], dict[int, str]]:
    """The rows that may divide a block, and those that may close it with what they say; those of a whole conflict that
    the code holds are left out."""
    dividers: list[int] = []
    closings: dict[int, str] = {}
    conflict: int | None = None
    for row in rows:
        line = lines[row].strip()
        label = _closing(line)
        if label is not None and (label in ENDS or conflict is None):
            closings[row] = label
        elif label is not None:
            del dividers[conflict:]
            conflict = None
        elif CONFLICT.fullmatch(line):
            conflict = len(dividers)
        elif DIVIDER.fullmatch(line):
            dividers.append(row)
    return dividers, closings


def _closing_of(lines: Sequence[str], opening: _Opening, closings: dict[int, str]) -> int | None:
    """The row of the closing marker: the first of those that say what belongs to the opening one, or, where none does,
    of the others. None where there is none."""
    said = [row for row, label in closings.items() if label in ENDS] or list(closings)
    exact = [row for row in said if opening.like(lines[row], lines[row].strip().split()[0])]
    ends = exact or said
    if len(ends) > 1 and any(lines[row].strip() and row not in ends for row in range(ends[0], ends[-1])):
        raise _Unreadable  # the code holds such a line itself, and the replacement would be cut off there
    return ends[0] if ends else None


def _to_its_end(replace: tuple[str, ...], *, fenced: bool) -> tuple[str, ...]:
    """The replacement of a block without a closing marker: up to the end of the fence, else of the answer."""
    fences = [row for row, line in enumerate(replace) if FENCE.fullmatch(line.strip())]
    if fenced and len(fences) > 1:
        raise _Unreadable  # some of them may be the code's
    end = fences[0] if fenced and fences else len(replace)
    while end and not replace[end - 1].strip():
        end -= 1
    return replace[:end]


def _readings(search: tuple[str, ...], replace: tuple[str, ...]) -> Iterator[Parts]:
    """The parts without fences around them, as they are, and without blank lines that both have at an end."""
    bare = _without_fences(search, replace)
    if bare:
        yield bare
    yield search, replace
    for one, other in filter(None, (bare, (search, replace))):
        yield _without_blanks(one, other)


def _without_fences(search: tuple[str, ...], replace: tuple[str, ...]) -> Parts | None:
    """Each part without the fence that it lies in, or both without the one around them; None where there is none."""

    def fences(part: tuple[str, ...]) -> tuple[bool, bool]:
        return (
            bool(part and FENCE.fullmatch(part[0].strip())),
            bool(len(part) > 1 and FENCE.fullmatch(part[-1].strip())),
        )

    (top, bottom), (second_top, second_bottom) = fences(search), fences(replace)
    if top and bottom and second_top == second_bottom:
        return search[1:-1], replace[1:-1] if second_top else replace
    if top and not bottom and not second_top and second_bottom:
        return search[1:], replace[:-1]
    if not top and bottom and second_top and not second_bottom:
        return search[:-1], replace[1:]
    return None


def _without_blanks(search: tuple[str, ...], replace: tuple[str, ...]) -> Parts:
    """A blank line at the beginning or the end of both parts says nothing, and often does not stand in the file."""
    while search and replace and not search[0].strip() and not replace[0].strip():
        search, replace = search[1:], replace[1:]
    while search and replace and not search[-1].strip() and not replace[-1].strip():
        search, replace = search[:-1], replace[:-1]
    return search, replace
