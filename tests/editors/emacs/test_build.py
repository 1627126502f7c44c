"""The package compiles without a warning, its documentation follows Emacs' conventions, and it ends with Emacs."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from processes import runs
from programs import ROOT

PACKAGE = ROOT / "extension" / "editors" / "emacs"
FILES = sorted(file.name for file in PACKAGE.glob("*.el"))

Batch = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize("file", FILES)
def test_compiles_without_a_warning(batch: Batch, tmp_path: Path, file: str) -> None:
    shutil.copytree(PACKAGE, tmp_path, dirs_exist_ok=True)
    ran = batch(
        *("-L", tmp_path, "--eval", "(setq byte-compile-error-on-warn t)"),
        *("-f", "batch-byte-compile", tmp_path / file),
    )
    assert ran.returncode == 0, ran.stdout
    assert ran.stdout == ""


@pytest.mark.parametrize("file", FILES)
def test_documentation_follows_the_conventions(batch: Batch, file: str) -> None:
    ran = batch("--eval", f'(checkdoc-file "{PACKAGE / file}")')
    assert ran.stdout == ""


@pytest.mark.parametrize("file", FILES)
def test_every_name_has_the_package_s_prefix(file: str) -> None:
    names = re.findall(r"^\((?:cl-)?def(?!ine-obs|method)\S* '?\(?([^\s()]+)\s", (PACKAGE / file).read_text(), re.M)
    assert names
    assert [name for name in names if not name.startswith("understudy")] == []


@pytest.mark.parametrize("end", ["(kill-emacs 0)", "(signal-process (emacs-pid) 'kill)"])
def test_no_server_outlives_emacs(batch: Batch, tmp_path: Path, end: str) -> None:
    file = tmp_path / "a.py"
    ran = batch(
        *("-l", "support", "--eval", "(tests-serve 'fake)", "--visit", file),
        *("--eval", "(progn (understudy-mode) (tests-until (tests-ready-p)))"),
        *("--eval", '(progn (message "pid %d" (process-id (car (tests-processes)))) (sit-for 0.1))'),
        *("--eval", end),
    )
    found = re.search(r"^pid (\d+)$", ran.stdout, re.M)
    assert found is not None, ran.stdout
    pid = int(found[1])
    end = time.monotonic() + 8
    while runs(pid) and time.monotonic() < end:
        time.sleep(0.05)
    assert not runs(pid)
