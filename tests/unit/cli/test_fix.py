"""`understudy fix` as a person types it, with an engine that answers by script and the real checkers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typed_command import Run

from understudy.cli.fix.command import STRAY_FILES, for_folder
from understudy.core.settings import Settings
from understudy.editing.words import block
from understudy.sandbox.arguments import Sandbox
from understudy.sandbox.find import find_sandbox

AREA = "import os\n\n\ndef area(side: int) -> int:\n    return side * sied\n"
UNUSED, UNKNOWN = "`os` imported but unused", "Undefined name `sied`"
WITHOUT_OS = block(("import os", "", "", "def area(side: int) -> int:"), ("def area(side: int) -> int:",))
SIDE = block(("    return side * sied",), ("    return side * side",))
DIFF = "".join(
    f"{line}\n"
    for line in (
        *("--- a/area.py", "+++ b/area.py", "@@ -2,4 +2,4 @@", " ", " ", " def area(side: int) -> int:"),
        *("-    return side * sied", "+    return side * side"),
    )
)
PROGRAMS = str(Path(sys.executable).parent)  # where ruff is


@pytest.fixture(name="area")
def fixture_area(tmp_path: Path, home: dict[str, str]) -> Path:
    home["PATH"] = f"{PROGRAMS}{os.pathsep}{home['PATH']}"
    project = tmp_path / "project"
    (project / ".git").mkdir(parents=True)
    file = project / "area.py"
    file.write_text(AREA)
    return file


def says(home: dict[str, str], **answers: str) -> None:
    """The engine's answers, by what the task says."""
    parts = [f"!always\n!when {_quoted(f'Line {when[1:]}: ')}\n{_quoted(text)}" for when, text in answers.items()]
    Path(home["UNDERSTUDY_SCRIPT"]).write_text("\n===\n".join(parts), "utf-8")


def _quoted(text: str) -> str:
    import json

    return json.dumps(text)


def test_a_diff_goes_to_standard_output_and_the_file_stays(run: Run, home: dict[str, str], area: Path) -> None:
    says(home, l5=SIDE)
    done = run("fix", f"{area}:5")
    assert (done.returncode, done.stdout) == (0, DIFF), done.stderr
    assert area.read_text() == AREA
    assert f"area.py:5:19: {UNKNOWN} (Ruff F821)" in done.stderr
    assert "(checked: parses, " in done.stderr
    assert "1 problem fixed and checked." in done.stderr
    assert "--write" in done.stderr


def test_git_applies_the_diff(run: Run, home: dict[str, str], area: Path) -> None:
    area.write_bytes(AREA.replace("\n", "\r\n").encode().removesuffix(b"\r\n"))
    says(home, l5=SIDE)
    done = subprocess.run(
        [sys.executable, "-m", "understudy", "fix", f"{area}:5"], env=dict(run.home), capture_output=True, check=True
    )
    (area.parent / ".git").rmdir()
    applied = subprocess.run(
        ["git", "apply", "-"], input=done.stdout, cwd=area.parent, capture_output=True, check=False
    )
    assert applied.returncode == 0, applied.stderr
    assert area.read_bytes() == AREA.replace("sied", "side").replace("\n", "\r\n").encode().removesuffix(b"\r\n")


def test_all_of_a_file_is_fixed_and_written(run: Run, home: dict[str, str], area: Path) -> None:
    says(home, l1=WITHOUT_OS, l5=SIDE, l2=SIDE)
    done = run("fix", str(area), "--write")
    assert done.returncode == 0, done.stderr
    assert area.read_text() == "def area(side: int) -> int:\n    return side * side\n"
    assert done.stdout == ""
    assert "2 problems fixed and checked." in done.stderr
    again = run("fix", str(area), "--write")
    assert (again.returncode, again.stdout) == (0, "")
    assert "found no problem" in again.stderr


def test_what_fails_its_check_is_withheld_with_the_reason(run: Run, home: dict[str, str], area: Path) -> None:
    says(home, l5=block(("    return side * sied",), ("    return side * sied  # noqa",)), l1=WITHOUT_OS)
    done = run("fix", str(area), "--write")
    assert done.returncode == 1
    assert area.read_text() == AREA.removeprefix("import os\n\n\n"), "what holds is written all the same"
    assert f"area.py:5:19: {UNKNOWN} (Ruff F821)\n  Not fixed: " in done.stderr
    assert "1 of 2 problems fixed and checked." in done.stderr


def test_a_misspelt_name_is_fixed_before_its_import_is_taken_for_unused(
    run: Run, home: dict[str, str], area: Path
) -> None:
    area.write_text("import json\n\n\ndef load(text):\n    return jsn.loads(text)\n")
    removal = block(("import json", "", "", "def load(text):"), ("def load(text):",))
    says(home, l1=removal, l5=block(("    return jsn.loads(text)",), ("    return json.loads(text)",)))
    done = run("fix", str(area), "--write")
    assert done.returncode == 0, done.stderr
    assert area.read_text() == "import json\n\n\ndef load(text):\n    return json.loads(text)\n"
    assert "2 problems fixed and checked." in done.stderr, "the second is gone with the first"


def test_a_problem_that_could_not_be_fixed_and_is_gone_all_the_same_is_not_told(
    run: Run, home: dict[str, str], area: Path
) -> None:
    area.write_text("def area(side):\n    one = sied\n    return sied * one\n")
    both = block(("    one = sied", "    return sied * one"), ("    one = side", "    return side * one"))
    says(home, l2="I do not know.", l3=both)
    done = run("fix", str(area), "--write", "--check", "ruff check --select F821")
    assert done.returncode == 0, done.stderr
    assert "Not fixed" not in done.stderr
    assert "2 problems fixed and checked." in done.stderr


