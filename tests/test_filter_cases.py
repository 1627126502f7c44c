"""Golden cases of the completion filters: one folder per row of the table, one file per case.

A case gives the model's text (`@model`) at a cursor and what the row makes of it: `@want`, or `@dropped`, a reason.
`@line` says that one line is asked for, where several are allowed otherwise.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import casefile
from understudy.features.completion.filters import FILTERS, Surroundings, run
from understudy.features.completion.outcome import Reason

ROOT = Path(__file__).parent / "cases" / "filters"
CASES = sorted(ROOT.glob("*/*.txt"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_filter(path: Path) -> None:
    case = casefile.read(path)
    assert not case.unknown({"@model", "@want", "@dropped", "@line"})
    _, text, offset = case.source()
    block = not any(section.name == "@line" for section in case.sections)
    rows = tuple(row for row in FILTERS if row.name == path.parent.name)
    verdict = run(case.text("@model"), Surroundings(text[:offset], text[offset:], block), rows)
    expected = Reason[case.text("@dropped")] if case.text("@dropped") else case.text("@want")
    assert verdict == expected


def test_every_row_has_cases_that_change_and_cases_that_do_not() -> None:
    for row in FILTERS:
        cases = [casefile.read(path) for path in CASES if path.parent.name == row.name]
        changed = [case for case in cases if case.text("@dropped") or case.text("@want") != case.text("@model")]
        assert changed, f"no case in which {row.name} acts"
        assert len(changed) < len(cases), f"no case that {row.name} leaves alone"


def test_every_folder_is_a_row() -> None:
    assert {path.parent.name for path in CASES} == {row.name for row in FILTERS}
