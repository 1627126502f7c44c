"""A diagnostic as the model is shown it, and as it stands in a title.

What a tool says is not taken at its word: messages hold control characters, run over many lines, or are as long as the
type they speak of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from understudy.checking.diagnostic import Diagnostic, Related
from understudy.context.privacy.secrets import outside
from understudy.context.workspace import Workspace
from understudy.core.paths import path_in_uri
from understudy.core.text import Document, Span, line_end, line_start, split_lines
from understudy.editing.words import Problem

MAX_TITLE = 80  # code points; menus cut longer ones, and the evidence comes behind
MAX_MESSAGE = 1000
MAX_LINE = 400
MAX_RELATED = 5
# What would move the cursor, colour a terminal or turn the writing around (C0, C1, bidirectional controls).
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
# "redefinition of unused 'os' from line 3", "(line 12)", "at line 4"
_LINE_NUMBER = re.compile(r"\blines? (\d{1,7})\b")


def problem(document: Document, diagnostic: Diagnostic, workspace: Workspace) -> Problem:
    """What a prompt says of a diagnostic. The places that it points to come with it: those in its document with their
    line, others by the path that the model is shown; an ignored file is not spoken of."""
    lines = split_lines(document.text)
    row = row_of(document.text, diagnostic.span.start)
    related = dict.fromkeys((*_related(document, lines, diagnostic.related, workspace), *_said(lines, row, diagnostic)))
    return Problem(
        row,
        _line(lines, row),
        _cut(_printable(diagnostic.message), MAX_MESSAGE),
        _one_line(diagnostic.source),
        _one_line(diagnostic.code),
        tuple(related)[:MAX_RELATED],
    )


def title(verb: str, said: str) -> str:
    """An entry of the menu: "Fix: 'pathlib' is not defined". One line, cut at a word where it is long."""
    lines = _COLOUR.sub("", said).strip().splitlines()
    return shortened(f"{verb}: {lines[0] if lines else ''}")


def shortened(text: str, limit: int = MAX_TITLE) -> str:
    """A text on one line of at most `limit` code points."""
    text = " ".join(_one_line(text).split())
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    at_word = cut.rpartition(" ")[0]
    return f"{(at_word if len(at_word) > limit // 2 else cut).rstrip(' ,;:.(')}…"


def row_of(text: str, offset: int) -> int:
    """The row of an offset, from 0."""
    before = text[: line_start(text, offset)]
    return before.count("\n") + before.count("\r") - before.count("\r\n")


def rows_of(text: str, span: Span) -> tuple[int, int]:
    """The first and the last row that a span touches. One that ends right behind a line's end does not touch the next
    line: so selections of whole lines are made."""
    first = row_of(text, span.start)
    last = row_of(text, span.end)
    return first, last - 1 if last > first and line_start(text, span.end) == span.end else last


def whole_lines(text: str, span: Span) -> Span:
    """The lines that a span touches, without the last one's end."""
    end = span.end
    if end > span.start and line_start(text, end) == end:
        end = len(text[:end].removesuffix("\n").removesuffix("\r"))
    start = line_start(text, span.start)
    return Span(start, max(start, line_end(text, end)))


def _related(document: Document, lines: list[str], related: tuple[Related, ...], workspace: Workspace) -> Iterator[str]:
    own = workspace.path_of(document)  # its name may be that of a file in another folder
    for it in related[:MAX_RELATED]:
        uri = Path(it.path).as_uri() if Path(it.path).is_absolute() else it.path
        said = f": {message}" if (message := _cut(_one_line(it.message), MAX_LINE)) else ""
        if it.path == str(path_in_uri(document.uri)) or workspace.path_of(replace(document, uri=uri)) == own:
            yield f"line {it.row + 1}{said}: {_line(lines, it.row).strip()}"
        elif not workspace.ignored(uri):
            yield f"{workspace.name(uri)}, line {it.row + 1}{said}"


def _said(lines: list[str], row: int, diagnostic: Diagnostic) -> Iterator[str]:
    """The other lines of the file that a message names by their numbers."""
    rows = dict.fromkeys(int(match[1]) - 1 for match in _LINE_NUMBER.finditer(diagnostic.message))
    known = {it.row for it in diagnostic.related}
    for other in rows:
        if other != row and other not in known and (text := _line(lines, other).strip()):
            yield f"line {other + 1}: {text}"


def _line(lines: list[str], row: int) -> str:
    return _cut(lines[row].rstrip("\r\n"), MAX_LINE) if 0 <= row < len(lines) else ""


def _cut(text: str, limit: int) -> str:
    """At most `limit` code points, and no part of a secret, which would look like none when the rest is gone."""
    return text if len(text) <= limit else text[: outside(text, limit, later=False)]


def _printable(text: str) -> str:
    lines = _COLOUR.sub("", text).strip().splitlines()
    return "\n".join(_CONTROL.sub(" ", line).rstrip() for line in lines)


def _one_line(text: str) -> str:
    return _CONTROL.sub(" ", _COLOUR.sub("", text)).strip()
