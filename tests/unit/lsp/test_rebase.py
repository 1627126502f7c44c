"""A completion is carried over typing along it and dropped by anything else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.text import Edit, Span, apply
from understudy.lsp.rebase import rebase

OLD = "x = \nrest\n"
HELLO = Edit(Span(4, 4), "hello")
WORD = Edit(Span(0, 2), "hello")


@pytest.mark.parametrize(
    ("edit", "old", "new", "want"),
    [
        (HELLO, OLD, OLD, HELLO),
        (HELLO, OLD, "x = he\nrest\n", Edit(Span(6, 6), "llo")),
        (HELLO, OLD, "x = hi\nrest\n", None),
        (HELLO, OLD, "x =\nrest\n", None),
        (HELLO, OLD, "y = \nrest\n", None),
        (HELLO, OLD, "x = h\nREST\n", None),
        (HELLO, OLD, "x = hello\nrest\n", None),
        (HELLO, OLD, "x = hello!\nrest\n", None),
        (WORD, "he\n", "hel\n", Edit(Span(0, 3), "hello")),
        (WORD, "he\n", "h\n", None),
    ],
)
def test_rebase(edit: Edit, old: str, new: str, want: Edit | None) -> None:
    assert rebase(edit, old, new) == want


@given(st.text(max_size=10), st.text(min_size=1, max_size=10), st.text(max_size=10), st.data())
def test_typing_along_leads_to_the_same_text(head: str, text: str, tail: str, data: st.DataObject) -> None:
    old, edit = head + tail, Edit(Span(len(head), len(head)), text)
    typed = data.draw(st.integers(0, len(text) - 1))
    new = head + text[:typed] + tail
    moved = rebase(edit, old, new)
    assert moved is not None
    assert apply(new, (moved,)) == head + text + tail
