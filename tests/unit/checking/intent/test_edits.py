"""What the rules about an edit's intent let pass and what not, with a checker that is content with all."""

from __future__ import annotations

from pathlib import Path

import pytest
from reported import Pairs, Reported
from reported_names import NAMES
from reported_others import OTHERS
from reported_style import STYLE
from reported_syntax import SYNTAX
from reported_types import TYPES

from understudy.checking.base import Overlay, Report
from understudy.checking.diagnostic import Diagnostic
from understudy.checking.verdict import Candidate, Verdict
from understudy.checking.verify import verify
from understudy.core.text import Document, Span

REPORTED = (*NAMES, *SYNTAX, *STYLE, *TYPES, *OTHERS)
LANGUAGES = {"py": "python", "ts": "typescript", "js": "javascript", "go": "go", "rs": "rust"}


class Content:
    """Reports the problem in the text before, and nothing in any other."""

    def __init__(self, text: str, checker: str, problem: Diagnostic) -> None:
        self._text = text
        self._checker = checker
        self._problem = problem

    async def check(self, overlay: Overlay, target: Diagnostic | None) -> tuple[Report, ...]:
        found = (self._problem,) if overlay.document.text == self._text else ()
        return (Report(self._checker, found),)


async def judge(case: Reported, pairs: Pairs, folder: Path, *, asked: bool = False) -> Verdict:
    text = case.head + case.code
    start = text.index(case.at, len(case.head) if case.at in case.code else 0)
    code, _, message = case.report.partition(": ")
    target = Diagnostic(Span(start, start + len(case.at)), message, case.checker, code)
    document = Document((folder / case.file).as_uri(), 1, LANGUAGES[case.file.rpartition(".")[2]], text)
    new = text
    for old, replacement in pairs:
        assert old in new, old
        new = new.replace(old, replacement, 1)
    scope = Span(len(case.head), len(text)) if case.scope else None
    after = Overlay(document.with_text(new))
    candidate = Candidate(Overlay(document), after, None if asked else target, scope, asked)
    return await verify(candidate, Content(text, case.checker, target))


def params(which: str) -> list[object]:
    return [
        pytest.param(case, pairs, id=f"{case.name}: {name}")
        for case in REPORTED
        for name, pairs in getattr(case, which)
    ]


@pytest.mark.parametrize(("case", "pairs"), params("honest"))
async def test_an_honest_fix_is_checked(case: Reported, pairs: Pairs, tmp_path: Path) -> None:
    verdict = await judge(case, pairs, tmp_path)
    assert verdict.failure is None, verdict
    assert verdict.vouched, verdict


@pytest.mark.parametrize(("case", "pairs"), params("dodges"))
async def test_a_dodge_is_not(case: Reported, pairs: Pairs, tmp_path: Path) -> None:
    verdict = await judge(case, pairs, tmp_path)
    assert verdict.failure is not None or not verdict.vouched, verdict


@pytest.mark.parametrize(
    "pairs",
    [
        pytest.param((('print("small")', "pass"),), id="taken away"),
        pytest.param((("-> str:", "-> str:  # type: ignore"),), id="silenced"),
    ],
)
async def test_what_the_user_asks_for_in_words_is_no_dodge(pairs: Pairs, tmp_path: Path) -> None:
    case = next(case for case in REPORTED if case.name == "no return mypy")
    assert (await judge(case, pairs, tmp_path, asked=True)).failure is None
