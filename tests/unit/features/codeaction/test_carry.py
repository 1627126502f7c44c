"""Results, jobs and places that go along with what their user types elsewhere, and are given up where it meets them."""

from __future__ import annotations

from dataclasses import replace

from understudy.checking.diagnostic import Diagnostic
from understudy.core.text import Document, Edit, Span, apply
from understudy.features.codeaction.carry import carried, job_in, place_in
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
    moved = job_in(job, now)
    assert moved is not None
    assert moved.document is now
    assert now.text[moved.span.start : moved.span.end] == "pth"
    assert moved.diagnostics[0].span == moved.span
    assert job_in(job, typed("pth", "pht")) is None


def test_a_place_goes_along_unless_its_lines_are_touched() -> None:
    place = span_of("def one():\n    return pth")
    now = TEXT.replace("import os", "import os, io")
    assert place_in(place, TEXT, now) == Span(place.start + 4, place.end + 4)
    assert place_in(place, TEXT, TEXT.replace("return pth", "return pth  ")) is None
    assert place_in(place, TEXT, TEXT) == place
