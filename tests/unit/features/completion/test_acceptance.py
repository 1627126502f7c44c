"""Accepted, partly accepted, typed along or against: read off the text alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.text import Document, Edit, Span
from understudy.features.completion.acceptance import Offered, Taking, follow
from understudy.features.completion.outcome import Item

TEXTS = st.text(st.sampled_from("ab \n()=é😀"), max_size=30)
WORDS = st.lists(st.sampled_from(["alpha", "beta", "x1"]), min_size=2, max_size=5).map(" ".join)


@st.composite
def offers(draw: st.DrawFn) -> tuple[str, Offered]:
    text = draw(TEXTS)
    return text, Offered(draw(st.integers(0, len(text))), draw(WORDS))


def put(text: str, at: int, inserted: str) -> str:
    return text[:at] + inserted + text[at:]


@given(offers())
def test_all_of_it_in_one_change_is_an_acceptance(offer: tuple[str, Offered]) -> None:
    text, offered = offer
    step = follow(offered, text, put(text, offered.at, offered.rest))
    assert (step.taking, step.left, step.taken) == (Taking.WHOLE, None, len(offered.rest))


@given(offers())
def test_letter_by_letter_is_typing(offer: tuple[str, Offered]) -> None:
    text, left = offer
    rest = left.rest
    for number, letter in enumerate(rest):
        assert left is not None
        after = put(text, left.at, letter)
        step = follow(left, text, after)
        assert step.taking is Taking.TYPED
        text, left = after, step.left
        assert (left is None) == (number == len(rest) - 1)


@given(offers(), st.data())
def test_the_rest_after_some_typing_is_an_acceptance(offer: tuple[str, Offered], data: st.DataObject) -> None:
    text, left = offer
    for letter in left.rest[: data.draw(st.integers(1, len(left.rest) - 2))]:
        after = put(text, left.at, letter)
        step = follow(left, text, after)
        assert step.left is not None
        text, left = after, step.left
    assert follow(left, text, put(text, left.at, left.rest)).taking is Taking.WHOLE


@given(offers(), st.data())
def test_word_by_word_is_partly_accepted_until_the_last(offer: tuple[str, Offered], data: st.DataObject) -> None:
    text, offered = offer
    word = offered.rest.split(" ")[0] + data.draw(st.sampled_from(["", " "]))
    step = follow(offered, text, put(text, offered.at, word))
    assert (step.taking, step.taken) == (Taking.PART, len(word))
    assert step.left == Offered(offered.at + len(word), offered.rest[len(word) :])


@given(offers(), TEXTS, st.data())
def test_a_change_elsewhere_moves_it(offer: tuple[str, Offered], new: str, data: st.DataObject) -> None:
    text, offered = offer
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    after = text[:start] + new + text[end:]
    # A change that touches the place may be read as typing there; a letter between keeps it clear of that.
    if start > offered.at + 1 and text[offered.at : start] and after[: offered.at + 1] == text[: offered.at + 1]:
        step = follow(offered, text, after)
        assert step.taking is Taking.ELSEWHERE
        assert step.left == offered


@given(offers(), st.data())
def test_deleting_backwards_and_typing_again_comes_to_the_same(offer: tuple[str, Offered], data: st.DataObject) -> None:
    text, offered = offer
    count = data.draw(st.integers(1, len(offered.rest) - 1))
    typed = put(text, offered.at, offered.rest[:count])
    left = Offered(offered.at + count, offered.rest[count:])
    back = follow(left, typed, text).left
    assert back is not None
    assert put(text, back.at, back.rest) == put(text, offered.at, offered.rest)


@pytest.mark.parametrize(
    ("rest", "inserted", "taking"),
    [
        ("\n    return x", "\n    ", Taking.TYPED),
        ("    return x", "    ", Taking.TYPED),
        ("(a, b)", "()", Taking.TYPED),
        ("return x", "retur", Taking.TYPED),
        ("return x\ny", "return x\n", Taking.PART),
        ("return x", "yield x", Taking.AGAINST),
        ("return x", "y", Taking.AGAINST),
        ("x", "x", Taking.TYPED),
        ("()", "()", Taking.TYPED),
    ],
)
def test_one_change_at_the_cursor(rest: str, inserted: str, taking: Taking) -> None:
    assert follow(Offered(4, rest), "a = \nb\n", put("a = \nb\n", 4, inserted)).taking is taking


def test_a_replacement_is_accepted_with_what_it_replaces() -> None:
    document = Document("file:///a.py", 1, "python", "call(ab, old)\n")
    offered = Offered.of(Item("1", Edit(Span(5, 13), "abc, new)")), document)
    assert offered == Offered(7, "c, new)", 6)
    assert follow(offered, document.text, "call(abc, new)\n").taking is Taking.WHOLE


def test_typing_over_the_replaced_text_is_typing_against() -> None:
    assert follow(Offered(2, "xyz", 2), "a bc d", "a bq d").taking is Taking.AGAINST


def test_a_change_before_it_moves_it() -> None:
    assert follow(Offered(10, "xyz"), "import a\n\n", "import a\nimport b\n\n").left == Offered(19, "xyz")
