"""Who is asked, what is said where nobody can be, and what is asked once."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from checkable import Place, document, program, report, said, target, tree, write

from understudy.checking.base import Overlay
from understudy.checking.diagnostic import Diagnostic
from understudy.checking.found import installed
from understudy.core.settings import FixSettings
from understudy.core.text import Document, Span

# Stands for ruff: says what it was given, and notes that it ran.
FAKE_RUFF = """
import json, sys
name = sys.argv[sys.argv.index("--stdin-filename") + 1]
open(LOG, "a").write("ran\\n")
place = {"row": 1, "column": 1}
row = {"code": "F821", "filename": name, "message": sys.stdin.read(), "location": place, "end_location": place}
print(json.dumps([row]))
"""


def fake_ruff(place: Place, tmp_path: Path, before: str = "") -> Path:
    log = tmp_path / "log"
    program(place.bin / "ruff", f"LOG = {str(log)!r}\n{before}\n{FAKE_RUFF}")
    return log


def runs(log: Path) -> int:
    return len(log.read_text().splitlines()) if log.exists() else 0


async def unable(place: Place, source: str, language: str = "python", **settings: object) -> str:
    doc = Document((place.root / "a.py").as_uri(), 1, language, "x\n")
    first = (await place.checking(**settings).check(Overlay(doc), target(source)))[0]
    assert first.diagnostics is None
    return first.unable


@pytest.mark.parametrize(
    ("source", "language", "why"),
    [
        ("Pyright", "python", "pyright is not installed"),
        ("Pylance", "python", "pyright is not installed"),
        ("Sourcery", "python", "no checker is known for Sourcery"),
        ("", "python", "the problem names no checker"),
        ("ts", "typescript", "tsc is not installed"),
        ("eslint", "typescript", "eslint runs code of the folder, which is not trusted"),
        ("rust-analyzer", "rust", "cargo check runs code of the folder, which is not trusted"),
        ("clippy", "rust", "cargo clippy runs code of the folder, which is not trusted"),
        ("compiler", "go", "go build is not installed"),
        ("printf", "go", "go vet is not installed"),
        ("ruff", "cobol", "no checker is known for ruff"),
    ],
)
async def test_why_nobody_vouches(
    place: Place, monkeypatch: pytest.MonkeyPatch, source: str, language: str, why: str
) -> None:
    monkeypatch.setenv("PATH", str(place.bin))
    monkeypatch.setattr(sys, "executable", str(place.bin / "python"))  # nor is anything beside this interpreter
    assert await unable(place, source, language) == why


async def test_what_the_workspace_brings_along_is_named(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(place.root / "node_modules/.bin"))
    program(place.root / "node_modules/.bin/tsc", "")
    assert await unable(place, "ts", "typescript") == "tsc is only in the folder, which is not trusted"


async def test_the_setting_restricts_and_extends(place: Place, tmp_path: Path) -> None:
    log = fake_ruff(place, tmp_path)
    assert await unable(place, "ruff", checkers=("mypy",)) == "ruff is not among the chosen checkers"
    assert await unable(place, "ruff", checkers=()) == "ruff is not among the chosen checkers"
    assert runs(log) == 0
    doc = Document((place.root / "a.py").as_uri(), 1, "python", "x\n")
    reports = await place.checking(checkers=("ruff",)).check(Overlay(doc), target("ruff"))
    assert [each.checker for each in reports] == ["ruff"]
    reports = await place.checking(checkers=("auto", "go vet", "mypy")).check(Overlay(doc), None)
    assert [each.checker for each in reports] == ["ruff", "mypy", "compile"], "as many as suit the language"


async def test_the_owner_comes_first_and_the_quick_ones_after_it(place: Place, tmp_path: Path) -> None:
    fake_ruff(place, tmp_path)
    doc = Document((place.root / "a.py").as_uri(), 1, "python", "x = (\n")
    checking = place.checking()
    assert [each.checker for each in await checking.check(Overlay(doc), target("compile"))] == ["compile", "ruff"]
    assert [each.checker for each in await checking.check(Overlay(doc), target("Ruff", "F821"))] == ["ruff", "compile"]
    reports = await checking.check(Overlay(doc), target("Unknown"))
    assert [(each.checker, each.diagnostics is None) for each in reports] == [
        ("Unknown", True),
        ("ruff", False),
        ("compile", False),
    ]


async def test_the_same_question_is_asked_once(place: Place, tmp_path: Path) -> None:
    log = fake_ruff(place, tmp_path)
    checking = place.checking(checkers=("ruff",))
    doc = Document((place.root / "a.py").as_uri(), 1, "python", "x\n")
    same = await asyncio.gather(*(checking.check(Overlay(doc), target("ruff")) for _ in range(3)))
    assert runs(log) == 1
    assert same[0] == same[1] == same[2]
    moved = Diagnostic(Span(3, 9), "elsewhere", "ruff")
    await checking.check(Overlay(Document(doc.uri, 7, "python", "x\n")), moved)
    assert runs(log) == 1, "neither the version nor the place of the target matters"
    await checking.check(Overlay(doc.with_text("y\n")), target("ruff"))
    assert runs(log) == 2
    await checking.check(Overlay(doc, {(place.root / "b.py").as_uri(): "new"}), target("ruff"))
    assert runs(log) == 3


async def test_at_most_two_at_a_time(place: Place, tmp_path: Path) -> None:
    """Each adds a file, and notes how many there are before it takes it away."""
    busy = tmp_path / "busy"
    busy.mkdir()
    code = (
        f"import os, time\nmine = {str(busy)!r} + '/' + str(os.getpid())\nopen(mine, 'w').close()\ntime.sleep(0.3)\n"
        f"seen = len(os.listdir({str(busy)!r}))\nos.remove(mine)\nif seen > 2: sys.exit('too many')\n"
    )
    log = fake_ruff(place, tmp_path, f"import sys\n{code}")
    checking = place.checking(checkers=("ruff",))
    doc = Document((place.root / "a.py").as_uri(), 1, "python", "")
    texts = [doc.with_text(str(number)) for number in range(5)]
    reports = await asyncio.gather(*(checking.check(Overlay(each), target("ruff")) for each in texts))
    assert [each[0].unable for each in reports] == [""] * 5
    assert runs(log) == 5


async def test_a_checker_that_takes_too_long(place: Place, tmp_path: Path) -> None:
    fake_ruff(place, tmp_path, "import time; time.sleep(600)")
    assert await unable(place, "ruff", check_seconds=0.3) == "ruff took longer than 0.3 s"


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import sys; sys.exit('error: it is Monday')", "ruff failed: error: it is Monday"),
        ("import os; os.abort()", "ruff failed: exit status -6"),
        ("print('[]' + ' ' * 10_000_000); raise SystemExit", "ruff printed too much"),
        ("print('[{}]'); raise SystemExit", "ruff answered in an unknown way (KeyError)"),
        ("print('3'); raise SystemExit", "ruff answered in an unknown way (TypeError)"),
    ],
)
async def test_a_checker_that_breaks_is_a_report(place: Place, tmp_path: Path, code: str, why: str) -> None:
    fake_ruff(place, tmp_path, code)
    doc = Document((place.root / "a.py").as_uri(), 1, "python", "x\n")
    first, second = await place.checking().check(Overlay(doc), target("ruff"))
    assert (first.checker, first.diagnostics, first.unable) == ("ruff", None, why)
    assert second.diagnostics == (), "the others go on"


async def test_a_program_that_cannot_be_run(place: Place) -> None:
    (place.bin / "ruff").write_text("#!/nowhere/python\n")
    (place.bin / "ruff").chmod(0o755)
    assert await unable(place, "ruff") == "ruff cannot be run (No such file or directory)"


async def test_cancelling_leaves_nothing(place: Place, tmp_path: Path) -> None:
    log = fake_ruff(place, tmp_path, "open(LOG, 'a').write('began\\n'); import time; time.sleep(600)")
    doc = Document((place.root / "a.py").as_uri(), 1, "python", "x\n")
    checking = place.checking()
    running = asyncio.create_task(checking.check(Overlay(doc), target("ruff")))
    while runs(log) == 0:  # noqa: ASYNC110 (another process writes it)
        await asyncio.sleep(0.01)
    assert place.scratch() != []
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert place.scratch() == []


async def test_a_second_one_waits_when_the_first_is_cancelled(place: Place, tmp_path: Path) -> None:
    """Two wait for the same answer; the one that asked goes away."""
    wait = f"import os, time\nwhile not os.path.exists({str(tmp_path / 'go')!r}): time.sleep(0.01)"
    log = fake_ruff(place, tmp_path, f"open(LOG, 'a').write('began\\n')\n{wait}")
    doc = Document((place.root / "a.py").as_uri(), 1, "python", "x\n")
    checking = place.checking(checkers=("ruff",))
    first, second = (asyncio.create_task(checking.check(Overlay(doc), target("ruff"))) for _ in range(2))
    while runs(log) == 0:  # noqa: ASYNC110 (another process writes it)
        await asyncio.sleep(0.01)
    first.cancel()
    (tmp_path / "go").touch()
    assert (await second)[0].diagnostics is not None


async def test_open_documents_are_in_the_overlay(place: Place) -> None:
    """A command that prints what it sees of a neighbour, as a checker that follows imports does."""
    write(place.root, {"a.py": "import b\n", "b.py": "saved\n", "c.py": "saved\n"})
    code = "import os, sys; folder = os.path.dirname(sys.argv[-1]); text = open(folder + '/b.py').read()\n"
    program(place.bin / "pyright", f"{code}sys.exit(text + str(os.path.islink(folder + '/c.py')))")
    opened = [
        document(place.root / "b.py", "unsaved"),
        document(place.root / "c.py"),
        Document("untitled:1", 1, "", "x"),
    ]
    checking = place.checking(opened=opened)
    doc = document(place.root / "a.py")
    assert (await report(checking, doc, "pyright")).unable == "pyright failed: unsavedTrue"
    changed = {(place.root / "b.py").as_uri(): "changed"}
    assert (await report(checking, doc, "pyright", **changed)).unable == "pyright failed: changedTrue"


async def test_an_untitled_document(place: Place) -> None:
    doc = Document("untitled:Untitled-1", 1, "python", "x = (\n")
    first, *_ = await place.checking().check(Overlay(doc), target("compile"))
    assert said(first, doc.text) == [("'(' was never closed", "(")]
    assert place.scratch() == []


@pytest.mark.parametrize("roots", [(), ("workspace",)])
async def test_a_file_outside_every_root(place: Place, tmp_path: Path, roots: tuple[str, ...]) -> None:
    write(tmp_path, {"elsewhere/a.py": "x = 1\n", "elsewhere/b.py": ""})
    program(
        place.bin / "pyright", "import os, sys; sys.exit(','.join(sorted(os.listdir(os.path.dirname(sys.argv[-1])))))"
    )
    checking = place.checking(roots=tuple(tmp_path / each for each in roots))
    before = tree(tmp_path / "elsewhere")
    found = await report(checking, document(tmp_path / "elsewhere/a.py", "y"), "pyright")
    assert found.unable == "pyright failed: a.py,b.py"
    assert tree(tmp_path / "elsewhere") == before


async def test_a_document_named_by_where_a_link_leads(place: Place, tmp_path: Path) -> None:
    """The root is a link, and the editor resolves it: the file is the root's all the same."""
    write(place.root, {"pkg/a.py": "", "setup.cfg": ""})
    link = tmp_path / "link"
    link.symlink_to(place.root)
    program(place.bin / "pyright", "import os, sys; sys.exit(','.join(sorted(os.listdir('.'))))")
    found = await report(place.checking(roots=(link,)), document(place.root / "pkg/a.py", "x"), "pyright")
    assert found.unable == "pyright failed: pkg,setup.cfg"


async def test_no_folder_can_be_made(place: Place) -> None:
    checking = place.checking()
    place.home.rmdir()
    place.home.write_text("a file")
    doc = Document((place.root / "a.py").as_uri(), 1, "python", "x\n")
    (only,) = await checking.check(Overlay(doc), target("ruff"))
    assert only.diagnostics is None
    assert only.unable.startswith("no folder for the check can be made (")
    place.home.unlink()
    place.home.mkdir()


def test_what_is_installed(place: Place) -> None:
    ruff = program(place.bin / "ruff", "")
    found = {each.checker: each for each in installed(place.root, FixSettings(), ("python", "rust"))}
    assert found["ruff"].program == ruff
    assert found["cargo check"].unable == "cargo check runs code of the folder, which is not trusted"
    assert "tsc" not in found
