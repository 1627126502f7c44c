"""A checker that the user names with a command."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from checkable import Place, document, program, said, target, tree, write

from understudy.checking.base import Overlay, Report
from understudy.checking.command import CommandChecking
from understudy.checking.session import Session
from understudy.core.settings import FixSettings
from understudy.core.text import Document

TEXT = "import os\nx = missing\n"


@pytest.fixture(name="doc")
def fixture_doc(place: Place, monkeypatch: pytest.MonkeyPatch) -> Document:
    write(place.root, {"pkg/a.py": "saved\n", "setup.cfg": ""})
    monkeypatch.setenv("PATH", os.pathsep.join([str(place.bin), str(Path(sys.executable).parent), "/usr/bin", "/bin"]))
    return document(place.root / "pkg/a.py", TEXT)


async def check(place: Place, doc: Document, *words: str, seconds: float = 60) -> Report:
    checking = CommandChecking(words, (place.root,), FixSettings(check_seconds=seconds), session=Session(place.home))
    before = tree(place.root)
    (only,) = await checking.check(Overlay(doc), target("whoever"))
    assert tree(place.root) == before
    assert place.scratch() == []
    checking.close()
    return only


async def test_known_tools_are_read_as_they_are_meant(place: Place, doc: Document) -> None:
    found = await check(place, doc, "ruff", "check", "--select", "F")
    assert found.checker == "ruff check --select F"
    assert said(found, TEXT) == [("F401", "os"), ("F821", "missing")]
    found = await check(place, doc, "mypy", "--strict")
    assert said(found, TEXT) == [("name-defined", "missing")]


async def test_a_compiler_that_could_not_begin_has_not_found_nothing(place: Place, doc: Document) -> None:
    tsc = program(
        place.bin / "tsc", "print(\"error TS5042: Option 'project' cannot be mixed with source files.\")\nexit(1)"
    )
    found = await check(place, doc, str(tsc), "-p", ".")
    assert found.diagnostics is None
    assert "Option 'project' cannot be mixed" in found.unable


async def test_lines_that_name_a_place(place: Place, doc: Document) -> None:
    code = (
        "import sys\nprint(sys.argv[1] + ':2:5: E1 of the document')\nprint('other.py:1:1: no')\n"
        "print('pkg/a.py:1: the whole line', file=sys.stderr)\nprint('2 problems')\nsys.exit(1)"
    )
    lint = program(place.bin / "lint", code)
    for word in ("lint", str(lint)):
        found = await check(place, doc, word)
        assert said(found, TEXT) == [("E1 of the document", "missing"), ("the whole line", "import os")]
        assert [each.source for each in found.diagnostics or ()] == ["lint", "lint"]


async def test_only_an_exit_status(place: Place, doc: Document) -> None:
    program(place.bin / "fails", "import sys; print('3 tests failed'); sys.exit(4)")
    program(place.bin / "elsewhere", "import sys; print('setup.cfg:1:1: no'); sys.exit(1)")
    assert said(await check(place, doc, "fails", "-q"), TEXT) == [("exit status 4", TEXT)]
    assert (await check(place, doc, "true")).diagnostics == ()
    assert (await check(place, doc, "elsewhere")).diagnostics == (), "what it says is about another file"


async def test_it_sees_the_text_and_its_neighbours_and_no_more(place: Place, doc: Document) -> None:
    log = place.bin / "log"
    code = (
        "import os, sys\nsame = open(sys.argv[-1]).read() == " + repr(TEXT) + "\n"
        f"print(same, sorted(os.listdir('.')), os.path.relpath(sys.argv[-1]), file=open({str(log)!r}, 'w'))\n"
        "open('left', 'w').close()"
    )
    program(place.bin / "sees", code)
    await check(place, doc, "sees")
    assert log.read_text() == "True ['pkg', 'setup.cfg'] pkg/a.py\n"


async def test_what_cannot_be_run(place: Place, doc: Document) -> None:
    assert (await check(place, doc, "no-such-checker", "x")).unable == "no-such-checker is not installed"
    program(place.bin / "sleeps", "import time; time.sleep(600)")
    assert (await check(place, doc, "sleeps", seconds=0.3)).unable == "sleeps took longer than 0.3 s"
    assert (await check(place, doc, "ruff", "check", "--nonsense")).unable.startswith("ruff check --nonsense failed: ")
