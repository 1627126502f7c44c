"""What the tests in Emacs share: the program, and an environment that leaves the user's own files alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from programs import EDITORS, ROOT, program

HERE = Path(__file__).parent
PACKAGE = ROOT / "extension" / "editors" / "emacs"
FAKE_SERVER = ROOT / "tests" / "e2e" / "fake_server.py"
DEBIAN_LISP = EDITORS / "sid" / "usr" / "share" / "emacs" / "site-lisp" / "elpa-src"

Batch = Callable[..., subprocess.CompletedProcess[str]]


def environment(folder: Path) -> dict[str, str]:
    """The environment of an Emacs whose files are all in `folder`."""
    homes = {f"UNDERSTUDY_{name}_HOME": str(folder / name.lower()) for name in ("CONFIG", "DATA", "STATE")}
    tests = {"TEST_PYTHON": sys.executable, "TEST_FAKE_SERVER": str(FAKE_SERVER), "TEST_FOLDER": str(folder)}
    lsp_mode = os.environ.get("LSP_MODE_PATH") or os.pathsep.join(map(str, sorted(DEBIAN_LISP.glob("*"))))
    return {**os.environ, "HOME": str(folder), "LANG": "C.UTF-8", "LSP_MODE_PATH": lsp_mode, **homes, **tests}


@pytest.fixture(scope="session", name="emacs")
def fixture_emacs() -> Path:
    return program("emacs")


@pytest.fixture(scope="module", name="batch")
def fixture_batch(emacs: Path, tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """Runs Emacs without a screen; the result has what it said."""

    def batch(*arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
        folder = tmp_path_factory.mktemp("emacs")
        return subprocess.run(
            [emacs, "-Q", "--batch", "-L", PACKAGE, "-L", HERE, *arguments],
            env={**environment(folder), **variables},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=110,
            check=False,
        )

    return batch
