from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.checking.places import Lines, Unit
from understudy.core.text import Span

TEXT = 'a\n  s = "é𝒳" + b\r\nlast'


@pytest.mark.parametrize(
    ("unit", "column"), [(Unit.CODE_POINT, 12), (Unit.UTF16, 13), (Unit.UTF8, 16)], ids=lambda each: str(each)
)
def test_columns_in_each_unit(unit: Unit, column: int) -> None:
    offset = Lines(TEXT).offset(1, column, unit)
    assert TEXT[offset:].startswith(" b\r\n")


@pytest.mark.parametrize(
    ("row", "column", "offset"),
    [
        (0, 0, 0),
        (0, 99, 1),
        (1, 99, 16),
        (2, 4, len(TEXT)),
        (2, 9, len(TEXT)),
        (7, 0, len(TEXT)),
        (-1, 3, 0),
        (0, -2, 0),
    ],
)
def test_what_lies_outside_is_moved_inside(row: int, column: int, offset: int) -> None:
    assert Lines(TEXT).offset(row, column) == offset


def test_the_line_after_the_last_line_end() -> None:
    assert Lines("a\n").offset(1, 0) == 2
    assert Lines("").offset(0, 0) == 0


def test_a_half_of_a_character_is_its_beginning() -> None:
    assert Lines("🙂b").offset(0, 1, Unit.UTF16) == 0
    assert Lines("éb").offset(0, 1, Unit.UTF8) == 0


def test_spans() -> None:
    lines = Lines("x = name$1 + 2\n\n")
    assert lines.span((0, 4), None) == Span(4, 10)
    assert lines.span((0, 11), None) == Span(11, 12), "no word: the character"
    assert lines.span((0, 14), None) == Span(14, 14), "the end of the line"
    assert lines.span((0, 4), (0, 2)) == Span(4, 4), "an end before the start"
    assert Lines("  a b  \n").row(0) == Span(2, 7)


@given(st.text(alphabet="ab é𝒳\n\r"), st.data())
def test_every_unit_leads_to_the_same_place(text: str, data: st.DataObject) -> None:
    lines = Lines(text)
    offset = data.draw(st.integers(0, len(text)))
    if text[offset - 1 : offset + 1] == "\r\n":
        offset -= 1
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    row, start = before.count("\n"), before.rfind("\n") + 1
    for unit in Unit:
        encoding, width = unit.value
        column = len(before[start:].encode(encoding)) // width
        assert lines.offset(row, column, unit) == offset
