"""The benchmark of fixes: its faults, its true fixes written as a model would, and its adversaries."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from bench.diagfix import faults_python, faults_typescript
from bench.diagfix.adversaries import ADVERSARIES
from bench.diagfix.case import Case, Kind, Place, answer
from bench.diagfix.measure import outside_definition
from bench.diagfix.seed import Bench
from bench.recall.case import Project
from understudy.bundled.faults import source
from understudy.checking.base import Overlay
from understudy.checking.diagnostic import Diagnostic
from understudy.core.text import Document, Span
from understudy.editing.block import Patched
from understudy.editing.patch import patch
from understudy.editing.read import read_blocks

ROOT = Path(__file__).parents[3]
SOURCES = {
    "python": [ROOT / "server/understudy/core/text.py", ROOT / "server/understudy/cli/main.py"],
    "typescript": [ROOT / "extension/src/commands.ts", ROOT / "extension/src/client.ts"],
}
PYTHON = """\
def area(side: int, more: int = 0) -> int:
    if side == 0:
        total = 0
        return total
    return side * more


def twice(side: int) -> int:
    one = area(side, more=2)
    return area(side) + one


def thrice(side: int) -> int:
    both = twice(side)
    return both * area(side, 1)
"""
KINDS = (*faults_python.KINDS, *faults_typescript.KINDS)
NEEDS_OTHERS = ("stale import",)


def places(kind: Kind) -> list[Place]:
    texts = [file.read_text("utf-8") for file in SOURCES[kind.language]]
    if kind.language == "python":
        texts.append(PYTHON)
    return [Place("a", text, {}, source(text) if kind.language == "python" else None) for text in texts]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.language} {kind.name}")
def test_the_true_fix_leads_from_the_fault_to_the_text_without_it(kind: Kind) -> None:
    random = Random(1)
    faults = [fault for place in places(kind) for _ in range(8) if (fault := kind.inject(place, random))]
    assert faults or kind.name in NEEDS_OTHERS
    for fault in faults:
        assert fault.text != fault.fixed
        patched = patch(fault.text, read_blocks(answer(fault.text, fault.fixed)))
        assert isinstance(patched, Patched), fault
        assert patched.text == fault.fixed


def test_what_an_import_is_called_elsewhere_makes_a_fault_in_another_file() -> None:
    text = "from shop.prices import rate\n\n\ndef total() -> int:\n    return rate()\n"
    files = {"shop/cart.py": text, "shop/prices.py": "import os\n\n\ndef rate() -> int:\n    return 1\n"}
    fault = faults_python.stale_import(Place("shop/cart.py", text, files, source(text)), Random(1))
    assert fault is not None
    assert fault.text == text
    assert fault.fixed.splitlines()[0].endswith(" as rate")
    assert "def rate()" not in fault.others["shop/prices.py"]


def case(name: str, old: str, new: str) -> Case:
    kind = Kind(name, "python", "ruff", lambda *_: None)
    faulty = PYTHON.replace(old, new)
    at = faulty.index(new) + len(new) - len(new.split()[-1])
    target = Diagnostic(Span(at, len(new.split()[-1]) + at), "Undefined name", "Ruff", "F821")
    return Case(0, kind, "p", "a.py", Document("file:///a.py", 1, "python", faulty), PYTHON, target)


def test_each_adversary_answers_something_else_than_the_true_fix() -> None:
    it = case("misspelt name", "both = twice(side)", "both = twice(sied")
    answers = {row.name: said for row in ADVERSARIES if (said := row.answer(it)) is not None}
    assert len(answers) >= 10
    for name, said in answers.items():
        patched = patch(it.document.text, read_blocks(said))
        assert not isinstance(patched, Patched) or patched.text != it.fixed or name == "edits another file", name


def test_lines_outside_the_definition_are_counted() -> None:
    it = case("misspelt name", "both = twice(side)", "both = twice(sied)")
    assert outside_definition(it, it.fixed) == 0
    assert outside_definition(it, it.document.text.replace("total = 0", "total = 1")) == 1


async def test_a_checker_is_asked_once_about_a_text_with_its_problem_and_without(tmp_path: Path) -> None:
    bench = Bench(Project("p", "python", tmp_path, {}), "compile")
    open_beside = bench.document("b.py", "x = 1\n")
    document = bench.document("a.py", "def f(:\n")
    bench.opened = (open_beside, document)
    (problem,) = await bench.problems(document)
    reports = await bench.check(Overlay(document, {open_beside.uri: open_beside.text}), problem)
    assert [report.diagnostics for report in reports] == [(problem,)]
    assert bench.asked == 1
    bench.opened = ()
    await bench.problems(document)
    assert bench.asked == 2
