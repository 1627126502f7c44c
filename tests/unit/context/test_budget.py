"""Filling a budget: the best first, in the fullest form that fits, nothing twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from understudy.context.budget import SEPARATOR_TOKENS, Placed, Room, fit, packed
from understudy.context.pieces import Piece

CLASS = "class Shelf:"


def piece(
    key: str, score: float, *forms: str, row: int = 0, path: str = "a.py", within: str = "", usual: int = 0
) -> Piece:
    return Piece(path, row, f"{path}#{key}", forms, score, "named", within, usual)


def keys(placed: tuple[Placed, ...]) -> list[str]:
    return [it.piece.key.partition("#")[2] for it in placed]


def used(placed: tuple[Placed, ...], limit: int) -> int:
    """The tokens of what is placed, counted afresh from the texts that would be shown."""
    paths = {it.piece.path for it in placed}
    headers = {(it.piece.path, it.piece.within) for it in placed if it.piece.within}
    texts = [f"{it.text}\n" for it in placed] + [f"{header}\n" for _, header in headers]
    return sum(len(text) for text in texts) + sum(len(path) + SEPARATOR_TOKENS for path in paths)


def test_the_best_come_in_and_the_order_stays() -> None:
    pieces = [piece("a", 0.1, "aaaa"), piece("b", 0.9, "bbb", row=9), piece("c", 0.5, "cc", row=19)]
    overhead = len("a.py") + SEPARATOR_TOKENS
    assert keys(fit(pieces, overhead + 12, len)) == ["a", "b", "c"]
    assert keys(fit(pieces, overhead + 8, len)) == ["b", "c"]
    assert keys(fit(pieces, overhead + 4, len)) == ["b"]
    assert fit(pieces, overhead, len) == ()


def test_a_body_comes_when_signatures_of_half_the_worth_are_in() -> None:
    body = "def f():\n    return 1"
    both = [piece("f", 0.8, body, "def f():", usual=1), piece("g", 0.5, "def g():", row=20)]
    least = len("a.py") + SEPARATOR_TOKENS + 2 * len("def f():\n")
    assert [it.form for it in fit(both, least, len)] == [1, 0]
    assert [it.form for it in fit(both, least + 13, len)] == [0, 0]
    low = [both[0], piece("g", 0.3, "def g():", row=20)]
    assert [(it.piece.key[-1], it.form) for it in fit(low, least + 4, len)] == [("f", 0)]
    assert [(it.piece.key[-1], it.form) for it in fit(low, least + 3, len)] == [("f", 1), ("g", 0)]


def test_what_does_not_fit_is_shown_shorter() -> None:
    long = piece("f", 1.0, "def f(\n    one,\n    two,\n):", "def f(")
    assert [it.form for it in fit([long], 60, len)] == [0]
    assert [it.form for it in fit([long], 24, len)] == [1]


def test_one_form_takes_a_quarter_at_most() -> None:
    data = piece("data", 1.0, "x" * 400)
    assert fit([data], 1600, len) == ()
    assert keys(fit([data], 1700, len)) == ["data"]
    assert keys(fit([piece("small", 1.0, "x" * 60)], 90, len)) == ["small"]


def test_rows_are_shown_once() -> None:
    whole = piece("Shelf", 0.9, f"{CLASS}\n    def put(self):\n        pass", row=10)
    member = piece("Shelf.put", 0.8, "    def put(self):", row=11, within=CLASS)
    assert keys(fit([whole, member], 1000, len)) == ["Shelf"]
    assert keys(fit([member, piece("Shelf", 0.9, CLASS, row=10)], 1000, len)) == ["Shelf.put", "Shelf"]
    assert keys(fit([whole, member], 1000, len, shown=[("a.py", 12, 20)])) == ["Shelf.put"]
    assert keys(fit([whole, member], 1000, len, shown=[("b.py", 0, 99)])) == ["Shelf"]
    elsewhere = piece("part", 0.5, "one\ntwo\nthree\nfour", "three\nfour", row=30, usual=1)
    assert keys(fit([elsewhere], 1000, len, shown=[("a.py", 30, 32)])) == ["part"], "the shorter form begins below it"
    assert fit([elsewhere], 1000, len, shown=[("a.py", 33, 34)]) == ()


def test_path_and_header_are_paid_once() -> None:
    members = [piece(name, 0.5, f"    def {name}(self):", row=row, within=CLASS) for row, name in enumerate("abc")]
    first, *rest = fit(members, 1000, len)
    assert first.tokens == len("a.py") + SEPARATOR_TOKENS + len(CLASS) + 1 + len("    def a(self):\n")
    assert [it.tokens for it in rest] == [len("    def b(self):\n")] * 2
    own = piece("Shelf", 0.1, CLASS)
    assert keys(fit([*members, own], 1000, len)) == ["a", "b", "c"], "it stands above them already"


def test_of_equals_the_earlier_comes_in() -> None:
    pieces = [piece("a", 0.5, "aaaa"), piece("b", 0.5, "bbbbb", row=9), piece("c", 0.5, "ccc", row=19)]
    assert keys(fit(pieces, len("a.py") + SEPARATOR_TOKENS + 10, len)) == ["a", "c"]


FORMS = st.lists(st.text("ab\n", min_size=1, max_size=9), min_size=1, max_size=3)


@st.composite
def many(draw: st.DrawFn) -> list[Piece]:
    pieces = []
    for number in range(draw(st.integers(0, 8))):
        forms = sorted(draw(FORMS), key=len, reverse=True)
        path, within = draw(st.sampled_from(["a.py", "b.py"])), draw(st.sampled_from(["", "class A:"]))
        score = draw(st.sampled_from([0.1, 0.3, 0.5, 0.9]))
        usual = draw(st.integers(0, len(forms) - 1))
        row = draw(st.integers(0, 30))
        pieces.append(piece(str(number), score, *forms, row=row, path=path, within=within, usual=usual))
    return pieces


@given(many(), st.integers(0, 200))
def test_never_over_the_limit_and_never_the_same_row_twice(pieces: list[Piece], limit: int) -> None:
    placed = fit(pieces, limit, len)
    assert used(placed, limit) <= limit
    assert sum(it.tokens for it in placed) >= used(placed, limit)
    assert len(set(keys(placed))) == len(placed)
    assert placed == fit(pieces, limit, len)
    room = Room(limit, len)
    for it in placed:
        assert not room.taken(it.piece, it.form) or (it.piece.path, it.text) in {
            (one.piece.path, one.piece.within or one.text) for one in placed
        }
        room.hold(it)


@given(many(), st.integers(0, 150), st.integers(0, 80))
def test_more_room_gives_a_piece_up_only_for_more_of_a_better_one(pieces: list[Piece], limit: int, more: int) -> None:
    small = {it.piece.key: it for it in fit(pieces, limit, len)}
    large = {it.piece.key: it for it in fit(pieces, limit + more, len)}
    for key, lost in small.items():
        if key in large:
            continue
        better = [it for it in large.values() if it.piece.score >= lost.piece.score]
        assert any(it.piece.key not in small or it.form < small[it.piece.key].form for it in better)


@given(st.lists(st.tuples(st.text(max_size=9), st.integers(0, 3))), st.integers(0, 40))
def test_packed_never_goes_over_the_limit_and_leaves_nothing_that_fits(
    given: list[tuple[str, int]], limit: int
) -> None:
    texts, worths = [text for text, _ in given], [float(worth) for _, worth in given]
    chosen = packed(texts, worths, limit, len)
    taken = sum(len(texts[index]) for index in chosen)
    assert list(chosen) == sorted(set(chosen))
    assert taken <= limit
    assert all(taken + len(text) > limit for index, text in enumerate(texts) if index not in chosen)
