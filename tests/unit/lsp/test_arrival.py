"""What the texts tell of an edit that was sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.text import Document, Edit, Span, apply
from understudy.features.codeaction.outcome import FileEdit
from understudy.lsp.arrival import Arrival, arrival

BEFORE = "".join(f"line {number}\n" for number in range(10))
EDITS = tuple(Edit(Span(at, at + 4), "Zeile") for at in (BEFORE.index("line 3"), BEFORE.index("line 7")))
AFTER = apply(BEFORE, EDITS)
FILE = FileEdit(Document("file:///a.py", 1, "python", BEFORE), EDITS)
NEW = FileEdit(Document("file:///new.py", 0, "python", ""), (Edit(Span(0, 0), "one\ntwo\n"),), new=True)


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ([BEFORE], Arrival.NOTHING),
        ([BEFORE, AFTER], Arrival.WHOLE),
        # The user types into the very line, after it came.
        ([BEFORE, AFTER, AFTER.replace("Zeile 3", "Zeile 33")], Arrival.WHOLE),
        # The client tells of the edit and of what was typed at once.
        ([BEFORE, f"# typed\n{AFTER}"], Arrival.WHOLE),
        ([BEFORE, f"# typed\n{BEFORE}"], Arrival.NOTHING),
        ([BEFORE, apply(BEFORE, EDITS[:1])], Arrival.OTHERWISE),
        ([BEFORE, BEFORE.replace("line 3", "line 33")], Arrival.OTHERWISE),  # nobody can tell
        # Applied to a text that has moved on: lines 2 and 6 are changed in place of 3 and 7.
        (
            [BEFORE, f"#\n{BEFORE}", "#\n" + BEFORE.replace("line 2", "Zeile 2").replace("line 6", "Zeile 6")],
            Arrival.OTHERWISE,
        ),
        ([None], Arrival.NOTHING),
        ([BEFORE, None], Arrival.NOTHING),
    ],
)
def test_a_text_that_is_open(texts: list[str | None], found: Arrival) -> None:
    assert arrival(FILE, texts) is found


@pytest.mark.parametrize("text", ["one\ntwo\n", "one\ntwo", "one\r\ntwo\r\n", "one\ntwo\n\n"])
def test_an_editor_ends_the_lines_of_a_new_file_its_own_way(text: str) -> None:
    assert arrival(NEW, [None, text]) is Arrival.WHOLE


@pytest.mark.parametrize("text", [None, "", "\n", "one\n"])
def test_a_new_file_that_is_not_there_yet_or_not_all_of_it(text: str | None) -> None:
    assert arrival(NEW, [None, text]) is not Arrival.WHOLE


@given(st.lists(st.tuples(st.integers(0, 10), st.text("ab# ", min_size=1, max_size=5)), max_size=3), st.booleans())
def test_lines_typed_around_it_hide_nothing_and_feign_nothing(typed: list[tuple[int, str]], there: bool) -> None:
    lines = (AFTER if there else BEFORE).splitlines(keepends=True)
    for row, text in typed:
        if row not in (3, 4, 7, 8):  # right beside the edit nobody could tell whose line it is
            lines[row:row] = [f"{text}\n"]
            break
    assert arrival(FILE, [BEFORE, "".join(lines)]) is (Arrival.WHOLE if there else Arrival.NOTHING)
