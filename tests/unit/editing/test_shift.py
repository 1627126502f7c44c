"""Places of one text in a later one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.core.text import Span, split_lines
from understudy.editing.shift import Shift

OLD = "import os\n\ndef f():\n    x = pth\n    return x\n\nend\n"
NEW = "import os\nimport sys\n\ndef f():\n    x = path\n    return x\n\nend\n"


def span(text: str, part: str) -> Span:
    return Span(text.index(part), text.index(part) + len(part))


def test_rows() -> None:
    shift = Shift(OLD, NEW)
    assert [shift.row(row) for row in range(8)] == [0, 2, 3, 4, 5, 6, 7, 8]


def test_a_row_that_is_gone() -> None:
    shift = Shift(NEW, OLD)
    assert [shift.row(row) for row in range(8)] == [0, None, 1, 2, 3, 4, 5, 6]


def test_a_row_among_others_that_took_its_place() -> None:
    shift = Shift("a\nb\nc\nd\n", "a\nx\ny\nz\nd\n")
    assert [shift.row(row) for row in range(4)] == [0, None, None, 4]


def test_the_last_row_without_a_line_end() -> None:
    assert Shift("a\nb", "a\nb\nc").row(1) == 1
    assert Shift("a\nb", "x\na\nb\nc").row(1) == 2


def test_spans() -> None:
    shift = Shift(OLD, NEW)
    for part in ("import os", "return x", "end", "x = p", "th\n", "def f():\n"):
        assert shift.span(span(OLD, part)) == span(NEW, part), part
    assert shift.span(span(OLD, "pth")) is None
    assert shift.span(Span(0, len(OLD))) is None
    assert shift.span(Span(0, 0)) == Span(0, 0)


def test_a_span_that_was_replaced() -> None:
    shift = Shift("a = one + b\n", "a = 22222 + b\n")
    assert shift.span(Span(4, 7)) is None
    assert shift.span(Span(5, 6)) is None
    assert shift.span(Span(0, 5)) is None
    assert shift.span(Span(0, 4)) == Span(0, 4)
    assert shift.span(Span(7, 11)) == Span(9, 13)


def test_offsets() -> None:
    shift = Shift("a = one\n", "a = 22222\n")
    assert [shift.offset(offset) for offset in (0, 3, 4, 6, 7, 8)] == [0, 3, None, None, 9, 10]
    assert Shift("ab", "axb").offset(1) == 2


TEXTS = st.lists(st.sampled_from(["a\n", "b\n", "c d\n", "\n", "e\r\n", "f"]), max_size=12).map("".join)


@settings(derandomize=True, max_examples=1000, deadline=None)
@given(TEXTS, TEXTS, st.data())
def test_what_has_a_place_is_the_same_there(old: str, new: str, data: st.DataObject) -> None:
    shift = Shift(old, new)
    start = data.draw(st.integers(0, len(old)))
    part = Span(start, data.draw(st.integers(start, len(old))))
    moved = shift.span(part)
    assert moved is None or new[moved.start : moved.end] == old[part.start : part.end]
    rows = [shift.row(row) for row in range(len(split_lines(old)))]
    known = [row for row in rows if row is not None]
    assert known == sorted(set(known))
    assert all(row < len(split_lines(new)) for row in known)
