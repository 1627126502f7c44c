"""Where the user was lately in other open files, as pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from understudy.context.pieces import Piece
from understudy.context.recent import OpenFiles
from understudy.context.syntax.languages import language_of
from understudy.context.window import excerpt, row_of
from understudy.core.text import Document

LINES = 24
FEWER = 12
STEP = 8  # rows by which what is shown moves, so that looking around in a file seldom changes a prompt
FINE_STEP = 4  # of the shorter form
MAX_FILES = 4


def visited(document: Document, open_files: OpenFiles, path_of: Callable[[Document], str]) -> Iterator[Piece]:
    """A piece for each of the files visited last that is in `document`'s language: the lines around the place.

    The scores are in the order of opening: a visit alone changes no order and hence no prompt.
    """
    language = language_of(document.language)
    for file in open_files.visited(MAX_FILES + 1):
        other = file.document
        alike = other.language == document.language or (language and language_of(other.language) is language)
        if other.uri == document.uri or not alike:
            continue
        row = row_of(other.text, file.offset) if file.offset is not None else 0
        first = max(0, row - LINES // 2) // STEP * STEP
        forms = [excerpt(other.text, first, first + LINES).rstrip()]
        if forms[0].count("\n") >= FEWER:
            near = max(first, (row - FEWER // 2) // FINE_STEP * FINE_STEP)
            forms.append(excerpt(other.text, near, near + FEWER).rstrip())
        if forms[0]:
            path = path_of(other)
            yield Piece(path, first, f"{path}#{first}", tuple(forms), 1.0, "visited", usual=len(forms) - 1)
