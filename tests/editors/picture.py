"""A terminal's screen, as escape sequences, drawn as an SVG picture."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

CELL_WIDTH = 9.6
CELL_HEIGHT = 20
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
FONT_SIZE = 16
MARGIN = 12
TITLE_HEIGHT = 28
FONTS = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
FOREGROUND, BACKGROUND, FRAME = "#e0e2ea", "#14161b", "#2c2e33"
CODE = re.compile(r"\x1b\[([\d;:]*)m|\x1b[()][A-Z0-9]|[\x0e\x0f]")
SIXTEEN = (
    *("#07080d", "#ffc0b9", "#b3f6c0", "#fce094", "#a6dbff", "#ffcaff", "#8cf8f7", "#c4c6cd"),
    *("#4f5258", "#ffc0b9", "#b3f6c0", "#fce094", "#a6dbff", "#ffcaff", "#8cf8f7", "#eef1f8"),
)


class Cursor(NamedTuple):
    """Where the cursor is, from 0, and whether it shows."""

    column: int
    row: int
    visible: bool = True


@dataclass(frozen=True)
class Style:
    """How a cell looks."""

    colour: str | None = None
    ground: str | None = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False
    reverse: bool = False

    @property
    def ink(self) -> str:
        return (self.ground or BACKGROUND) if self.reverse else (self.colour or FOREGROUND)

    @property
    def paper(self) -> str | None:
        return (self.colour or FOREGROUND) if self.reverse else self.ground


class Cell(NamedTuple):
    """A character, the column where it starts, the columns that it takes."""

    column: int
    width: int
    text: str
    style: Style


CHANGES: dict[int, dict[str, Any]] = {
    1: {"bold": True},
    2: {"dim": True},
    3: {"italic": True},
    4: {"underline": True},
    7: {"reverse": True},
    22: {"bold": False, "dim": False},
    23: {"italic": False},
    24: {"underline": False},
    27: {"reverse": False},
    39: {"colour": None},
    49: {"ground": None},
    **{30 + index: {"colour": colour} for index, colour in enumerate(SIXTEEN[:8])},
    **{40 + index: {"ground": colour} for index, colour in enumerate(SIXTEEN[:8])},
    **{90 + index: {"colour": colour} for index, colour in enumerate(SIXTEEN[8:])},
    **{100 + index: {"ground": colour} for index, colour in enumerate(SIXTEEN[8:])},
}


def svg(capture: str, columns: int, rows: int, cursor: Cursor | None = None, *, title: str = "") -> str:
    """The picture of a screen of so many columns and rows."""
    top = MARGIN + (TITLE_HEIGHT if title else 0)
    width, height = columns * CELL_WIDTH + 2 * MARGIN, rows * CELL_HEIGHT + top + MARGIN
    style, lines = Style(), []
    for line in capture.split("\n")[:rows]:
        cells, style = read(line, style)
        lines.append(cells)
    # What a program paints all over is the ground of the picture too, margins included.
    papers = Counter(cell.style.paper for cells in lines for cell in cells)
    ground = papers.most_common(1)[0][0] if papers else None
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" font-family="{FONTS}" font-size="{FONT_SIZE}">',
        f'<rect width="100%" height="100%" rx="8" fill="{ground or BACKGROUND}" stroke="{FRAME}"/>',
    ]
    if title:
        middle = f'x="{width / 2:g}" y="{MARGIN + FONT_SIZE}" text-anchor="middle"'
        drawn.append(f'<text {middle} fill="#9b9ea4">{escape(title)}</text>')
    for row, cells in enumerate(lines):
        if cursor and cursor.visible and cursor.row == row:
            cells = list(_with_cursor(cells, cursor.column))
        drawn += _draw(cells, top + row * CELL_HEIGHT, ground)
    return "\n".join([*drawn, "</svg>", ""])


def read(line: str, style: Style) -> tuple[list[Cell], Style]:
    """The cells of a line; the style goes on to the next line."""
    cells: list[Cell] = []
    column, at = 0, 0
    while at < len(line):
        if code := CODE.match(line, at):
            at = code.end()
            if code[1] is not None:
                style = restyle(style, code[1])
            continue
        wide = _width(line[at])
        if wide:
            cells.append(Cell(column, wide, line[at], style))
            column += wide
        elif cells:
            cells[-1] = cells[-1]._replace(text=cells[-1].text + line[at])
        at += 1
    return cells, style


def restyle(style: Style, codes: str) -> Style:
    """The style after a sequence such as `1;38;5;244`; sub-parameters may be parted by colons."""
    left = [[int(part or 0) for part in code.split(":")] for code in codes.split(";")]
    while left:
        code, *extra = left.pop(0)
        if code == 0:
            style = Style()
        elif code == 4 and extra:
            style = replace(style, underline=extra[0] != 0)
        elif code in (38, 48, 58):
            colour = _colour(extra, left)
            style = replace(style, **{38: {"colour": colour}, 48: {"ground": colour}, 58: {}}[code])
        else:
            style = replace(style, **CHANGES.get(code, {}))
    return style


def _colour(words: list[int], left: list[list[int]]) -> str:
    """The colour that `5;n` or `2;r;g;b` names; what colons did not join is taken from what is left."""
    while left and len(words) < (2 if words[:1] == [5] else 4):
        words = words + left.pop(0)
    return _palette(words[1]) if words[0] == 5 else "#" + "".join(f"{part:02x}" for part in words[-3:])


def _palette(index: int) -> str:
    if index < 16:
        return SIXTEEN[index]
    if index >= 232:
        return f"#{8 + 10 * (index - 232):02x}" + f"{8 + 10 * (index - 232):02x}" * 2
    steps = (0, 95, 135, 175, 215, 255)
    index -= 16
    return "#" + "".join(f"{steps[part]:02x}" for part in (index // 36, index // 6 % 6, index % 6))


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _with_cursor(cells: list[Cell], column: int) -> Iterator[Cell]:
    end = cells[-1].column + cells[-1].width if cells else 0
    cells = cells + [Cell(at, 1, " ", Style()) for at in range(end, column + 1)]
    for cell in cells:
        here = cell.column <= column < cell.column + cell.width
        yield cell._replace(style=Style(colour=BACKGROUND, ground=FOREGROUND)) if here else cell


def _draw(cells: list[Cell], y: float, ground: str | None) -> Iterator[str]:
    for style, group in groupby(cells, key=lambda cell: cell.style):
        run = list(group)
        x = MARGIN + run[0].column * CELL_WIDTH
        width = sum(cell.width for cell in run) * CELL_WIDTH
        if style.paper and style.paper != ground:
            yield f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{CELL_HEIGHT}" fill="{style.paper}"/>'
        text = "".join(cell.text for cell in run)
        if not text.strip():
            continue
        looks = [f'fill="{style.ink}"']
        looks += ['font-weight="bold"'] if style.bold else []
        looks += ['font-style="italic"'] if style.italic else []
        looks += ['text-decoration="underline"'] if style.underline else []
        looks += ['opacity="0.65"'] if style.dim else []
        # The length keeps the columns, whatever font the reader has; blanks that do not break, since Chromium has given
        # up `xml:space` and drops others at both ends.
        drawn = escape(text.replace(" ", NO_BREAK_SPACE))
        yield (
            f'<text x="{x:g}" y="{y + 15:g}" textLength="{width:g}" lengthAdjust="spacingAndGlyphs" {" ".join(looks)}>'
            f"{drawn}</text>"
        )
