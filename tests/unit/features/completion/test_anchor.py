"""An anchor finds its cursor again after typing, deleting and edits elsewhere, and nowhere else."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from understudy.core.text import Document
from understudy.features.completion.anchor import BEFORE, CLOSERS, Anchor, Drift

TEXT = st.text(alphabet="ab(\n é𝄞", max_size=40)


def document(text: str) -> Document:
    return Document("file:///a.py", 1, "python", text)


@given(TEXT, TEXT, TEXT)
def test_typing_along_is_found(before: str, typed: str, after: str) -> None:
    anchor = Anchor.at(document(before + after), len(before))
    assert anchor.drift(document(before + typed + after), len(before + typed)) == Drift(typed=typed)


@given(TEXT, TEXT, st.text(alphabet="ab(", min_size=1, max_size=8))
def test_deleting_is_found(before: str, after: str, deleted: str) -> None:
    assume(not after.startswith(tuple("ab(")))  # else deleting looks like a cursor that moved
    anchor = Anchor.at(document(before + deleted + after), len(before + deleted))
    drift = anchor.drift(document(before + after), len(before))
    assert drift == Drift(gone=deleted)


@given(TEXT, TEXT, TEXT, TEXT)
def test_a_far_edit_does_not_matter(above: str, other: str, before: str, after: str) -> None:
    filler = "x = 1\n" * (BEFORE // 4)
    anchor = Anchor.at(document(above + filler + before + after), len(above + filler + before))
    moved = document(other + filler + before + "ab" + after)
    assert anchor.drift(moved, len(other + filler + before + "ab")) == Drift(typed="ab")


@given(st.text(alphabet=CLOSERS, min_size=1, max_size=3))
def test_closers_that_the_editor_adds_are_told(closers: str) -> None:
    anchor = Anchor.at(document("f\nrest"), 1)
    assert anchor.drift(document("f(" + closers + "\nrest"), 2) == Drift(typed="(", closers=closers)


def test_another_place_is_another_place() -> None:
    anchor = Anchor.at(document("aaa = 1\nbbb = 2\n"), 7)
    assert anchor.drift(document("aaa = 1\nbbb = 2\n"), 15) is None
    assert anchor.drift(Document("file:///b.py", 1, "python", "aaa = 1\nbbb = 2\n"), 7) is None
    assert anchor.drift(document("aaa = 1\nccc = 2\n"), 7) is None
