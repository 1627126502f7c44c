"""How much of an accepted text is still there, at its times."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from understudy.core.text import Document, Span
from understudy.features.completion.retention import MARKS, Measured, Retained, moved, share

CODE = st.text(st.sampled_from("ab1 \n()=.é"), max_size=40)
BEFORE, ACCEPTED, AFTER = "def f(a, b):\n    ", "return a + b", "\n\nx = 1\n"


def document(text: str) -> Document:
    return Document("file:///a.py", 1, "python", text)


def accepted() -> tuple[Retained, Document]:
    retained = Retained()
    text = document(BEFORE + ACCEPTED + AFTER)
    retained.accepted(text, Span(len(BEFORE), len(BEFORE + ACCEPTED)), 0.0)
    return retained, text


def test_an_untouched_text_is_whole_at_every_mark() -> None:
    retained, text = accepted()
    assert retained.settle(text, 1000.0) == [Measured("python", mark, 1.0) for mark in MARKS]
    assert retained.settle(text, 2000.0) == []


def test_nothing_is_measured_before_its_time() -> None:
    retained, text = accepted()
    assert retained.settle(text, 29.9) == []
    assert [each.after for each in retained.settle(text, 30.0)] == [30]


def test_a_mark_looks_at_the_text_of_its_time() -> None:
    retained, text = accepted()
    half = document(BEFORE + "return a" + AFTER)
    gone = document(BEFORE + AFTER)
    assert retained.changed(text, half, 100.0) == [Measured("python", 30, 1.0), Measured("python", 90, 1.0)]
    assert retained.changed(half, gone, 200.0) == [Measured("python", 180, 0.5)]
    assert retained.settle(gone, 400.0) == [Measured("python", 360, 0.0)]


def test_changes_elsewhere_do_not_count() -> None:
    retained, text = accepted()
    now = document("import os\n" + text.text.replace("x = 1", "x = 2\ny = 3"))
    retained.changed(text, now, 1.0)
    assert retained.settle(now, 30.0) == [Measured("python", 30, 1.0)]


def test_a_closed_document_is_forgotten_after_what_was_due() -> None:
    retained, text = accepted()
    assert [each.after for each in retained.closed(text, 100.0)] == [30, 90]
    assert retained.settle(text, 1000.0) == []


def test_reformatting_keeps_most_of_it() -> None:
    assert share("foo(a,b)", "foo(\n    a,\n    b,\n)") == 1.0
    assert share("return a + b", "return a - b") == 0.75


@given(CODE, CODE)
def test_a_share_is_a_share(text: str, region: str) -> None:
    assert 0.0 <= share(text, region) <= 1.0
    assert share(text, text) == 1.0
    assert share(text, "q" + text + "q") == 1.0


@given(CODE, st.data())
def test_a_span_keeps_its_text_through_changes_beside_it(text: str, data: st.DataObject) -> None:
    start, end = sorted((data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text)))))
    left, right = sorted((data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text)))))
    new = data.draw(CODE)
    changed = text[:left] + new + text[right:]
    span = moved(Span(start, end), Span(left, right), len(new))
    if right <= start or left >= end:
        assert changed[span.start : span.end] == text[start:end]
    else:
        assert changed[span.start : span.end].startswith(text[start : max(start, left)])
        assert changed[span.start : span.end].endswith(text[right:end])
