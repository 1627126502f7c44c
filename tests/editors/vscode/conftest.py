"""What the tests in VS Code share: the packaged extension."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Generator
from pathlib import Path

import pytest
from programs import ARTEFACTS, ROOT, program
from workbench import Workbench

from understudy import __version__


@pytest.fixture(name="vsix", scope="session")
def fixture_vsix() -> Path:
    """The extension as it is shipped, built from the sources as they are."""
    for name in ("code-server", "chromium", "node", "npm"):
        program(name)
    environment = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")}
    built = subprocess.run(
        ["make", "vsix"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=240
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return ROOT / "dist" / f"understudy-{__version__}.vsix"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails leaves a picture of what the user saw then."""
    report = yield
    code = getattr(item, "funcargs", {}).get("code")
    if report.failed and report.when == "call" and isinstance(code, Workbench):
        folder = ARTEFACTS / "vscode"
        folder.mkdir(parents=True, exist_ok=True)
        code.picture(folder / f"failed-{item.name}.png")
    return report
