"""A model's indentation and the file's: by how much the one is off, when it is off by the same everywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from understudy.core.text import indent_of

# From an indentation as the model wrote it to the file's; None for one that the file cannot have.
Reindent = Callable[[str], str | None]

TAB_WIDTHS = (4, 8, 2, 3)  # spaces that a model may have written for a tab, or a tab for


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is indented: with tabs, or by `step` spaces."""

    tabs: bool
    step: int


def style_of(lines: Sequence[str]) -> Style:
    """What most lines do; 4 spaces where none is indented."""
    indents = [indent_of(line) for line in lines if line.strip()]
    with_tabs = sum(indent.startswith("\t") for indent in indents)
    with_spaces = sum(indent.startswith(" ") for indent in indents)
    steps = Counter(len(later) - len(earlier) for earlier, later in pairwise(indents))
    return Style(with_tabs > with_spaces, max(TAB_WIDTHS, key=lambda width: steps[width]))


def shift_between(
    quoted: Sequence[str], actual: Sequence[str], replacement: Sequence[str], style: Style
) -> Reindent | None:
    """How the indentation of the quoted lines becomes that of the lines in the file, which say the same otherwise.

    None where no single shift does that for all of them: the same characters more or less in each line, or, where the
    model writes tabs and the file has spaces or the other way round, the same number of columns, for a tab of any usual
    width. Few lines fit several widths; which one is meant, the lines of the replacement show, and the file's style.
    """
    pairs = [(indent_of(one), indent_of(other)) for one, other in zip(quoted, actual, strict=True) if one.strip()]
    if not pairs:
        return None
    written = {*(indent_of(line) for line in replacement if line.strip()), *(model for model, _ in pairs)} - {""}
    files = {file for _, file in pairs} - {""}
    tabs = any("\t" in file for file in files) if files else style.tabs
    by_columns = partial(_by_columns, pairs, written, Style(tabs, style.step))
    if any(("\t" in indent) != tabs for indent in written):
        return by_columns() or _by_characters(pairs)
    return _by_characters(pairs) or by_columns()


def reindented(lines: Iterable[str], shift: Reindent) -> list[str] | None:
    """The lines with the shift; a blank one is left without white space. None where a line stands further left than
    the shift allows."""
    done: list[str] = []
    for line in lines:
        if not line.strip():
            done.append("")
            continue
        was = indent_of(line)
        now = shift(was)
        if now is None:
            return None
        done.append(now + line[len(was) :])
    return done


def _by_characters(pairs: list[tuple[str, str]]) -> Reindent | None:
    """The same characters put before every indentation, or taken from it."""
    model, file = pairs[0]
    more = less = ""
    if file.endswith(model):
        more = file[: len(file) - len(model)]
    elif model.endswith(file):
        less = model[: len(model) - len(file)]
    if any(less + file != more + model for model, file in pairs):
        return None
    return lambda indent: more + indent[len(less) :] if indent.startswith(less) else None


def _by_columns(pairs: list[tuple[str, str]], written: set[str], style: Style) -> Reindent | None:
    """The same number of columns more or less."""
    if any("\t" in indent for indent in written):
        likely = [style.step]
    else:  # spaces for the file's tabs: as many for each as divides them all
        likely = sorted((width for width in TAB_WIDTHS if not any(len(it) % width for it in written)), reverse=True)
    widths = dict.fromkeys((*likely, *TAB_WIDTHS))
    return next((shift for width in widths if (shift := _columns(pairs, Style(style.tabs, width)))), None)


def _columns(pairs: list[tuple[str, str]], style: Style) -> Reindent | None:
    known = dict(pairs)
    more = {_column(file, style.step) - _column(model, style.step) for model, file in pairs}
    if len(more) != 1 or any(known[model] != file for model, file in pairs):
        return None
    shift = more.pop()

    def to_file(indent: str) -> str | None:
        if indent in known:
            return known[indent]
        column = _column(indent, style.step) + shift
        if column < 0:
            return None
        tabs, spaces = divmod(column, style.step) if style.tabs else (0, column)
        return "\t" * tabs + " " * spaces

    return to_file


def _column(indent: str, width: int) -> int:
    return len(indent.expandtabs(width))
