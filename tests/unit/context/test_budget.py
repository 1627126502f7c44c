"""Filling a budget."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from understudy.context.budget import Piece, fit


def test_the_important_come_in_and_the_order_stays() -> None:
    pieces = [Piece("aaaa", 1), Piece("bbb", 3), Piece("cc", 2), Piece("d", 0)]
    assert fit(pieces, 10, len) == (0, 1, 2, 3)
    assert fit(pieces, 6, len) == (1, 2, 3)
    assert fit(pieces, 3, len) == (1,)
    assert fit(pieces, 0, len) == ()


def test_of_equals_the_earlier_comes_in() -> None:
    assert fit([Piece("aa"), Piece("bb"), Piece("c")], 3, len) == (0, 2)


@given(st.lists(st.builds(Piece, st.text(max_size=9), st.integers(0, 3))), st.integers(0, 40))
def test_never_over_the_limit_and_nothing_that_fits_is_left(pieces: list[Piece], limit: int) -> None:
    chosen = fit(pieces, limit, len)
    used = sum(len(pieces[index].text) for index in chosen)
    assert list(chosen) == sorted(set(chosen))
    assert used <= limit
    assert all(used + len(piece.text) > limit for index, piece in enumerate(pieces) if index not in chosen)
