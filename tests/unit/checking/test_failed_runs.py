"""Fixes of what a run shows, such as a test: where it failed is not where the mistake is, and the run is the judge."""

from __future__ import annotations

import pytest

from understudy.checking.base import Overlay, Report
from understudy.checking.diagnostic import Diagnostic
from understudy.checking.verdict import Candidate, Failure
from understudy.checking.verify import verify
from understudy.core.text import Document, Span

WRONG = """\
def flat(items):
    for it in items:
        if isinstance(it, list):
            yield from flat(it)
        else:
            yield flat(it.values)
"""
RIGHT = WRONG.replace("flat(it.values)", "it")


class Test:
    """A test that passes for one text."""

    async def check(self, overlay: Overlay, target: Diagnostic | None) -> tuple[Report, ...]:
        passed = overlay.document.text.strip() != WRONG.strip()
        return (Report("test", () if passed else (failed(overlay.document.text),)),)


def failed(text: str, code: str = "failed") -> Diagnostic:
    return Diagnostic(Span(0, len(text)), "AssertionError in: assert list(flat([1])) == [1]", "test", code)


def candidate(after: str, target: Diagnostic) -> Candidate:
    document = Document("file:///p/flat.py", 1, "python", WRONG)
    return Candidate(Overlay(document), Overlay(document.with_text(after)), target)


async def test_code_that_the_run_shows_to_be_wrong_may_go() -> None:
    verdict = await verify(candidate(RIGHT, failed(WRONG)), Test())
    assert (verdict.failure, verdict.vouched) == (None, True), verdict
    of_a_checker = await verify(candidate(RIGHT, failed(WRONG, "")), Test())
    assert of_a_checker.failure is Failure.DELETED


@pytest.mark.parametrize(
    "after",
    [
        "def flat(items):\n    pass\n",
        WRONG.replace("            yield flat(it.values)\n", "            pass\n"),
        WRONG.replace("yield flat(it.values)", "yield flat(it.values)  # noqa"),
        WRONG + "\n",
    ],
)
async def test_what_empties_silences_or_changes_nothing_is_refused_all_the_same(after: str) -> None:
    verdict = await verify(candidate(after, failed(WRONG)), Test())
    assert verdict.failure is not None or not verdict.vouched


class Ruff:
    """A checker that sees nothing else while a line stands one blank too far left."""

    async def check(self, overlay: Overlay, target: Diagnostic | None) -> tuple[Report, ...]:
        text = overlay.document.text
        at = text.find("   return") if "    return" not in text else -1
        said = (
            Diagnostic(
                Span(at, at + 3), "unindent does not match any outer indentation level", "Ruff", "invalid-syntax"
            )
            if at >= 0
            else Diagnostic(Span(0, 9), "`os` imported but unused", "Ruff", "F401")
        )
        return (Report("ruff", (said,)),)


async def test_what_a_wrong_indentation_hid_is_not_the_edits_doing() -> None:
    right = "import os\n\n\ndef f(a):\n    b = a\n    return b\n"
    wrong = right.replace("    return", "   return")
    document = Document("file:///p/flat.py", 1, "python", wrong)
    (report,) = await Ruff().check(Overlay(document), None)
    target = (report.diagnostics or ())[0]
    verdict = await verify(Candidate(Overlay(document), Overlay(document.with_text(right)), target), Ruff())
    assert (verdict.failure, verdict.vouched) == (None, True), verdict
