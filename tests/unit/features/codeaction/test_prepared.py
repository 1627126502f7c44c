"""What is kept of results: known again by problem and place, as long as the text around is what it was."""

from __future__ import annotations

from dataclasses import replace

from understudy.checking.diagnostic import Diagnostic
from understudy.core.text import Document, Edit, Span, apply
from understudy.features.codeaction.carry import Typed
from understudy.features.codeaction.outcome import FileEdit, Job, Proposal, Reason, Withheld
from understudy.features.codeaction.prepared import MOST, Prepared

TEXT = "import os\n\n\ndef one():\n    return pth\n\n\ndef two():\n    return pth\n"
DOCUMENT = Document("file:///a.py", 1, "python", TEXT)
ONE, TWO = TEXT.index("pth"), TEXT.rindex("pth")
AROUND_ONE = Span(TEXT.index("def one"), ONE + 3)
AROUND_TWO = Span(TEXT.index("def two"), TWO + 3)
WITHHELD = Withheld(Reason.FAILED_CHECK, "no")


def job(at: int, document: Document = DOCUMENT, message: str = "Undefined name `pth`") -> Job:
    span = Span(at, at + 3)
    return Job("fix", document, span, (Diagnostic(span, message, "Ruff", "F821"),))


def result(at: int, text: str = "path") -> Proposal:
    return Proposal("Fix", (FileEdit(DOCUMENT, (Edit(Span(at, at + 3), text),)),), checked=True)


def now(old: str, new: str) -> Document:
    assert old in TEXT
    return replace(DOCUMENT, version=2, text=TEXT.replace(old, new, 1))


def test_a_result_is_known_again_by_its_problem_and_its_place() -> None:
    kept = Prepared()
    kept.put(job(ONE), AROUND_ONE, result(ONE))
    assert kept.get(job(ONE), DOCUMENT) == result(ONE)
    assert kept.get(job(TWO), DOCUMENT) is None  # the same words, elsewhere
    assert kept.get(job(ONE, message="another"), DOCUMENT) is None
    assert kept.get(replace(job(ONE), action="explain"), DOCUMENT) is None


def test_two_problems_of_one_kind_have_a_result_each() -> None:
    kept = Prepared()
    kept.put(job(ONE), AROUND_ONE, result(ONE, "first"))
    kept.put(job(TWO), AROUND_TWO, result(TWO, "second"))
    assert kept.get(job(ONE), DOCUMENT) == result(ONE, "first")
    assert kept.get(job(TWO), DOCUMENT) == result(TWO, "second")


def test_what_was_typed_elsewhere_moves_the_result() -> None:
    kept = Prepared()
    kept.put(job(ONE), AROUND_ONE, result(ONE))
    later = now("import os\n", "import os\nimport io\n")
    assert kept.get(job(ONE), later) is None  # nobody has said so
    kept.typed(Typed.of(DOCUMENT, later))
    for asked in (job(ONE), job(later.text.index("pth"), later)):  # an old menu's job, and a new one's
        found = kept.get(asked, later)
        assert isinstance(found, Proposal)
        assert apply(later.text, found.files[0].edits) == later.text.replace("pth", "path", 1)
    assert kept.get(job(ONE), DOCUMENT) is None


def test_what_was_typed_around_it_ends_the_result() -> None:
    kept = Prepared()
    kept.put(job(ONE), AROUND_ONE, result(ONE))
    kept.put(job(TWO), AROUND_TWO, result(TWO))
    later = now("def one():\n", "def one(pth):\n")
    kept.typed(Typed.of(DOCUMENT, later))
    assert kept.get(job(later.text.index("pth\n"), later), later) is None
    assert kept.get(job(later.text.rindex("pth"), later), later) is not None


def test_a_result_for_a_text_that_was_not_followed_is_dropped_at_the_next_key() -> None:
    kept = Prepared()
    kept.put(job(ONE), AROUND_ONE, result(ONE))
    between, later = now("import os", "import io"), now("import os", "import re")
    kept.typed(Typed.of(between, later))
    assert kept.get(job(ONE), DOCUMENT) is None


def test_a_result_that_changes_other_files_is_not_kept() -> None:
    kept = Prepared()
    other = replace(DOCUMENT, uri="file:///b.py")
    kept.put(job(ONE), AROUND_ONE, replace(result(ONE), files=(FileEdit(other, ()),)))
    assert kept.get(job(ONE), DOCUMENT) is None


def test_what_could_not_be_had_is_kept_as_well_until_it_can() -> None:
    kept = Prepared()
    kept.put(job(ONE), AROUND_ONE, WITHHELD)
    assert kept.get(job(ONE), DOCUMENT) == WITHHELD
    kept.put(job(ONE), AROUND_ONE, result(ONE))
    assert kept.get(job(ONE), DOCUMENT) == result(ONE)


def test_a_closed_document_is_forgotten() -> None:
    kept = Prepared()
    kept.put(job(ONE), AROUND_ONE, result(ONE))
    kept.forget("file:///other.py")
    assert kept.get(job(ONE), DOCUMENT) is not None
    kept.forget(DOCUMENT.uri)
    assert kept.get(job(ONE), DOCUMENT) is None


def test_only_the_newest_are_kept() -> None:
    kept = Prepared()
    for number in range(MOST + 1):
        kept.put(job(ONE, message=f"problem {number}"), AROUND_ONE, result(ONE))
    assert kept.get(job(ONE, message="problem 0"), DOCUMENT) is None
    assert kept.get(job(ONE, message="problem 1"), DOCUMENT) is not None
