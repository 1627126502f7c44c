"""The pictures of a terminal: styles are read as a terminal reads them, and everything keeps its column."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from picture import BACKGROUND, SIXTEEN, Cursor, Style, read, restyle, svg


@pytest.mark.parametrize(
    ("codes", "style"),
    [
        ("1;31", Style(colour=SIXTEEN[1], bold=True)),
        ("96;104", Style(colour=SIXTEEN[14], ground=SIXTEEN[12])),
        ("38;5;244", Style(colour="#808080")),
        ("38;5;196", Style(colour="#ff0000")),
        ("48;5;3", Style(ground=SIXTEEN[3])),
        ("38;2;1;2;255", Style(colour="#0102ff")),
        ("38:2::1:2:255;3", Style(colour="#0102ff", italic=True)),
        ("4:3;58:5:1;7", Style(underline=True, reverse=True)),
        ("4;4:0", Style()),
        ("1;2;22", Style()),
        ("31;39;41;49", Style()),
        ("31;", Style()),
        ("31;0;2", Style(dim=True)),
    ],
)
def test_a_style_is_read_as_a_terminal_reads_it(codes: str, style: Style) -> None:
    assert restyle(Style(), codes) == style


def test_reverse_swaps_ink_and_paper() -> None:
    assert Style(colour="#111111", ground="#222222", reverse=True).ink == "#222222"
    assert Style(colour="#111111", reverse=True).paper == "#111111"
    assert Style(reverse=True).ink == BACKGROUND


def test_each_character_keeps_its_column() -> None:
    cells, style = read("a加\x1b[1me\u0301\x1b[0m🐎b", Style())
    assert [(cell.column, cell.width, cell.text) for cell in cells] == [
        (0, 1, "a"),
        (1, 2, "加"),
        (3, 1, "e\u0301"),
        (4, 2, "🐎"),
        (6, 1, "b"),
    ]
    assert [cell.style.bold for cell in cells] == [False, False, True, False, False]
    assert style == Style()


def test_the_picture_is_well_formed_and_shows_the_cursor() -> None:
    drawn = svg("\x1b[48;5;1m<a & b>\x1b[0m\nmore of the other\n", 20, 3, Cursor(8, 0), title="A & B")
    root = ElementTree.fromstring(drawn)
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    # Blanks that stay where they are, also at both ends.
    assert texts == ["A & B", "<a\u00a0&\u00a0b>", "more\u00a0of\u00a0the\u00a0other"]
    papers = [element.get("fill") for element in root.iter("{http://www.w3.org/2000/svg}rect")]
    assert papers[1:] == [SIXTEEN[1], "#e0e2ea"]


def test_the_ground_of_the_picture_is_that_of_the_program() -> None:
    drawn = svg("\x1b[48;2;1;2;3mall over\x1b[0m\n", 8, 1)
    (ground,) = re.findall(r'<rect [^>]*fill="([^"]*)"', drawn)
    assert ground == "#010203"
