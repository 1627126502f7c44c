"""What two prompts have in common."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.engine.prefix import common_prefix

IDS = st.lists(st.integers(0, 2), max_size=12).map(tuple)


@given(IDS, IDS, IDS)
def test_it_is_the_longest_that_both_begin_with(
    shared: tuple[int, ...], one: tuple[int, ...], two: tuple[int, ...]
) -> None:
    one, two = shared + one, shared + two
    length = common_prefix(one, two)
    assert length >= len(shared)
    assert one[:length] == two[:length]
    assert one[length : length + 1] != two[length : length + 1] or length == len(one) == len(two)


@pytest.mark.parametrize(
    ("one", "two", "length"), [((), (), 0), ((1,), (), 0), ((1, 2), (1, 3), 1), ((1, 2), (1, 2), 2)]
)
def test_its_ends(one: tuple[int, ...], two: tuple[int, ...], length: int) -> None:
    assert common_prefix(one, two) == length
