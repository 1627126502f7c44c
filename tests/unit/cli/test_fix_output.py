"""What commands print about a file, as each of them really prints it."""

from __future__ import annotations

import pytest

from understudy.cli.fix.output import Printed, diagnostics_in
from understudy.core.text import Span

TEXT = "import os\n\n\ndef area(side):\n    return side * sied\n"
PATH = "shop/area.py"
SIED = Span(TEXT.index("sied"), TEXT.index("sied") + 4)


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("shop/area.py:5:19: F821 Undefined name `sied`", "F821", "Undefined name `sied`"),
        ("shop/area.py:5:19: F821 [*] Undefined name `sied`", "F821", "Undefined name `sied`"),
        (
            'shop/area.py:5:19: error: Name "sied" is not defined  [name-defined]',
            "name-defined",
            'Name "sied" is not defined',
        ),
        (
            '  /tmp/copy/shop/area.py:5:19 - error: "sied" is not defined (reportUndefinedVariable)',
            "reportUndefinedVariable",
            '"sied" is not defined',
        ),
        ("./shop/area.py:5:19:5:23: undefined: sied", "", "undefined: sied"),
        ("shop/area.py(5,19): error TS2304: Cannot find name 'sied'.", "TS2304", "Cannot find name 'sied'."),
        ("area.py:5:19: E0602: Undefined variable 'sied' (undefined-variable)", "E0602", None),
    ],
)
def test_a_line_names_place_code_and_message(line: str, code: str, message: str | None) -> None:
    (problem,) = diagnostics_in(Printed(f"Checking…\n{line}\nFound 1 error.\n", 1, PATH, "tool"), TEXT)
    assert (problem.span, problem.code, problem.severity) == (SIED, code, "error")
    assert message is None or problem.message == message
    assert problem.source == "tool"


def test_notes_and_other_files_are_no_problems_of_this_one() -> None:
    printed = "shop/other.py:1:1: F401 unused\nshop/area.py:1:8: warning: unused\nshop/area.py:2: note: see there\n"
    (problem,) = diagnostics_in(Printed(printed, 1, PATH, "tool"), TEXT)
    assert (problem.severity, problem.span) == ("warning", Span(7, 9))


def test_a_command_that_succeeds_has_found_nothing_whatever_it_prints() -> None:
    assert diagnostics_in(Printed("shop/area.py:5:19: deprecated\n", 0, PATH, "tool"), TEXT) == ()


def test_a_traceback_counts_at_its_innermost_frame_in_the_file() -> None:
    printed = (
        "Traceback (most recent call last):\n"
        '  File "/copy/test.py", line 9, in <module>\n    area(2)\n'
        '  File "/copy/shop/area.py", line 5, in area\n    return side * sied\n                  ^^^^\n'
        '  File "/usr/lib/python3/x.py", line 1, in x\n    boom\n'
        "NameError: name 'sied' is not defined\n"
    )
    (problem,) = diagnostics_in(Printed(printed, 1, PATH, "python"), TEXT)
    assert TEXT[problem.span.start : problem.span.end] == "return side * sied"
    assert problem.message == "NameError: name 'sied' is not defined"


def test_a_failure_elsewhere_is_about_the_whole_file_and_says_what_was_expected() -> None:
    printed = (
        "Traceback (most recent call last):\n"
        '  File "/copy/test.py", line 9, in <module>\n    assert area(2) == 4\nAssertionError\n'
    )
    (problem,) = diagnostics_in(Printed(printed, 1, PATH, "python"), TEXT)
    assert problem.span == Span(0, len(TEXT))
    assert problem.message == "AssertionError in: assert area(2) == 4"
    (problem,) = diagnostics_in(Printed("E   assert 5 == 4\n1 failed in 0.01s\n", 1, PATH, "pytest"), TEXT)
    assert problem.message == "assert 5 == 4"


def test_a_silent_failure_says_the_status() -> None:
    (problem,) = diagnostics_in(Printed("", 3, PATH, "tool"), "")
    assert problem.message == "tool ended with exit status 3"
    assert problem.span == Span(0, 0)


def test_a_place_outside_the_text_is_taken_to_its_end() -> None:
    (problem,) = diagnostics_in(Printed("area.py:99:99: odd\n", 1, PATH, "tool"), TEXT)
    assert problem.span == Span(len(TEXT) - 1, len(TEXT) - 1)
