"""The contracts on imports hold, and they see what breaks them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts of the checkout, or of a copy of it, in `folder`."""
    program = Path(sys.executable).with_name("lint-imports")
    environment = {**os.environ, "PYTHONPATH": str(folder / "server")}
    return subprocess.run(
        [program, "--no-cache"], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_the_contracts_hold(root: Path) -> None:
    answer = lint(root)
    assert answer.returncode == 0, answer.stdout


@pytest.fixture(name="copy", scope="module")
def fixture_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout's Python, to be spoilt."""
    root = Path(__file__).resolve().parents[2]
    folder = tmp_path_factory.mktemp("copy")
    shutil.copy(root / "pyproject.toml", folder)
    package = root / "server" / "understudy"
    shutil.copytree(package, folder / "server" / "understudy", ignore=shutil.ignore_patterns("model", "__pycache__"))
    return folder


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("context/breach.py", "from understudy.engine import base", "Layers point down"),
        ("engine/breach.py", "from understudy.context import workspace", "Layers point down"),
        ("core/breach.py", "from understudy.features.completion import outcome", "Layers point down"),
        ("features/breach.py", "from understudy.lsp import services", "Layers point down"),
        ("utils/__init__.py", "", "Layers point down"),
        ("features/completion/breach.py", "from lsprotocol import types", "Only lsp speaks LSP"),
        ("engine/breach.py", "import pygls", "Only lsp speaks LSP"),
        ("features/completion/breach.py", "import httpx", "Only the client and the supervisor"),
        ("lsp/breach.py", "from understudy.engine import client", "Only the client and the supervisor"),
    ],
)
def test_a_breach_is_seen(copy: Path, module: str, line: str, contract: str) -> None:
    file = copy / "server" / "understudy" / module
    file.parent.mkdir(exist_ok=True)
    file.write_text(line + "\n")
    try:
        answer = lint(copy)
    finally:
        file.unlink()
        if module.startswith("utils/"):
            shutil.rmtree(file.parent)
    assert answer.returncode != 0
    broken = [text for text in answer.stdout.splitlines() if text.endswith("BROKEN")]
    # An exhaustive contract refuses an unplanned package before it looks at imports.
    assert any(text.startswith(contract) for text in broken) or "utils" in answer.stdout, answer.stdout
