"""Stretches of other files that are like what is being written, as pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from understudy.context.cursor import Cursor
from understudy.context.index.record import Chunk
from understudy.context.pieces import Piece
from understudy.context.resolve.names import alike
from understudy.core.text import line_start

CHUNKS = 4
LINES_ABOVE = 12  # lines before the cursor's that hold code, whose words are looked for after those of its own line
LINES_BELOW = 4
FEWER = 12  # rows of the shorter form: those of a chunk with most of the words
NEXT = 0.5
"""Each further chunk's share of what its likeness is worth: one example tells most, and each takes the room of ten
signatures."""
NEAR = 40  # rows around the cursor that the prompt shows anyway

_NAME = re.compile(r"[^\W\d]\w+")


def similar(cursor: Cursor) -> Iterator[Piece]:
    """The chunks that hold most of the words near the cursor, the best with a score of 1, the others with less."""
    words = query(cursor)
    found = cursor.index.similar(words, CHUNKS + 2) if words else ()
    row = cursor.document.text.count("\n", 0, cursor.offset)
    other = [
        it
        for it in found
        if (it.last < row - NEAR or it.first > row + NEAR if it.path == cursor.path else alike(it.path, cursor.path))
    ]
    best = max((chunk.score for chunk in other), default=0.0)
    for place, chunk in enumerate(other[:CHUNKS]):
        score = NEXT**place * chunk.score / best if best > 0 else 0.0
        if (piece := _piece(cursor, chunk, score, words)) is not None:
            yield piece


def query(cursor: Cursor) -> list[str]:
    """The words to look for, each once: those of the cursor's line, of the headers of the scopes around it, of the
    lines above, the nearest first, and of some below."""
    text = cursor.document.text
    start = line_start(text, cursor.offset)
    above = [line for line in text[:start].split("\n")[-4 * LINES_ABOVE :] if line.strip()][-LINES_ABOVE:]
    below = [line for line in text[cursor.offset :].split("\n", 4 * LINES_BELOW)[1:-1] if line.strip()][:LINES_BELOW]
    row = text.count("\n", 0, start)
    around = cursor.record.definitions if cursor.record is not None else ()
    headers = [it.signature for it in reversed(around) if it.first <= row < it.last]
    lines = [text[start : cursor.offset], *headers, *reversed(above), *below]
    return list(dict.fromkeys(word for line in lines for word in _NAME.findall(line)))


def _piece(cursor: Cursor, chunk: Chunk, score: float, words: list[str]) -> Piece | None:
    text = cursor.index.text(chunk.path)
    if text is None:
        return None
    lines = text.split("\n")[chunk.first : chunk.last]
    while lines and not lines[-1].strip():
        lines.pop()
    if not lines:
        return None
    forms = ["\n".join(lines)]
    if len(lines) > FEWER:
        forms.append(_densest(lines, set(words)))
    key = f"{chunk.path}#{chunk.first}"
    return Piece(chunk.path, chunk.first, key, tuple(forms), score, "similar", usual=len(forms) - 1)


def _densest(lines: list[str], words: set[str]) -> str:
    """The `FEWER` rows that hold most of the words; of equals the first."""
    held = [words.intersection(_NAME.findall(line)) for line in lines]
    starts = range(len(lines) - FEWER + 1)
    best = max(starts, key=lambda first: (len(set().union(*held[first : first + FEWER])), -first))
    return "\n".join(lines[best : best + FEWER])
