"""The checkers themselves: what they say of a text that is not on disk, in a project with configuration, a neighbour
that imports it back, and characters of every width. Those that this machine lacks are skipped, saying so."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

import programs
import pytest
from checkable import NODE_MODULES, Place, document, report, said, tree, write

from understudy.core.text import Document


@dataclass(frozen=True)
class Trial:
    """`files`: the project as on disk. `text`: `file` as it is open. `said`: code and place of each problem; after the
    `change` of another file it is `then`."""

    name: str
    program: str
    source: str
    language: str
    files: dict[str, str]
    file: str
    text: str
    said: list[tuple[str, str]]
    change: dict[str, str] = field(default_factory=dict)
    then: list[tuple[str, str]] = field(default_factory=list)
    trusted: bool = False


# The neighbour takes its type from the text that is checked: of the file on disk it would be another.
PACKAGE = {"pkg/__init__.py": "", "pkg/a.py": "z: str = ''\n", "pkg/b.py": "from pkg.a import z\n\nw = z\n"}
TYPED = 'from pkg.b import g, w\n\nx = "é🙂"; y: str = w\nz: int = 1\n'
NEEDS_G = {"pkg/b.py": "w = ''\ndef g() -> None: ...\n"}
TS = {
    "tsconfig.json": '{"compilerOptions": {"strict": true, "composite": true, "outDir": "out", "module": "esnext"}}',
    "src/a.ts": "export const z = '';\n",
    "src/b.ts": 'import { z } from "./a";\nexport function f() { return z; }\n',
}
TS_TEXT = (
    'import { f, g } from "./b";\nconst s = "é🙂"; export const n: string = f();\nexport const z: number = missing;\n'
)
VITE = {
    "tsconfig.json": (
        '{\n  // no file of its own\n  "files": [],\n'
        '  "references": [{ "path": "./tsconfig.node.json" }, { "path": "./tsconfig.app.json" }]\n}\n'
    ),
    "tsconfig.node.json": '{"compilerOptions": {"composite": true}, "include": ["vite.config.ts"]}',
    "tsconfig.app.json": '{"compilerOptions": {"composite": true, "strict": true}, "include": ["src"]}',
    "vite.config.ts": "export {};\n",
    "src/a.ts": "export {};\n",
}
GO = {"go.mod": "module m\n\ngo 1.21\n", "p/a.go": "package p\n", "p/b.go": "package p\n\nfunc B() int { return 1 }\n"}
GO_TEXT = (
    'package p\n\nimport "fmt"\n\nfunc A() { s := "é🙂"; fmt.Println(s, missing, C()); var n string = B(); _ = n }\n'
)
RUST = {
    "Cargo.toml": '[package]\nname = "m"\nversion = "0.1.0"\nedition = "2021"\n',
    "src/main.rs": "mod b;\npub const Z: i32 = 1;\nfn main() { b::f(); }\n",
    "src/b.rs": "pub fn f() -> i32 { crate::Z }\n",
}
RUST_TEXT = (
    'mod b;\npub const Z: i32 = 1;\nfn main() { let s = "é🙂"; let n: i32 = b::g(); println!("{s} {n}"); b::f(); }\n'
)

OF_NODE = ("tsc", "eslint", "biome")
BESIDE = Path(sys.executable).parent
CALLERS = os.environ["PATH"]

TRIALS = (
    Trial(
        *("ruff", "ruff", "Ruff", "python"),
        {"ruff.toml": '[lint]\nselect = ["F"]\n', "a.py": "x = 1\n"},
        *("a.py", 'import os\nx = "é🙂"; y = missing\n'),
        said=[("F401", "os"), ("F821", "missing")],
    ),
    Trial(
        *("compile", "python3", "compile", "python", {"a.py": "raise SystemExit('run')\n"}),
        *("a.py", 'raise SystemExit("run")\nx = "é🙂"; y = (1,\n'),
        said=[("'(' was never closed", "(")],
    ),
    Trial(
        *("mypy", "mypy", "mypy", "python", {**PACKAGE, "mypy.ini": "[mypy]\nstrict = true\n"}, "pkg/a.py", TYPED),
        said=[("attr-defined", "from pkg.b import g, w"), ("assignment", 'x = "é🙂"; y: str = w')],
        change=NEEDS_G,
    ),
    Trial(
        *("basedpyright", "basedpyright", "Pylance", "python"),
        {**PACKAGE, "pyrightconfig.json": '{"typeCheckingMode": "basic"}'},
        *("pkg/a.py", TYPED),
        said=[("reportAttributeAccessIssue", "g"), ("reportAssignmentType", "w")],
        change=NEEDS_G,
    ),
    Trial(
        *("tsc", "tsc", "ts", "typescript", TS, "src/a.ts", TS_TEXT),
        said=[("2305", "g"), ("2322", "n"), ("2304", "missing")],
        change={"src/b.ts": "export function f(): string { return ''; }\nexport const g = 1;\n"},
        then=[("2304", "missing")],
    ),
    Trial(
        *("tsc of a project that refers to others", "tsc", "typescript", "typescript", VITE, "src/a.ts"),
        "export const n: number = '';\n",
        said=[("2322", "n")],
    ),
    Trial(
        *("tsc without a project", "tsc", "typescript", "javascript", {}, "a.js", "// @ts-check\nmissing();\n"),
        said=[("2304", "missing")],
    ),
    Trial(
        *("eslint", "eslint", "eslint", "javascript"),
        {
            "eslint.config.mjs": 'export default [{ rules: { "no-undef": "error", "no-unused-vars": "warn" } }];\n',
            "a.js": "",
        },
        *("a.js", 'const s = "é🙂"; missing(s);\nlet q = 1;\n'),
        said=[("no-undef", "missing"), ("no-unused-vars", "q")],
        trusted=True,
    ),
    Trial(
        *("biome", "biome", "biome", "typescript", {"biome.json": "{}", "a.ts": ""}, "a.ts"),
        'const s = "é🙂"; if (s == null) { debugger; }\n',
        said=[("lint/suspicious/noDebugger", "debugger;")],
    ),
    Trial(
        *("go build", "go", "compiler", "go", GO, "p/a.go", GO_TEXT),
        said=[
            ("undefined: missing", "missing"),
            ("undefined: C", "C"),
            ("cannot use B() (value of type int) as string value in variable declaration", "B"),
        ],
        change={"p/b.go": 'package p\n\nfunc B() string { return "" }\n\nfunc C() int { return 1 }\n'},
        then=[("undefined: missing", "missing")],
    ),
    Trial(
        *("go vet", "go", "printf", "go", GO, "p/a.go"),
        'package p\n\nimport "fmt"\n\nfunc A() { s := "é🙂"; fmt.Printf("%d\\n", s) }\n',
        said=[("fmt.Printf format %d has arg s of wrong type string", "%")],
    ),
    Trial(
        *("gofmt", "gofmt", "syntax", "go", GO, "p/a.go", 'package p\n\nfunc A() { s := "é🙂"; if { } }\n'),
        said=[("missing condition in if statement", "{")],
    ),
    Trial(
        *("cargo check", "cargo", "rust-analyzer", "rust", RUST, "src/main.rs", RUST_TEXT),
        said=[("E0425", "g")],
        change={"src/b.rs": "pub fn f() -> i32 { crate::Z }\npub fn g() -> i32 { 2 }\n"},
        trusted=True,
    ),
)


@pytest.fixture(name="trial", params=TRIALS, ids=lambda trial: trial.name)
def fixture_trial(request: pytest.FixtureRequest, place: Place, monkeypatch: pytest.MonkeyPatch) -> Trial:
    trial: Trial = request.param
    node = programs.find("node")
    folders = [*([node.parent] if node else []), BESIDE, NODE_MODULES]
    monkeypatch.setenv("PATH", os.pathsep.join([CALLERS, *map(str, folders)]))
    if shutil.which(trial.program) is None or (trial.program in OF_NODE and node is None):
        reason = f"{trial.program} is not on PATH."
        if trial.program in ("tsc", "eslint") and programs.required():
            pytest.fail(f"{reason} Run `make vsix`, which gets it.")
        pytest.skip(reason)
    write(place.root, trial.files)
    return trial


def opened(place: Place, trial: Trial) -> Document:
    return document(place.root / trial.file, trial.text, trial.language)


async def test_what_it_says(place: Place, trial: Trial) -> None:
    before = tree(place.root)
    doc = opened(place, trial)
    checking = place.checking(trusted=trial.trusted)
    assert said(await report(checking, doc, trial.source), trial.text) == trial.said
    if trial.change:
        changed = {(place.root / name).as_uri(): text for name, text in trial.change.items()}
        assert said(await report(checking, doc, trial.source, **changed), trial.text) == trial.then
    assert tree(place.root) == before, "something was written beside the sources"
    assert place.scratch() == []


async def test_a_new_file(place: Place, trial: Trial) -> None:
    """One that a feature proposes, in a folder that is not there."""
    if trial.language not in ("python", "typescript") or "refers" in trial.name:
        pytest.skip("of these languages, and projects that take in every file, it is enough")
    path = place.root / "new/folder" / Path(trial.file).name
    doc = document(path, trial.text.replace("./b", "../../src/b"), trial.language)
    found = await report(place.checking(trusted=trial.trusted), doc, trial.source)
    # The neighbour imports the file that is on disk, so that the rest of what is said is another.
    assert said(found, doc.text)[0] == trial.said[0]
    assert not (place.root / "new").exists()


async def test_mypy_tells_texts_of_one_length_and_second_apart(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fix of two letters that changed places is as long, and its overlay is as old as that of the text before."""
    monkeypatch.setenv("PATH", os.pathsep.join([CALLERS, str(BESIDE)]))
    if shutil.which("mypy") is None:
        pytest.skip("mypy is not on PATH.")
    write(place.root, {"a.py": ""})
    checking = place.checking()
    texts = [f"width = 1\nprint({name})\n" for name in ("widht", "width", "wdith")]
    reports = await asyncio.gather(*(report(checking, document(place.root / "a.py", text), "mypy") for text in texts))
    found = [said(it, text) for it, text in zip(reports, texts, strict=True)]
    assert found == [[("name-defined", "widht")], [], [("name-defined", "wdith")]]
