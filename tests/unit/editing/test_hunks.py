"""The small edits between two texts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.core.text import Edit, Span, apply
from understudy.editing.hunks import hunks


def told(old: str, new: str) -> list[tuple[str, str]]:
    """What each edit takes and what it puts."""
    edits = hunks(old, new)
    assert apply(old, edits) == new
    return [(old[edit.span.start : edit.span.end], edit.text) for edit in edits]


@pytest.mark.parametrize(
    ("old", "new", "edits"),
    [
        ("a\n", "a\n", []),
        ("x = pth\n", "x = path\n", [("", "a")]),
        ("a\nb\nc\n", "a\nc\n", [("b\n", "")]),
        ("a\nc\n", "a\nb\nc\n", [("", "b\n")]),
        ("a\nb1\nb2\nc\n", "a\nx1\nx2\nc\n", [("b", "x"), ("b", "x")]),
        ("a = f(1)\nb\n", "a = f(\n    1,\n)\nb\n", [("1", "\n    1,\n")]),
        ("a\nb\nc\nd\n", "x\nd\n", [("a\nb\nc\n", "x\n")]),
        ("a", "a\nb", [("", "\nb")]),
        ("a\nb", "a", [("\nb", "")]),
        ("a\nb", "a\nb\n", [("", "\n")]),
        ("", "a\n", [("", "a\n")]),
        ("a\n", "", [("a\n", "")]),
        ("1\na\n2\nb\n3\n", "1\nA\n2\nB\n3\n", [("a", "A"), ("b", "B")]),
        ("a\r\nb\r\n", "a\r\nx\r\nb\r\n", [("", "x\r\n")]),
        ("a\r\nb", "a\nb", [("\r\n", "\n")]),
        ("a\nb", "a\r\nb", [("\n", "\r\n")]),
        ("a\rb", "a\r\nb", [("\r", "\r\n")]),
    ],
)
def test_small(old: str, new: str, edits: list[tuple[str, str]]) -> None:
    assert told(old, new) == edits


def test_far_apart_is_not_one_edit() -> None:
    middle = "".join(f"line {number}\n\n" for number in range(3000))
    assert told(f"a\n{middle}b\n", f"A\n{middle}B\n") == [("a", "A"), ("b", "B")]


def test_what_many_lines_have_in_common_is_found() -> None:
    """Lines that stand often are no fixed points, and still stay where they are."""
    old = "".join(f"def f{number}():\n    return 1\n\n" for number in range(50))
    new = old.replace("def f7():\n    return 1\n", "def f7():\n    x = 2\n    return 1\n").replace("def f30", "def g30")
    assert told(old, new) == [("", "    x = 2\n"), ("f", "g")]


def test_texts_without_a_common_line_and_with_nothing_else() -> None:
    told("a\n" * 400, "b\n" * 300)
    told("a\nb\n" * 400, "b\na\n" * 300)


TEXTS = st.lists(st.sampled_from(["a", "b", "\n", "\r\n", "\r", "    ", "c\n", "\n\n"]), max_size=16).map("".join)


@settings(derandomize=True, max_examples=1000, deadline=None)
@given(TEXTS, TEXTS)
def test_applied_they_give_the_new_text(old: str, new: str) -> None:
    edits = hunks(old, new)
    assert apply(old, edits) == new
    assert list(edits) == sorted(edits, key=lambda edit: edit.span.start)
    for edit in edits:
        assert edit != Edit(Span(edit.span.start, edit.span.end), old[edit.span.start : edit.span.end])
        for offset in (edit.span.start, edit.span.end):
            assert old[offset - 1 : offset + 1] != "\r\n" or not offset
