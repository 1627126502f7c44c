"""What is built is whole: the wheel holds its data and runs where nothing of the checkout is."""

from __future__ import annotations

import os
import site
import subprocess
import sys
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from understudy import __version__


@pytest.fixture(name="wheel", scope="module")
def fixture_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = Path(__file__).resolve().parents[2]
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=root)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(name="python", scope="module")
def fixture_python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a fresh environment with the wheel. Its dependencies are lent by ours: none is fetched."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        str(wheel),
    )
    where = run(str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder)
    # A folder that a .pth names is put on the path, yet its own .pth files, as our editable install's, are not read.
    lent = "\n".join(site.getsitepackages())
    (Path(where) / "lent.pth").write_text(f"{lent}\n", encoding="utf-8")
    return python


def run(*command: str, cwd: Path | None = None) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    answer = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


def test_the_wheel_holds_the_queries_and_the_model(wheel: Path, root: Path) -> None:
    names = set(ZipFile(wheel).namelist())
    queries = {path.relative_to(root).as_posix() for path in root.glob("grammars/*/*.scm")}
    assert len(queries) > 15
    assert {f"understudy/{query}" for query in queries} <= names
    model = {f"understudy/bundled/model/{name}" for name in ("config.json", "tokenizer.json", "model.safetensors")}
    assert model <= names
    assert {"understudy/py.typed", "understudy/cli/demo/sample/inventory.py"} <= names


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in ZipFile(wheel).namelist()}
    assert tops == {"understudy", f"understudy-{__version__}.dist-info"}


def test_the_base_install_is_light(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        metadata = archive.read(f"understudy-{__version__}.dist-info/METADATA").decode("utf-8")
    needed = [line.split(": ", 1)[1] for line in metadata.splitlines() if line.startswith("Requires-Dist: ")]
    always = [each for each in needed if "extra ==" not in each]
    assert any(each.startswith("pygls") for each in always)
    assert not any(each.startswith(("torch", "vllm", "numpy", "tree-sitter-language-pack")) for each in always)


def test_the_installed_command_runs(python: Path, tmp_path: Path) -> None:
    assert run(str(python.with_name("understudy")), "--version", cwd=tmp_path) == f"understudy {__version__}"


def test_the_installed_package_finds_its_data(python: Path, tmp_path: Path) -> None:
    code = """
import understudy
from understudy.bundled import model_path
from understudy.context.syntax.grammar import grammar_for
from understudy.context.syntax.grammar_files import grammar_root
print(understudy.__file__, grammar_root(), model_path(), grammar_for("python").scope is not None, sep="\\n")
"""
    package, grammars, model, scope = run(str(python), "-c", code, cwd=tmp_path).splitlines()
    installed = python.parents[1]
    assert all(Path(found).is_relative_to(installed) for found in (package, grammars, model))
    assert (Path(model) / "model.safetensors").is_file()
    assert scope == "True"
