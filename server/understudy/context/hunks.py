"""What was edited lately, in far parts of this file or in others, as pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from understudy.context.cursor import Cursor
from understudy.context.pieces import Piece
from understudy.context.recent import Region
from understudy.context.syntax.languages import language_of
from understudy.context.window import excerpt
from understudy.core.text import Document, indent_of, line_end, line_start, split_lines

MAX_REMOVED = 6  # lines of what stood there; more of them say no more about what the user is at
OLDEST = 0.5  # the score of the region edited longest ago; the last one scores 1


def edited(cursor: Cursor, regions: Sequence[Region], path_of: Callable[[Document], str]) -> Iterator[Piece]:
    """A piece for each region but the one that the cursor stands in, the newest first.

    A region is shown as it stands now, in its fuller form with the lines that the edits replaced or removed, as
    comments that begin with `-`, above those in their place. Models that fill in the middle were trained on source
    files and continue code; a text of `-` and `+` lines they tend to continue as one, while a comment that quotes what
    stood there still tells of a renaming that is under way.
    """
    for age, region in enumerate(reversed(regions)):
        document = region.document
        if document.uri == cursor.document.uri and region.span.start <= cursor.offset <= region.span.end:
            continue
        first, last = region.lines()
        now = excerpt(document.text, first, last).rstrip()
        if now:
            path = path_of(document)
            full = with_removed(region, first, last).rstrip()
            score = 1.0 - (1.0 - OLDEST) * age / max(1, len(regions) - 1)
            yield Piece(path, first, f"{path}#{first}", (full, now) if full != now else (now,), score, "edited")


def with_removed(region: Region, first: int, last: int) -> str:
    """The rows `first` to `last`, which hold the region, with what its edits took away."""
    text, language = region.document.text, language_of(region.document.language)
    rows = excerpt(text, first, last)
    if language is None or not region.was.strip():
        return rows
    start, end = line_start(text, region.span.start), line_end(text, region.span.end)
    before = text[start : region.span.start] + region.was + text[region.span.end : end]
    above = excerpt(rows, 0, text.count("\n", 0, start) - first)
    return above + _told(before, text[start:end], language.comment) + rows[len(above) + end - start :]


@lru_cache(maxsize=32)
def _told(before: str, after: str, comment: str) -> str:
    """The text `after`, with the lines of `before` that are gone as comments. A hunk is told many times over."""
    old, new = split_lines(before), split_lines(after)
    told: list[str] = []
    removed = 0
    for what, old_first, old_last, new_first, new_last in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        place = new[new_first:new_last]
        if what in ("replace", "delete"):
            lines = [line for line in old[old_first:old_last] if line.strip() and not _went_on(line, place)]
            gone = lines[: MAX_REMOVED - removed]
            removed += len(gone)
            told += [f"{indent_of(line)}{comment} - {line.strip()}\n" for line in gone]
        told += place
    return "".join(told)


def _went_on(line: str, new: Sequence[str]) -> bool:
    """Whether a line was only added to: then what stood there is still to be seen."""
    return any(other.strip().startswith(line.strip()) for other in new)
