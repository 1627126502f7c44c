"""Results, jobs and places that go along with what their user types elsewhere, and are given up where it meets them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.checking.diagnostic import Diagnostic
from understudy.core.text import Document, Edit, Span, apply, line_after, line_before
from understudy.editing.rebase import rebased
from understudy.features.codeaction.carry import Typed, carried, place_in
from understudy.features.codeaction.outcome import FileEdit, Job, Proposal

TEXT = "import os\n\n\ndef one():\n    return pth\n\n\ndef two():\n    return os.sep\n"
DOCUMENT = Document("file:///a.py", 1, "python", TEXT)


def span_of(part: str, text: str = TEXT) -> Span:
    return Span(text.index(part), text.index(part) + len(part))


TARGET = span_of("pth")
IMPORT = Proposal(
    "Fix",
    (FileEdit(DOCUMENT, (Edit(Span(len("import os\n"), len("import os\n")), "import pth\n"),)),),
    checked=True,
    about=TARGET,
)
RENAME = Proposal("Fix", (FileEdit(DOCUMENT, (Edit(TARGET, "path"),)),), checked=True, about=TARGET)


def typed(old: str, new: str, document: Document = DOCUMENT) -> Document:
    assert old in document.text
    return replace(document, version=document.version + 1, text=document.text.replace(old, new, 1))


def applied(proposal: Proposal) -> str:
    (file,) = proposal.files
    return apply(file.document.text, file.edits)


def test_typing_elsewhere_is_kept_and_the_result_goes_along() -> None:
    now = typed("os.sep", "os.sep  # 日本")
    moved = carried(RENAME, {now.uri: now})
    assert moved is not None
    assert moved.files[0].document is now
    assert applied(moved) == now.text.replace("pth", "path")
    now = typed("import os\n", "import io\nimport os\n")
    moved = carried(RENAME, {now.uri: now})
    assert moved is not None
    assert applied(moved) == now.text.replace("pth", "path")
    assert moved.about == span_of("pth", now.text)


def test_where_the_user_changed_the_same_line_nothing_is_carried() -> None:
    now = typed("return pth", "return pth + 1")
    assert carried(RENAME, {now.uri: now}) is None


def test_where_the_problem_itself_has_changed_its_import_is_not_wanted_any_more() -> None:
    now = typed("    return pth\n", "    return None\n")
    assert carried(IMPORT, {now.uri: now}) is None


def test_a_text_that_nobody_has_open_is_as_it_was() -> None:
    assert carried(RENAME, {}) == RENAME


def test_a_new_file_that_somebody_else_has_made_is_left_alone() -> None:
    empty = Document("file:///test_a.py", 0, "python", "")
    new = Proposal("Test", (FileEdit(empty, (Edit(Span(0, 0), "def test(): ...\n"),), new=True),), checked=False)
    assert carried(new, {}) == new
    assert carried(new, {empty.uri: replace(empty, text="x = 1\n")}) is None


def test_one_file_of_several_that_has_moved_on_takes_the_others_with_it() -> None:
    other = Document("file:///b.py", 1, "python", "b = 1\n")
    both = replace(RENAME, files=(*RENAME.files, FileEdit(other, (Edit(Span(0, 1), "c"),))))
    assert carried(both, {other.uri: replace(other, text="b = 2\n")}) is None


def test_a_job_goes_along_with_its_diagnostics() -> None:
    job = Job("fix", DOCUMENT, TARGET, (Diagnostic(TARGET, "Undefined name `pth`"),))
    now = typed("import os\n", "import io\nimport os\n")
    moved = Typed.of(DOCUMENT, now).job(job)
    assert moved is not None
    assert moved.document is now
    assert now.text[moved.span.start : moved.span.end] == "pth"
    assert moved.diagnostics[0].span == moved.span
    assert Typed.of(DOCUMENT, typed("pth", "pht")).job(job) is None


@pytest.mark.parametrize("how", ["compared", "followed"])
def test_a_place_goes_along_unless_its_lines_are_touched(how: str) -> None:
    def carried_to(now: Document, place: Span) -> Span | None:
        return place_in(place, TEXT, now.text) if how == "compared" else Typed.of(DOCUMENT, now).place(place)

    place = span_of("def one():\n    return pth")
    assert carried_to(typed("import os", "import os, io"), place) == Span(place.start + 4, place.end + 4)
    assert carried_to(typed("return os.sep", "return os.sep  # /"), place) == place
    assert carried_to(DOCUMENT, place) == place
    for old, new in (
        ("return pth", "return pth  "),
        ("return pth", "return  pth"),
        ("def one", "async def one"),
        ("one():\n", "one():\n    pass\n"),
        ("import os\n\n\ndef one", "import os def one"),
    ):
        assert carried_to(typed(old, new), place) is None, new


def test_a_line_that_is_put_in_is_given_up_where_a_line_beside_it_changes() -> None:
    (edit,) = IMPORT.files[0].edits
    for now, wanted in (
        (typed("import os", "import os, io"), None),
        (typed("import os\n", "import os\nimport io\n"), None),
        (typed("os.sep", "os.curdir"), edit),
    ):
        assert Typed.of(DOCUMENT, now).edit(edit) == wanted


@given(st.data())
def test_followed_edits_stay_where_they_were_made_for(data: st.DataObject) -> None:
    """Whatever is typed, a followed edit changes the same lines to the same lines, or is given up."""
    text = data.draw(st.text("ab\n", max_size=12))
    start, end = sorted(data.draw(st.integers(0, len(text))) for _ in range(2))
    edit = Edit(Span(start, end), data.draw(st.text("xy\n", max_size=4)))
    first, last = sorted(data.draw(st.integers(0, len(text))) for _ in range(2))
    later = text[:first] + data.draw(st.text("ab\n", max_size=3)) + text[last:]
    before, after = Document("file:///a", 1, "", text), Document("file:///a", 2, "", later)
    moved = Typed.of(before, after).edit(edit)
    if moved is None:
        return
    assert later[moved.span.start : moved.span.end] == text[start:end]
    assert line_before(later, moved.span.start) == line_before(text, start)
    assert line_after(later, moved.span.end) == line_after(text, end)
    assert rebased((edit,), text, later) in ((moved,), None)
