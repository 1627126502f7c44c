"""Edits carried over what the user has typed meanwhile."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.matcher_faults import changed, sources
from understudy.core.text import Edit, Span, apply, split_lines
from understudy.editing.hunks import hunks
from understudy.editing.rebase import rebased

OLD = "zero\none\ntwo\nthree\nfour\nfive\nsix\n"


def carried(fixed: str, typed: str, old: str = OLD) -> str | None:
    """What a fix of `old` and the user's typing come to together."""
    edits = rebased(hunks(old, fixed), old, typed)
    return None if edits is None else apply(typed, edits)


@pytest.mark.parametrize(
    ("fixed", "typed", "both"),
    [
        (("three", "3"), ("one", "1"), "zero\n1\ntwo\n3\nfour\nfive\nsix\n"),
        (("one", "1"), ("three", "3"), "zero\n1\ntwo\n3\nfour\nfive\nsix\n"),
        (("one", "1"), ("two", "2"), "zero\n1\n2\nthree\nfour\nfive\nsix\n"),
        (("three\n", ""), ("zero\n", "0\n00\n"), "0\n00\none\ntwo\nfour\nfive\nsix\n"),
        (("three", "3\n33"), ("six", "6\n7"), "zero\none\ntwo\n3\n33\nfour\nfive\n6\n7\n"),
        (("two", "2"), ("zero\n", ""), "one\n2\nthree\nfour\nfive\nsix\n"),
    ],
)
def test_apart(fixed: tuple[str, str], typed: tuple[str, str], both: str) -> None:
    assert carried(OLD.replace(*fixed), OLD.replace(*typed)) == both


@pytest.mark.parametrize(
    ("fixed", "typed"),
    [
        (("three", "3"), ("three", "threes")),
        (("three", "3"), ("three\n", "")),
        (("three", "3"), ("three\n", "three\nnew\n")),
        (("three", "3"), ("three\n", "new\nthree\n")),
        (("three\n", ""), ("three", "threes")),
        (("three\n", ""), ("four", "4")),
        (("three\n", ""), ("two", "2")),
        (("three\n", "three\nnew\n"), ("three\n", "three\nother\n")),
        (("three\n", "three\nnew\n"), ("four", "4")),
        (("two\nthree", "2\n3\n33"), ("one\n", "")),
    ],
)
def test_too_close(fixed: tuple[str, str], typed: tuple[str, str]) -> None:
    assert carried(OLD.replace(*fixed), OLD.replace(*typed)) is None


def test_nothing_typed() -> None:
    edits = hunks(OLD, OLD.replace("two", "2"))
    assert rebased(edits, OLD, OLD) is edits


def test_all_edits_or_none() -> None:
    fixed = OLD.replace("zero", "0").replace("six", "6")
    assert carried(fixed, OLD.replace("six", "sixth")) is None
    assert carried(fixed, OLD.replace("three", "3")) == fixed.replace("three", "3")


def test_both_sides_of_what_was_typed() -> None:
    fixed = OLD.replace("zero", "0").replace("six", "6")
    typed = OLD.replace("two", "two and a half").replace("four\n", "")
    assert carried(fixed, typed) == "0\none\ntwo and a half\nthree\nfive\n6\n"


def test_a_line_typed_among_its_likes_may_be_any_of_them() -> None:
    """From the texts alone nobody can tell before which `x` the new one was put, and which is to become `y`."""
    old = "a\nx\nx\nx\nb\n"
    edits = (Edit(Span(2, 3), "y"),)
    assert rebased(edits, old, "a\nx\nx\nx\nx\nb\n") is None
    assert rebased(edits, old, "a\nx\nx\nb\n") is None


def test_an_edit_at_the_very_beginning_and_end() -> None:
    assert carried("new\n" + OLD, OLD.replace("six", "6")) == "new\n" + OLD.replace("six", "6")
    assert carried(OLD + "new\n", OLD.replace("zero", "0")) == OLD.replace("zero", "0") + "new\n"
    assert carried("new\n" + OLD, "other\n" + OLD) is None


LINES = st.sampled_from(["a", "b", "", "    a", "x = 1"])


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, int, int]:
    """A text, and the row before which the user is at work, and that behind which the fix is."""
    lines = draw(st.lists(LINES, min_size=3, max_size=12))
    row = draw(st.integers(1, len(lines) - 1))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    text = end.join(lines)
    return text, sum(map(len, split_lines(text)[: row - 1])), sum(map(len, split_lines(text)[:row]))


def edited(draw: st.DrawFn, text: str) -> str:
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(len(text), start + 6)))
    return text[:start] + draw(st.sampled_from(["", "y", "y\n", "\ny", "a\nb\n", "z z"])) + text[end:]


@settings(derandomize=True, max_examples=1000, deadline=None)
@given(texts(), st.booleans(), st.data())
def test_the_order_makes_no_difference(case: tuple[str, int, int], above: bool, data: st.DataObject) -> None:
    """The user types on one side of a line, the fix is on the other: what is carried has both."""
    old, border, rest = case
    head, line, tail = old[:border], old[border:rest], old[rest:]
    draw = data.draw
    changed_head, changed_tail = (edited(lambda it: draw(it), part) for part in (head, tail))
    typed, fixed = (changed_head + line + tail, head + line + changed_tail)
    if not above:
        typed, fixed = fixed, typed
    edits = hunks(old, fixed)
    moved = rebased(edits, old, typed)
    assert moved is None or apply(typed, moved) == changed_head + line + changed_tail


def test_in_real_files_edits_that_lie_apart_are_carried() -> None:
    """A fix and the user's typing in two places of a file of the standard library, with lines between them."""
    chance = random.Random(5)
    apart = refused = 0
    while apart < 300:
        source = chance.choice(sources())
        one, other = sorted(chance.sample(range(len(source.lines) - 8), 2))
        count, more = chance.randint(1, 4), chance.randint(1, 4)
        if one + count + 2 > other:
            continue
        head, quote, middle = source.lines[:one], source.lines[one : one + count], source.lines[one + count : other]
        second, tail = source.lines[other : other + more], source.lines[other + more :]
        if not any(map(str.strip, quote)) or not any(map(str.strip, second)):
            continue
        changes = [changed(chance, it, source.step) for it in (quote, second)]
        old, lower, upper, both = (
            "\n".join((*head, *first, *middle, *last, *tail))
            for first in (quote, changes[0])
            for last in (second, changes[1])
        )
        typed, fixed = chance.choice(((lower, upper), (upper, lower)))
        apart += 1
        edits = rebased(hunks(old, fixed), old, typed)
        refused += edits is None
        assert edits is None or apply(typed, edits) == both
    assert refused <= apart // 50