def test_git_applies_the_diff_of_a_file_with_a_byte_order_mark(run: Run, home: dict[str, str], area: Path) -> None:
    area.write_bytes(b"\xef\xbb\xbfdef area(side):\n    return side * sied\n")
    says(home, l2=SIDE)
    done = run("fix", str(area))
    (area.parent / ".git").rmdir()
    applied = subprocess.run(["git", "apply", "-"], input=done.stdout.encode(), cwd=area.parent, check=False)
    assert applied.returncode == 0
    assert area.read_bytes() == b"\xef\xbb\xbfdef area(side):\n    return side * side\n"


def test_a_command_is_the_checker(run: Run, home: dict[str, str], area: Path) -> None:
    says(home, l5=SIDE)
    done = run("fix", str(area), "--check", "ruff check --select F821")
    assert (done.returncode, done.stdout) == (0, DIFF), done.stderr
    assert "ruff check --select F821 found 1 problem in area.py." in done.stderr


def test_a_test_is_the_checker_and_runs_in_the_sandbox(run: Run, home: dict[str, str], area: Path) -> None:
    if not isinstance(find_sandbox(), Sandbox):
        pytest.skip("there is no sandbox here")
    area.write_text("def area(side: int) -> int:\n    return side + side\n")
    (area.parent / "check.py").write_text("from area import area\nassert area(3) == 9\n")
    good = block(("    return side + side",), ("    return side * side",))
    says(home, l1=good)
    words = f"{sys.executable} check.py"
    done = run("fix", str(area), "--check", words, "--write")
    assert done.returncode == 0, done.stderr
    assert "AssertionError in: assert area(3) == 9" in done.stderr
    assert area.read_text() == "def area(side: int) -> int:\n    return side * side\n"
    assert {it.name for it in area.parent.iterdir()} == {".git", "area.py", "check.py"}


@pytest.mark.parametrize(
    ("words", "says_what"),
    [
        (["{}/none.py"], "There is no file"),
        (["{}/area.py:99"], "has no line 99"),
        (["{}/area.py:5:99"], "has no column 99"),
        (["{}"], "is a folder"),
        (["{}/area.py", "--check", "no-such-program"], "There is no program no-such-program"),
        (["{}/area.py", "--check", ""], "is no command"),
        (["{}/area.py", "--unsandboxed"], "Give --check as well"),
        (["{}/area.py", "--diff", "--write"], "not allowed with"),
    ],
)
def test_words_that_are_off_are_said_in_a_sentence(run: Run, area: Path, words: list[str], says_what: str) -> None:
    done = run("fix", *(word.format(area.parent) for word in words))
    assert (done.returncode, done.stdout) == (2, "")
    assert says_what in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_never_shown_to_a_model_is_refused(run: Run, home: dict[str, str], area: Path) -> None:
    (area.parent / ".understudyignore").write_text("area.py\n")
    says(home, l5=SIDE)
    done = run("fix", str(area), "--write")
    assert done.returncode == 1
    assert "never shown to a model" in done.stderr
    assert area.read_text() == AREA


def test_a_language_that_no_checker_knows_is_said(run: Run, area: Path) -> None:
    text = area.with_name("notes.txt")
    text.write_text("hello\n")
    done = run("fix", str(text))
    assert done.returncode == 1
    assert "No checker looked at notes.txt" in done.stderr


TSC = """#!/bin/sh
while [ $# -gt 1 ]; do shift; done
echo "$1(2,10): error TS2304: Cannot find name 'sied'."
exit 2
"""


def test_a_compiler_looks_at_what_no_quicker_checker_sees(run: Run, home: dict[str, str], area: Path) -> None:
    script = area.with_name("area.ts")
    script.write_text("function area(side: number) {\n  return sied;\n}\n")
    done = run("fix", str(script))
    assert done.returncode == 1
    assert "No checker looked at area.ts: " in done.stderr
    assert "tsc is not installed" in done.stderr
    programs = area.parent.parent / "programs"
    programs.mkdir()
    (programs / "tsc").write_text(TSC)
    (programs / "tsc").chmod(0o755)
    Path(home["UNDERSTUDY_SCRIPT"]).write_text('!always\n"I do not know."\n', "utf-8")
    done = run("fix", str(script), PATH=f"{programs}{os.pathsep}{home['PATH']}")
    assert "area.ts:2:10: Cannot find name 'sied'. (ts 2304)" in done.stderr, done.stderr


def test_an_engine_that_cannot_be_asked_is_said_once(run: Run, home: dict[str, str], area: Path) -> None:
    Path(home["UNDERSTUDY_SCRIPT"]).write_text("!always\n!error 503 overloaded\n", "utf-8")
    done = run("fix", str(area))
    assert done.returncode == 1
    assert done.stderr.count("Not fixed") == 1
    assert "0 of 2 problems fixed and checked." in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send there")
def test_ctrl_c_ends_it_and_nothing_is_written(run: Run, home: dict[str, str], area: Path) -> None:
    Path(home["UNDERSTUDY_SCRIPT"]).write_text("!always\n!hang\n", "utf-8")
    words = [sys.executable, "-m", "understudy", "fix", str(area), "--write"]
    with subprocess.Popen(words, env=dict(run.home), stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        while "F821" not in process.stderr.readline():
            assert process.poll() is None
        time.sleep(1)  # it asks by now, or soon
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
    assert process.returncode == 130
    assert "Traceback" not in said
    assert area.read_text() == AREA


def test_of_a_folder_that_is_no_project_a_part_is_read(tmp_path: Path) -> None:
    assert for_folder(Settings(), tmp_path).context.max_files == STRAY_FILES
    (tmp_path / "pyproject.toml").touch()
    assert for_folder(Settings(), tmp_path) == Settings()
