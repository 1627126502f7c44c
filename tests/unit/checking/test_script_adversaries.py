"""TypeScript: true fixes pass as checked; what only silences does not, even where the checker has nothing to say."""

from __future__ import annotations

from pathlib import Path

import pytest
from faults import Fault, edited
from scripts import SCRIPTS, TYPESCRIPT_HEAD
from tables import TableChecking

from understudy.checking.base import Overlay
from understudy.checking.diagnostic import Diagnostic
from understudy.checking.verdict import Candidate, Failure, Verdict
from understudy.checking.verify import verify
from understudy.core.text import Document, Span


async def judge(fault: Fault, pairs: tuple[tuple[str, str], ...], folder: Path) -> Verdict:
    text = TYPESCRIPT_HEAD + fault.code
    code, _, message = fault.rule.partition(": ")
    start = text.index(fault.at, len(TYPESCRIPT_HEAD))
    target = Diagnostic(Span(start, start + len(fault.at)), message, fault.checker, code)
    document = Document((folder / "notes.ts").as_uri(), 1, "typescript", text)
    # The checker is content with every edit: what is refused is refused for what it does.
    checking = TableChecking({text: {fault.checker: (target,)}}, (fault.checker,))
    after = Overlay(document.with_text(edited(text, pairs)))
    scope = Span(len(TYPESCRIPT_HEAD), len(text))
    return await verify(Candidate(Overlay(document), after, target, scope), checking)


@pytest.mark.parametrize("fault", SCRIPTS, ids=lambda fault: fault.name)
async def test_true_fix_is_checked(fault: Fault, tmp_path: Path) -> None:
    verdict = await judge(fault, fault.fix, tmp_path)
    assert verdict == Verdict(None, evidence=f"parses, {fault.checker} clean", vouched=True)


@pytest.mark.parametrize(
    ("fault", "pairs", "failures"),
    [
        pytest.param(fault, pairs, failures, id=f"{fault.name}: {name}")
        for fault in SCRIPTS
        for name, pairs, failures in fault.dodges
    ],
)
async def test_dodge_is_refused(
    fault: Fault, pairs: tuple[tuple[str, str], ...], failures: tuple[Failure, ...], tmp_path: Path
) -> None:
    verdict = await judge(fault, pairs, tmp_path)
    assert verdict.failure in failures, verdict
