"""A command of the user's vouches for a fix: real programs, on a copy of a project."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from understudy.checking.base import Overlay
from understudy.cli.fix.check import Check, TrialChecking, parse_check
from understudy.core.errors import UsageError
from understudy.core.text import Document
from understudy.sandbox.arguments import Sandbox
from understudy.sandbox.find import find_sandbox

WRONG = "def area(side):\n    return side * sied\n"
RIGHT = "def area(side):\n    return side * side\n"
TEST = "from shop.area import area\nassert area(3) == 9\n"


@pytest.fixture(name="project")
def fixture_project(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    (project / "shop").mkdir(parents=True)
    (project / "shop" / "__init__.py").write_text("")
    (project / "shop" / "area.py").write_text(WRONG)
    (project / "test_area.py").write_text(TEST)
    (project / "node_modules").mkdir()
    return project


def checking(words: str, project: Path, sandbox: Sandbox | None = None) -> TrialChecking:
    copy = project.parent / "copy"
    copy.mkdir(exist_ok=True)
    return TrialChecking(parse_check(words), project, copy, sandbox, 30)


def document(project: Path, text: str) -> Document:
    return Document((project / "shop" / "area.py").as_uri(), 1, "python", text)


def everything(folder: Path) -> dict[str, bytes]:
    return {file.as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


async def test_a_checker_reads_the_text_in_question_and_the_project_stays_as_it_is(project: Path) -> None:
    before = everything(project)
    ruff = checking(f"{sys.executable} -m ruff check --no-cache --output-format concise", project)
    (wrong,) = await ruff.check(Overlay(document(project, WRONG)), None)
    assert [(it.code, it.message) for it in wrong.diagnostics or ()] == [("F821", "Undefined name `sied`")]
    (right,) = await ruff.check(Overlay(document(project, RIGHT)), None)
    assert right.diagnostics == ()
    assert everything(project) == before


async def test_a_test_in_the_sandbox_runs_the_text_in_question(project: Path) -> None:
    sandbox = find_sandbox()
    if not isinstance(sandbox, Sandbox):
        pytest.skip(sandbox.problem)
    before = everything(project)
    words = f"{sys.executable} -c \"import runpy, sys; sys.path.insert(0, ''); runpy.run_path('test_area.py')\""
    test = checking(words, project, sandbox)
    (wrong,) = await test.check(Overlay(document(project, WRONG)), None)
    assert [it.message for it in wrong.diagnostics or ()] == ["NameError: name 'sied' is not defined"]
    (right,) = await test.check(Overlay(document(project, RIGHT)), None)
    assert right.diagnostics == (), right
    (again,) = await test.check(Overlay(document(project, WRONG)), None)
    assert again == wrong
    harm = f"import pathlib\npathlib.Path({str(project / 'harm')!r}).write_text('x')\n{RIGHT}"
    (harmful,) = await test.check(Overlay(document(project, harm)), None)
    assert harmful.diagnostics
    assert everything(project) == before


@pytest.mark.parametrize("place", ["copy", "project/copy"])
async def test_a_command_in_the_sandbox_writes_in_the_copy_and_sees_nothing_beside_the_project(
    project: Path, place: str
) -> None:
    sandbox = find_sandbox()
    if not isinstance(sandbox, Sandbox):
        pytest.skip(sandbox.problem)
    (project.parent / "beside").write_text("private")
    copy = project.parent / place
    copy.mkdir()
    script = f"touch made && test ! -e {project.parent / 'beside'} && test ! -e copy"
    # A shell is in /bin, beside which a system has its Python in /lib.
    check = Check(("/bin/sh", "-c", script))
    (report,) = await TrialChecking(check, project, copy, sandbox, 30).check(Overlay(document(project, RIGHT)), None)
    assert report.diagnostics == (), report
    assert (copy / "made").exists()


async def test_other_texts_of_the_overlay_hold_for_one_run(project: Path) -> None:
    words = f"{sys.executable} -c \"import sys; sys.exit('def' not in open('test_area.py').read())\""
    run = checking(words, project)
    other = {(project / "test_area.py").as_uri(): "def test(): ..."}
    (with_other,) = await run.check(Overlay(document(project, RIGHT), other), None)
    (without,) = await run.check(Overlay(document(project, RIGHT)), None)
    assert with_other.diagnostics == ()
    assert without.diagnostics


async def test_what_takes_too_long_cannot_say(project: Path) -> None:
    copy = project.parent / "copy"
    copy.mkdir()
    check = Check((sys.executable, "-c", "import time; time.sleep(60)"))
    (report,) = await TrialChecking(check, project, copy, None, 0.3).check(Overlay(document(project, RIGHT)), None)
    assert report.diagnostics is None
    assert "took too much time" in report.unable


async def test_files_outside_the_project_are_not_checked(project: Path) -> None:
    outside = Document((project.parent / "x.py").as_uri(), 1, "python", "")
    (report,) = await checking("true", project).check(Overlay(outside), None)
    assert report.diagnostics is None


def test_the_path_stands_where_the_words_say() -> None:
    assert Check(("ruff", "check")).for_path("a.py") == ("ruff", "check", "a.py")
    assert Check(("tool", "--file={}", "-v")).for_path("a.py") == ("tool", "--file=a.py", "-v")


@pytest.mark.parametrize("words", ["", "'", "no-such-program-here check"])
def test_a_check_that_is_no_command_is_refused(words: str) -> None:
    with pytest.raises(UsageError):
        parse_check(words)
