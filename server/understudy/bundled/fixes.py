"""Rows that teach the demonstration model to fix: the chat that the feature sends, and the block that is the true fix.

The words are those of `editing.words`; the system's message is left out, as the model's chat template leaves it out.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from random import Random
from typing import Any

from understudy.bundled import fim
from understudy.bundled.cases import Case
from understudy.bundled.examples import Piece
from understudy.core.text import changed_span
from understudy.editing import words
from understudy.editing.words import Excerpt, Other

SHARES = {
    "misspelt name": 0.30,
    "missing import": 0.28,
    "unused import": 0.08,
    "unused variable": 0.08,
    "unclosed bracket": 0.09,
    "missing colon": 0.07,
    "misspelt attribute": 0.10,
}
"""How often each kind is drawn: those that need the most knowledge the most often."""

FILE_WEIGHT = 0.2
ANSWER_WEIGHT = 2.0
MENDED_WEIGHT = 8.0
"""How much a token counts in the loss: of the file that is shown (it is code too), of the answer, and of that part of
the answer in which the new lines differ from the old ones, which is the fix itself and only a few tokens long."""

_SMALLEST, _LARGEST = 120, 3000
_HEAD_SHARE = 0.5
_OTHERS_SHARE = 0.1
_PATH_SHARE = 0.6


class Fixes:
    """Pieces drawn at random from cases: first the kind, then one that fits."""

    def __init__(self, cases: Iterable[Case], tokenizer: Any, random: Random) -> None:
        """Writes out and tokenizes every case once. Raises ValueError when there is none."""
        by_kind: dict[str, list[Piece]] = {}
        shown = list(cases)
        for case in shown:
            other = random.choice(shown) if random.random() < _OTHERS_SHARE else None
            asked, answer = exchange(case, random, other)
            by_kind.setdefault(case.fault.kind, []).append(_piece(tokenizer, asked, answer))
        if not by_kind:
            raise ValueError("there is no fault to train on")
        self._pieces = {kind: sorted(pieces, key=_length) for kind, pieces in by_kind.items()}
        self._lengths = {kind: [_length(piece) for piece in pieces] for kind, pieces in self._pieces.items()}
        self._shares = [SHARES[kind] for kind in self._pieces]

    def draw(self, room: int, random: Random) -> Piece | None:
        """A piece of at most `room` tokens, or None when none of the kind drawn is as short."""
        kind = random.choices(list(self._pieces), self._shares)[0]
        fitting = bisect_right(self._lengths[kind], room)
        return self._pieces[kind][random.randrange(fitting)] if fitting else None


def exchange(case: Case, random: Random, other: Case | None = None) -> tuple[str, str]:
    """The user's message and the answer. How much of the file is shown is drawn: from a few lines to all of it."""
    size = int(_SMALLEST * math.exp(random.random() * math.log(_LARGEST / _SMALLEST)))
    path = case.path if random.random() < _PATH_SHARE else case.path.rpartition("/")[2]
    others = () if other is None else (Other(other.path, _part(other, size // 3)),)
    question = words.question(path, excerpts(case, size), words.problems_task((case.problem,)), others)
    return question, words.block(case.fault.search, case.fault.replace)


def _part(case: Case, size: int) -> str:
    return case.fault.fixed[: size + 80].rpartition("\n")[0]


def excerpts(case: Case, size: int) -> tuple[Excerpt, ...]:
    """About `size` characters of the file: the imports at its head and the lines around the problem and the fix."""
    lines = case.fault.text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    if len(case.fault.text) <= size:
        return (Excerpt(0, "\n".join(lines)),)
    fixed = _place(lines, case.fault.search)
    head = _imports(lines)
    needed = {case.problem.row, case.fault.row, *range(fixed, fixed + len(case.fault.search))}
    chosen = {row for row in needed if 0 <= row < len(lines)}
    left = size - sum(len(lines[row]) + 1 for row in chosen)
    # The head first, as much of it as leaves room for the surroundings; then rows outward from the problem.
    for row in range(head):
        if (left := left - len(lines[row]) - 1) < size * (1 - _HEAD_SHARE):
            break
        chosen.add(row)
    for distance in range(1, len(lines)):
        for row in (case.problem.row - distance, case.problem.row + distance):
            if 0 <= row < len(lines) and row not in chosen:
                left -= len(lines[row]) + 1
                if left > 0:
                    chosen.add(row)
        if left <= 0:
            break
    return tuple(_runs(sorted(chosen), lines))


def _place(lines: list[str], search: Sequence[str]) -> int:
    rows = range(len(lines))
    return next((row for row in rows if tuple(lines[row : row + len(search)]) == tuple(search)), 0)


def _imports(lines: list[str]) -> int:
    """How many rows there are up to the last import at the top level among the first hundred."""
    rows = [row for row, line in enumerate(lines[:100]) if line.startswith(("import ", "from "))]
    return rows[-1] + 1 if rows else 0


def _runs(rows: list[int], lines: list[str]) -> Iterable[Excerpt]:
    first = 0
    for place, row in enumerate(rows):
        if place + 1 == len(rows) or rows[place + 1] != row + 1:
            yield Excerpt(rows[first], "\n".join(lines[rows[first] : row + 1]))
            first = place + 1


def prompt(question: str) -> str:
    """The chat up to where the model answers, as its own template renders one message of the user's."""
    return f"{fim.TURN_START}user\n{question}{fim.TURN_END}\n{fim.TURN_START}assistant\n"


def _piece(tokenizer: Any, asked: str, answer: str) -> Piece:
    before = tokenizer.encode(prompt(asked))
    after = tokenizer.encode(answer + fim.TURN_END)
    special = len(fim.SPECIAL_TOKENS)
    weights = [0.0 if token < special else FILE_WEIGHT for token in before.ids]
    mended = _mended(answer)
    weights += [
        MENDED_WEIGHT if begin < mended[1] and end > mended[0] else ANSWER_WEIGHT for begin, end in after.offsets
    ]
    return Piece([*before.ids, *after.ids], weights)


def _mended(answer: str) -> tuple[int, int]:
    """Where, in the answer, the new lines differ from those that they replace, one character more on either side."""
    quoted, _, new = answer.partition(f"\n{words.DIVIDER}\n")
    old = quoted.removeprefix(f"{words.SEARCH}\n")
    new = new.removesuffix(words.REPLACE).removesuffix("\n")
    span, text = changed_span(old, new)
    begin = len(quoted) + len(f"\n{words.DIVIDER}\n") + span.start
    return begin - 1, begin + len(text) + 1


def _length(piece: Piece) -> int:
    return len(piece.tokens)
