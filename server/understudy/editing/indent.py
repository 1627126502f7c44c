"""A model's indentation and the file's: by how much the one is off, when it is off by the same everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from understudy.core.text import indent_of

# From an indentation as the model wrote it to the file's; None for one that the file cannot have.
Reindent = Callable[[str], str | None]

TAB_WIDTHS = (4, 8, 2, 3)  # spaces that a model may have written for a tab, or a tab for


def shift_between(quoted: Sequence[str], actual: Sequence[str]) -> Reindent | None:
    """How the indentation of the quoted lines becomes that of the lines in the file, which say the same otherwise.

    None where no single shift does that for all of them. First the same characters more or less in each line; then,
    when tabs are in play, the same number of columns, for a tab of any usual width.
    """
    pairs = [(indent_of(one), indent_of(other)) for one, other in zip(quoted, actual, strict=True) if one.strip()]
    if not pairs:
        return None
    return _by_characters(pairs) or _by_columns(pairs)


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
    one, other = pairs[0]
    if other.endswith(one):
        more = other[: len(other) - len(one)]
        return (lambda indent: more + indent) if all(file == more + model for model, file in pairs) else None
    if one.endswith(other):
        less = one[: len(one) - len(other)]
        if all(model == less + file for model, file in pairs):
            return lambda indent: indent[len(less) :] if indent.startswith(less) else None
    return None


def _by_columns(pairs: list[tuple[str, str]]) -> Reindent | None:
    if not any("\t" in indent for pair in pairs for indent in pair):
        return None
    widths = sorted(TAB_WIDTHS, key=lambda width: _doubts(width, pairs))
    return next((shift for width in widths if (shift := _columns(width, pairs))), None)


def _doubts(width: int, pairs: list[tuple[str, str]]) -> tuple[bool, int]:
    """Orders the widths of a tab that fit, for few quoted lines fit several.

    Spaces that a model wrote for tabs tell by what divides them all. Tabs that it wrote for spaces do not: there the
    width is likelier at which nothing was shifted besides.
    """
    if any("\t" in model for model, _ in pairs):
        return _column(pairs[0][0], width) != _column(pairs[0][1], width), TAB_WIDTHS.index(width)
    divides = all(len(model) % width == 0 for model, _ in pairs)
    return not divides, -width if divides else TAB_WIDTHS.index(width)


def _columns(width: int, pairs: list[tuple[str, str]]) -> Reindent | None:
    known = dict(pairs)
    more = {_column(file, width) - _column(model, width) for model, file in pairs}
    if len(more) != 1 or any(known[model] != file for model, file in pairs):
        return None
    shift = more.pop()
    tabs = any("\t" in file for _, file in pairs)

    def to_file(indent: str) -> str | None:
        if indent in known:
            return known[indent]
        column = _column(indent, width) + shift
        if column < 0:
            return None
        return "\t" * (column // width) + " " * (column % width) if tabs else " " * column

    return to_file


def _column(indent: str, width: int) -> int:
    return len(indent.expandtabs(width))
