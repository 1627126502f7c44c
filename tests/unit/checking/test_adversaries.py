"""True fixes pass as checked, and edits that only make a diagnostic go away do not: with the real ruff and mypy."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from faults import Fault, edited
from faults_linted import LINTED
from faults_typed import TYPED

from understudy.checking.base import Overlay
from understudy.checking.diagnostic import Diagnostic
from understudy.checking.local import LocalChecking
from understudy.checking.verdict import Candidate, Failure, Verdict
from understudy.checking.verify import verify
from understudy.core.settings import FixSettings
from understudy.core.text import Document, Span

FAULTS = (*LINTED, *TYPED)
# What is asked of the text before is asked once for all of its edits.
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shelf")
    (folder / "ruff.toml").write_text("[lint]\nselect = ['E', 'F']\nignore = ['E501', 'E70', 'E731']\n")
    (folder / "mypy.ini").write_text("[mypy]\n")
    return folder


@pytest.fixture(scope="module")
def checking(folder: Path) -> Iterator[LocalChecking]:
    """Who reported a fault vouches for its fix; nobody else helps, so that linters are alone with what they miss."""
    checking = LocalChecking((folder,), FixSettings(checkers=("auto",)))
    yield checking
    checking.close()


async def target_of(fault: Fault, document: Document, checking: LocalChecking) -> Diagnostic:
    row = fault.text.count("\n", 0, fault.text.index(fault.at, len(fault.head) if fault.at in fault.code else 0))
    asked = Diagnostic(Span(0, 0), "", fault.checker)
    for report in await checking.check(Overlay(document), asked):
        for diagnostic in report.diagnostics or ():
            here = fault.text.count("\n", 0, diagnostic.span.start) == row
            if here and report.checker == fault.checker and diagnostic.code == fault.rule:
                return diagnostic
        if report.checker == fault.checker:
            found = report
    raise AssertionError((fault.name, row, found))


def scope_of(fault: Fault, target: Diagnostic) -> Span:
    """The definition around the target: the one that the fault is in, or the import's statement."""
    start = len(fault.head)
    if target.span.start < start:
        first = fault.text.rindex("\n", 0, target.span.start) + 1
        return Span(first, fault.text.index("\n", first) + 1)
    return Span(start, len(fault.text))


async def judge(fault: Fault, new: str, checking: LocalChecking, folder: Path) -> tuple[Verdict, Diagnostic]:
    document = Document((folder / "notes.py").as_uri(), 1, "python", fault.text)
    target = await target_of(fault, document, checking)
    after = Overlay(document.with_text(new))
    candidate = Candidate(Overlay(document), after, target, scope_of(fault, target))
    return await verify(candidate, checking), target


def lines_of(fault: Fault, target: Diagnostic) -> tuple[list[str], int, str]:
    lines = fault.text.splitlines(keepends=True)
    row = fault.text.count("\n", 0, target.span.start)
    return lines, row, lines[row][: len(lines[row]) - len(lines[row].lstrip())]


def generic(fault: Fault, target: Diagnostic) -> Iterator[tuple[str, str]]:
    """What can be done to any statement of one line to silence whoever complains of it."""
    lines, row, indent = lines_of(fault, target)
    line, body = lines[row], lines[row].strip()

    def swapped(*replacement: str) -> str:
        return "".join([*lines[:row], *(text + "\n" for text in replacement), *lines[row + 1 :]])

    for comment in (
        "# noqa",
        f"# noqa: {target.code}",
        "# type: ignore",
        f"# type: ignore[{target.code}]",
        "# pyright: ignore",
        "# pylint: disable=all",
        "# ty: ignore",
    ):
        yield comment, swapped(f"{line.rstrip()}  {comment}")
    yield "for the file", "".join(["# ruff: noqa\n# mypy: ignore-errors\n", *lines])
    yield "deleted", swapped()
    yield "passed", swapped(f"{indent}pass")
    yield "ellipsis", swapped(f"{indent}...")
    yield "returned", swapped(f"{indent}return None")
    yield "commented", swapped(f"{indent}# {body}")
    yield "commented, with pass", swapped(f"{indent}pass  # {body}")
    yield "quoted", swapped(f"{indent}{body!r}")
    yield "block quoted", swapped(f'{indent}"""', line.rstrip(), f'{indent}"""')
    yield (
        "swallowed",
        swapped(f"{indent}try:", f"{indent}    {body}", f"{indent}except Exception:", f"{indent}    pass"),
    )
    yield (
        "swallowed with a log",
        swapped(
            f"{indent}try:",
            f"{indent}    {body}",
            f"{indent}except BaseException as error:",
            f"{indent}    print(error)",
        ),
    )
    yield "never", swapped(f"{indent}if False:", f"{indent}    {body}")
    yield "never, by zero", swapped(f"{indent}while 0:", f"{indent}    {body}")
    yield (
        "for the type checker",
        swapped(f"{indent}from typing import TYPE_CHECKING", f"{indent}if not TYPE_CHECKING:", f"{indent}    {body}"),
    )
    yield "not reached", swapped(f"{indent}raise NotImplementedError", line.rstrip())
    yield "not reached, by return", swapped(f"{indent}return", line.rstrip())
    yield "syntax", swapped(line.rstrip() + " )")
    yield "only a comment", swapped(f"{indent}# TODO", line.rstrip())
    yield "only space", swapped(line.rstrip(), "")
    yield "function gone", fault.head
    tree = ast.parse(fault.code)
    assert isinstance(tree.body[0], ast.FunctionDef)
    first = tree.body[0].body[0]
    kept = "".join(fault.code.splitlines(keepends=True)[: first.end_lineno])
    yield "function emptied", f"{fault.head}{kept}    raise NotImplementedError\n"
    yield "function passed", f"{fault.head}{kept}    pass\n"


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_true_fix_is_checked(fault: Fault, checking: LocalChecking, folder: Path) -> None:
    verdict, _ = await judge(fault, edited(fault.text, fault.fix), checking, folder)
    assert verdict.failure is None, verdict
    assert verdict.vouched
    assert verdict.evidence == ("parses, mypy and ruff clean" if fault.checker == "mypy" else "parses, ruff clean")


@pytest.mark.parametrize(
    ("fault", "pairs", "failures"),
    [
        pytest.param(fault, pairs, failures, id=f"{fault.name}: {name}")
        for fault in FAULTS
        for name, pairs, failures in fault.dodges
    ],
)
async def test_dodge_is_refused(
    fault: Fault,
    pairs: tuple[tuple[str, str], ...],
    failures: tuple[Failure | None, ...],
    checking: LocalChecking,
    folder: Path,
) -> None:
    verdict, _ = await judge(fault, edited(fault.text, pairs), checking, folder)
    assert verdict.failure in failures, verdict
    assert not verdict.vouched


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.line], ids=lambda fault: fault.name)
async def test_what_silences_any_statement_is_refused(fault: Fault, checking: LocalChecking, folder: Path) -> None:
    _, target = await judge(fault, edited(fault.text, fault.fix), checking, folder)
    passed = []
    for name, text in generic(fault, target):
        verdict, _ = await judge(fault, text, checking, folder)
        if verdict.failure is None:
            passed.append((name, verdict))
    assert not passed
