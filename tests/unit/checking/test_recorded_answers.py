"""What tools print, as recorded, and the diagnostics that it is read as. The text has characters that are one, two or
three of each tool's units, so that a column in the wrong unit shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from understudy.checking.checkers.biome import BIOME
from understudy.checking.checkers.cargo import CHECK
from understudy.checking.checkers.compiled import COMPILE
from understudy.checking.checkers.eslint import ESLINT
from understudy.checking.checkers.go import GO_BUILD, GO_VET, GOFMT
from understudy.checking.checkers.mypy import MYPY
from understudy.checking.checkers.pyright import PYRIGHT
from understudy.checking.checkers.row import Checker, Unable
from understudy.checking.checkers.ruff import RUFF
from understudy.checking.checkers.typescript import TSC
from understudy.checking.diagnostic import Diagnostic
from understudy.checking.places import Lines
from understudy.checking.run import Call, Output

FOLDER = Path("/w")


def read(
    checker: Checker, name: str, text: str, out: object = "", err: str = "", status: int = 1
) -> tuple[Diagnostic, ...]:
    words = ("/bin/x", "--listFiles") if checker is TSC else ("/bin/x",)
    call = Call(words, FOLDER, FOLDER / name)
    return checker.read(Output(status, out if isinstance(out, str) else json.dumps(out), err), call, Lines(text))


def said(found: tuple[Diagnostic, ...], text: str) -> list[tuple[str, str, str, str]]:
    return [(each.source, each.code, each.severity, text[each.span.start : each.span.end]) for each in found]


PYTHON = 'x = "é𝒳"; y = undefined_name\nimport os\n'


def test_ruff_0_17() -> None:
    def row(code: str | None, start: tuple[int, int], end: tuple[int, int], file: str = "/w/a.py") -> dict[str, object]:
        place = ({"row": row, "column": column} for row, column in (start, end))
        return {"code": code, "filename": file, "message": "m", "location": next(place), "end_location": next(place)}

    out = [
        row("F821", (1, 15), (1, 29)),
        row("F401", (2, 8), (2, 10)),
        row("E1", (1, 1), (1, 2), "/w/other.py"),
        row(None, (2, 1), (2, 1)),
    ]
    found = read(RUFF, "a.py", PYTHON, out)
    assert said(found, PYTHON) == [
        ("Ruff", "F821", "error", "undefined_name"),
        ("Ruff", "F401", "warning", "os"),
        ("Ruff", "invalid-syntax", "error", ""),
    ]
    assert [each.unnecessary for each in found] == [False, True, False]


def test_pyright_1_1_414() -> None:
    def place(start: int, end: int) -> dict[str, object]:
        return {"start": {"line": 0, "character": start}, "end": {"line": 0, "character": end}}

    rows = [
        {"file": "/w/a.py", "severity": "error", "message": "no range", "rule": "reportImportCycles"},
        {
            "file": "/w/a.py",
            "severity": "error",
            "message": "m",
            "range": place(15, 29),
            "rule": "reportUndefinedVariable",
        },
        {"file": "/w/a.py", "severity": "warning", "message": "no rule", "range": place(11, 12)},
        {"file": "/w/b.py", "severity": "error", "message": "another file", "range": place(0, 1)},
    ]
    out = {"generalDiagnostics": rows, "summary": {"filesAnalyzed": 1}}
    assert said(read(PYRIGHT, "a.py", PYTHON, out), PYTHON) == [
        ("Pyright", "reportImportCycles", "error", ""),
        ("Pyright", "reportUndefinedVariable", "error", "undefined_name"),
        ("Pyright", "", "warning", "y"),
    ]
    with pytest.raises(Unable, match="is told to leave out the file"):
        read(PYRIGHT, "a.py", PYTHON, {"generalDiagnostics": [], "summary": {"filesAnalyzed": 0}})


MYPY_ROW = (
    '{"file": "a.py", "line": %d, "column": %d, "end_line": %d, "end_column": %d, '
    '"message": "m", "hint": null, "code": "%s", "severity": "error"}\n'
)


def test_mypy_2_4() -> None:
    """Its column on a line that is not ASCII is that of nothing: 10, where code points say 14, UTF-16 15, bytes 18."""
    text = 'x = "é𝒳"; y = undefined_name\nz: int = ""\n'
    out = (
        MYPY_ROW % (1, 10, 1, 24, "name-defined")
        + MYPY_ROW % (2, 9, 2, 11, "assignment")
        + MYPY_ROW % (2, 9, 2, 9, "x")
    )
    assert said(read(MYPY, "a.py", text, out), text) == [
        ("mypy", "name-defined", "error", 'x = "é𝒳"; y = undefined_name'),
        ("mypy", "assignment", "error", '""'),
        ("mypy", "x", "error", '"'),
    ]


def test_mypy_that_stops() -> None:
    own = MYPY_ROW % (2, 1, 2, 2, "syntax")
    assert len(read(MYPY, "a.py", PYTHON, own, status=2)) == 1
    with pytest.raises(Unable, match=r"could not go on \(b.py: m\)"):
        read(MYPY, "a.py", PYTHON, own.replace("a.py", "b.py"), status=2)
    with pytest.raises(Unable, match=r"could not go on \(mypy: error: no such option\)"):
        read(MYPY, "a.py", PYTHON, "", "usage: mypy\nmypy: error: no such option\n", status=2)
    assert read(MYPY, "a.py", PYTHON, own.replace("a.py", "b.py"), status=1) == (), "only of another file"


def test_compile_of_python() -> None:
    text = "é = 1\nif x:\n'\\d'\n"
    out = {"errors": [["expected an indented block", 3, 1, 3, 5]], "warnings": [["invalid escape sequence", 3]]}
    assert said(read(COMPILE, "a.py", text, out, status=0), text) == [
        ("compile", "", "error", "'\\d'"),
        ("compile", "", "warning", "'\\d'"),
    ]
    unplaced = {"errors": [["source code string cannot contain null bytes", 1, 0, None, -1]], "warnings": []}
    assert said(read(COMPILE, "a.py", text, unplaced, status=0), text) == [("compile", "", "error", "é")]


SCRIPT = 'const s = "é𝒳"; const n: number = f(undefinedName);\nn.foo\n'


def test_tsc_6() -> None:
    out = (
        "src/b.ts(1,1): error TS1: another file's\n  and what it goes on with\n"
        "src/a.ts(1,38): error TS2552: Cannot find name 'undefinedName'.\n  Did you mean that?\n"
        "src/a.ts(2,3): error TS2339: Property 'foo' does not exist.\n/lib/lib.d.ts\n/w/src/a.ts\n"
    )
    found = read(TSC, "src/a.ts", SCRIPT, out, status=2)
    assert said(found, SCRIPT) == [("ts", "2552", "error", "undefinedName"), ("ts", "2339", "error", "foo")]
    assert found[0].message == "Cannot find name 'undefinedName'.\n  Did you mean that?"
    assert read(TSC, "src/a.ts", SCRIPT, "/lib/lib.d.ts\n/w/src/a.ts\n", status=0) == ()
    with pytest.raises(Unable, match="finds the file in no project"):
        read(TSC, "src/a.ts", SCRIPT, "/lib/lib.d.ts\n/w/src/b.ts\n", status=0)
    with pytest.raises(Unable, match="failed: Cannot find module"):
        read(TSC, "src/a.ts", SCRIPT, "", "Cannot find module\n")


def test_eslint_10() -> None:
    text = 'const s = "é𝒳"; foo(s);\nlet q = 1;\n'
    messages = [
        {"ruleId": "no-undef", "severity": 2, "message": "m", "line": 1, "column": 18, "endLine": 1, "endColumn": 21},
        {
            "ruleId": "no-unused-vars",
            "severity": 1,
            "message": "m",
            "line": 2,
            "column": 5,
            "endLine": 2,
            "endColumn": 6,
        },
        {"ruleId": None, "fatal": True, "severity": 2, "message": "Parsing error", "line": 1, "column": 11},
    ]
    found = read(ESLINT, "a.js", text, [{"filePath": "/w/a.js", "messages": messages}])
    assert said(found, text) == [
        ("eslint", "no-undef", "error", "foo"),
        ("eslint", "no-unused-vars", "warning", "q"),
        ("eslint", "", "error", '"'),
    ]
    assert [each.unnecessary for each in found] == [False, True, False]
    ignored = {"ruleId": None, "severity": 1, "message": "File ignored because no matching configuration was supplied."}
    with pytest.raises(Unable, match="has no configuration for the file"):
        read(ESLINT, "a.js", text, [{"filePath": "/w/a.js", "messages": [ignored]}])


def test_biome_2_6() -> None:
    text = '  const u = "é𝒳"; if (a == 1) { debugger; }\n'
    row = {
        "severity": "error",
        "message": "m",
        "category": "lint/suspicious/noDoubleEquals",
        "location": {"path": "a.ts", "start": {"line": 1, "column": 25}, "end": {"line": 1, "column": 27}},
    }
    assert said(read(BIOME, "a.ts", text, {"summary": {"unchanged": 1}, "diagnostics": [row]}), text) == [
        ("biome", "lint/suspicious/noDoubleEquals", "error", "==")
    ]
    with pytest.raises(Unable, match="is told to leave out the file"):
        read(BIOME, "a.ts", text, {"summary": {"unchanged": 0}, "diagnostics": []})


GO = 'package p\n\nimport "fmt"\n\nfunc A() { s := "é𝒳"; fmt.Printf("%d\\n", s); undefinedName() }\n'


def test_go_1_27() -> None:
    assert said(
        read(GO_BUILD, "a.go", GO, err="# m/p\n./a.go:5:50: undefined: undefinedName\n\thave (number)\n"), GO
    ) == [("compiler", "", "error", "undefinedName")]
    assert said(read(GO_VET, "a.go", GO, err="# m/p\n./a.go:5:39: Printf format %d has arg s\n"), GO) == [
        ("go vet", "", "warning", "%")
    ]
    assert said(
        read(GOFMT, "<standard input>", GO, err="<standard input>:5:50: missing condition\n", status=2), GO
    ) == [("syntax", "", "error", "undefinedName")]
    assert read(GOFMT, "<standard input>", GO, "<standard input>\n", status=0) == ()


def test_go_that_does_not_get_to_the_file() -> None:
    with pytest.raises(Unable, match="needs code that compiles"):
        read(GO_VET, "a.go", GO, err="# m/p\nvet: ./a.go:5:50: undefined: undefinedName\n")
    with pytest.raises(Unable, match="cannot get that far"):
        read(GO_BUILD, "a.go", GO, err="# m/q\nq/b.go:1:1: undefined: x\n")
    with pytest.raises(Unable, match="cannot get that far"):
        read(GO_BUILD, "a.go", GO, err="# m/p\n./b.go:1:1: syntax error: unexpected name\n")
    with pytest.raises(Unable, match=r"failed: go: updates to go\.mod needed"):
        read(GO_BUILD, "a.go", GO, err="go: updates to go.mod needed\n")
    assert read(GO_BUILD, "a.go", GO, err="# m/p\n./b.go:1:1: undefined: x\n") == ()


RUST = 'mod b;\nfn main() { let s = "é𝒳"; let n: i32 = b::f(undefined_name); }\n'


def cargo(*messages: dict[str, object], manifest: str = "/w/Cargo.toml") -> str:
    rows = [{"reason": "compiler-message", "manifest_path": manifest, "message": each} for each in messages]
    return "\n".join(map(json.dumps, [*rows, {"reason": "build-finished", "success": False}]))


def message(file: str, start: int, end: int, level: str = "error", code: str = "E0425") -> dict[str, object]:
    place = {"line_start": 2, "line_end": 2, "column_start": start, "column_end": end}
    span = {"file_name": file, "is_primary": True, **place}
    return {"message": "m", "level": level, "code": {"code": code}, "spans": [{**span, "is_primary": False}, span]}


def test_cargo_1_95() -> None:
    out = cargo(
        message("src/main.rs", 45, 59),
        message("src/main.rs", 45, 59),
        message("src/b.rs", 1, 2),
        message("src/main.rs", 17, 18, "warning", "unused_variables"),
        message("src/main.rs", 17, 18, "warning", "clippy::needless"),
        {"message": "Some errors have explanations", "level": "failure-note", "code": None, "spans": []},
    )
    found = read(CHECK, "src/main.rs", RUST, out)
    assert said(found, RUST) == [
        ("rustc", "E0425", "error", "undefined_name"),
        ("rustc", "unused_variables", "warning", "s"),
        ("clippy", "clippy::needless", "warning", "s"),
    ]
    assert [each.unnecessary for each in found] == [False, True, False]
    with pytest.raises(Unable, match="cannot get that far"):
        read(CHECK, "src/main.rs", RUST, cargo(message("src/lib.rs", 1, 2), manifest="/w/dependency/Cargo.toml"))
    with pytest.raises(Unable, match="failed: error: no matching package"):
        read(CHECK, "src/main.rs", RUST, "", "error: no matching package\n", status=101)


@pytest.mark.parametrize("checker", [RUFF, PYRIGHT, ESLINT, BIOME, COMPILE], ids=lambda row: row.name)
def test_what_is_no_answer(checker: Checker) -> None:
    with pytest.raises(Unable, match=r"^failed: Segmentation fault$"):
        read(checker, "a.py", PYTHON, "", "…\nSegmentation fault\n", status=-11)
    with pytest.raises(Unable, match=r"^failed: exit status -11$"):
        read(checker, "a.py", PYTHON, "", "", status=-11)
    with pytest.raises(Unable, match=r"^failed: x{99}…$"):
        read(checker, "a.py", PYTHON, "", "x" * 200, status=2)
    with pytest.raises(Unable, match="printed too much"):
        checker.read(Output(0, "[]", "", dropped=1), Call(("x",), FOLDER, FOLDER), Lines(""))
