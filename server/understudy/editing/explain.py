"""What a model is told when its blocks cannot be applied, so that its next try can be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from heapq import nlargest, nsmallest

from understudy.editing.block import Block, Unmatched
from understudy.editing.match import Index

MOST_ROWS = 50  # a line that stands in more rows says nothing about the place
MOST_WORDS = 12  # of the quote that are looked for in each line of the file
MOST_SIMILAR = 30  # lines that are compared letter by letter
SIMILAR = 0.6  # difflib's own measure of a close match
LONGEST = 24  # lines that are shown
MOST_PLACES = 8  # that are listed
LEFT_OUT = re.compile(r"(?:#|//|--|/\*)?\s*(?:\.\.\.|…)\s*(?:\*/)?")
WORD = re.compile(r"\w{3,}")


def together(failures: Sequence[Unmatched]) -> Unmatched:
    """All that is wrong, and that nothing was changed; the user is told the first."""
    return Unmatched(failures[0].reason, "\n".join([*(it.explanation for it in failures), "Nothing was changed."]))


def empty(name: str) -> Unmatched:
    """The block quotes nothing, and the text is not empty."""
    return Unmatched(
        "the answer does not say where its lines belong",
        f"{name} quotes no line, and the file is not empty: quote the line before or after the place.",
    )


def unclear(name: str) -> Unmatched:
    """Several lines can be the divider, and more than one way to read the block fits."""
    return Unmatched(
        "the answer can be read in several ways",
        f"{name} holds lines that look like its own markers: write all of its markers with nine characters.",
    )


def contradiction(first: int, last: int) -> Unmatched:
    """Two blocks change the same rows."""
    return Unmatched(
        "parts of the answer contradict each other",
        f"Two blocks change lines {first + 1} to {max(last, first + 1)}: make one block of them.",
    )


def ambiguous(firsts: Sequence[int], name: str) -> Unmatched:
    """The quote fits in several places."""
    shown = [str(first + 1) for first in firsts[:MOST_PLACES]]
    if len(firsts) > MOST_PLACES:
        shown.append(f"{len(firsts) - MOST_PLACES} others")
    return Unmatched(
        "the answer quotes lines that stand in the file several times",
        f"The lines that {_within(name)} quotes stand in the file {len(firsts)} times, at lines"
        f" {', '.join(shown[:-1])} and {shown[-1]}: quote the lines above or below as well, so that one place fits.",
    )


def misplaced(index: Index, block: Block, first: int, name: str) -> Unmatched:
    """The quote is indented further than the file, and the replacement cannot be moved left as far."""
    return Unmatched(
        "the indentation of the answer does not fit the file's",
        f"{name} is indented otherwise than the file, and its replacement cannot be moved by as much."
        f" {_shown(index, first, block.search)}",
    )


def missing(index: Index, block: Block, name: str) -> Unmatched:
    """The quote fits nowhere."""
    said = [f"The lines that {_within(name)} quotes are not in the file."]
    if any(LEFT_OUT.fullmatch(line.strip()) for line in block.search):
        said.append('Write out every line: "..." stands for none.')
    if (there := _standing(index, block.replace)) is not None:
        said.append(f"Its replacement already stands there, from line {there + 1} on.")
    if (first := closest(index, block.search)) is not None:
        said.append(_shown(index, first, block.search))
    return Unmatched("the answer quotes lines that are not in the file", " ".join(said))


def closest(index: Index, quote: Sequence[str]) -> int | None:
    """The row of the text where lines most like `quote` begin; None where nothing is like it.

    Each line that stands in the file speaks for the place that the first would then have. Where none does, the line of
    the file counts that has the most words with one of the quote in common and the most letters in the same order.
    """
    votes: Counter[int] = Counter()
    for at, line in enumerate(quote):
        rows = index.rows(line.strip())
        if line.strip() and len(rows) <= MOST_ROWS:
            for row in rows:
                votes[row - at] += min(len(line.strip()), LONGEST)
    if votes:
        return max(max(votes, key=lambda first: (votes[first], -first)), 0)
    scored = ((ratio, at, row) for at, line in _longest(quote) for ratio, row in _similar(index, line))
    ratio, at, row = max(scored, default=(0.0, 0, 0), key=lambda it: (it[0], -it[2]))
    return max(row - at, 0) if ratio >= SIMILAR else None


def _longest(quote: Sequence[str]) -> list[tuple[int, str]]:
    """The lines of the quote that say the most, with their numbers."""
    return nlargest(3, enumerate(line.strip() for line in quote), key=lambda it: len(it[1]))


def _similar(index: Index, line: str) -> Iterator[tuple[float, int]]:
    words = sorted(set(WORD.findall(line)), key=len, reverse=True)[:MOST_WORDS]
    if not words:
        return
    shared: Counter[int] = Counter()
    for word in words:
        shared.update(row for row, other in enumerate(index.stripped) if word in other)
    matcher = SequenceMatcher(b=line, autojunk=False)
    for row in nsmallest(MOST_SIMILAR, shared, key=lambda row: (-shared[row], row)):
        matcher.set_seq1(index.stripped[row][: 2 * len(line) + 80])
        yield matcher.ratio(), row


def _standing(index: Index, lines: Sequence[str]) -> int | None:
    """The row where all of these lines already stand; None where they do not, or say next to nothing."""
    if len("".join(lines).strip()) < 8:
        return None
    return next(index.standing(lines), None)


def _shown(index: Index, first: int, quote: Sequence[str]) -> str:
    """The file's lines beside those of the quote, whole and as they are, so that they can be copied."""
    last = min(first + len(quote), len(index.stripped))
    wanted = [line.strip() for line in quote]
    other = [row for row in range(first, last) if index.stripped[row] != wanted[row - first]]
    if last - first > LONGEST:
        middle = other[0] if other else first
        first = max(first, middle - LONGEST // 2)
        last = min(last, first + LONGEST)
    body = "\n".join(index.lines.bodies[first:last])
    told = f"The closest are lines {first + 1} to {last}" if last - first > 1 else f"The closest is line {last}"
    differs = f" The first that differs is line {other[0] + 1}." if other and last - first > 1 else ""
    return f"{told}:\n{body}\n{differs.strip()}".rstrip("\n") if differs else f"{told}:\n{body}"


def _within(name: str) -> str:
    return name[0].lower() + name[1:]
