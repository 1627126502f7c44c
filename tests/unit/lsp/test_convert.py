"""Columns of the client and indices of ours, both ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.lsp.convert import Encoding, choose_encoding, column_of, index_of, index_of_unit, width

LINES = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=30)
ENDS = st.sampled_from(["", "\n", "\r\n", "\r"])
ENCODINGS = st.sampled_from(Encoding)


@given(LINES, ENDS, ENCODINGS, st.data())
def test_an_index_comes_back_from_its_column(line: str, end: str, encoding: Encoding, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(line)))
    assert index_of(line + end, column_of(line + end, index, encoding), encoding) == index


@given(LINES, ENDS, ENCODINGS, st.integers(0, 200))
def test_a_column_is_never_beyond_the_line_and_never_inside_a_character(
    line: str, end: str, encoding: Encoding, column: int
) -> None:
    index = index_of(line + end, column, encoding)
    assert 0 <= index <= len(line)
    assert column_of(line, index, encoding) <= column
    if index < len(line):
        assert column_of(line, index + 1, encoding) > column


@given(LINES, ENCODINGS)
def test_columns_count_the_units_of_the_encoding(line: str, encoding: Encoding) -> None:
    codec, size = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}[encoding.value]
    assert width(line, encoding) == len(line.encode(codec)) // size


def test_an_emoji_takes_two_columns_in_utf_16_and_four_in_utf_8() -> None:
    assert [column_of("a😀b", 2, encoding) for encoding in (Encoding.UTF8, Encoding.UTF16, Encoding.UTF32)] == [5, 3, 2]


def test_units_from_the_start_of_a_text_with_line_ends() -> None:
    assert index_of_unit("a\n😀b", 4, Encoding.UTF16) == 3


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        ([], Encoding.UTF16),
        (["utf-16"], Encoding.UTF16),
        (["utf-8", "utf-16", "utf-32"], Encoding.UTF16),
        (["utf-32", "utf-8"], Encoding.UTF32),
        (["utf-8"], Encoding.UTF8),
        (["utf-7", "utf-8"], Encoding.UTF8),
        (["utf-7"], Encoding.UTF16),
    ],
)
def test_utf_16_wherever_it_is_offered(offered: list[str], chosen: Encoding) -> None:
    assert choose_encoding(offered) is chosen
