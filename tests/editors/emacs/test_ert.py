"""The tests that are written in Emacs Lisp, one row for each."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Batch = Callable[..., subprocess.CompletedProcess[str]]
FILES = sorted(Path(__file__).parent.glob("*-tests.el"))
TESTS = [(file.name, name) for file in FILES for name in re.findall(r"^\(ert-deftest (\S+)", file.read_text(), re.M)]


@pytest.fixture(scope="module", name="said")
def fixture_said() -> dict[str, str]:
    """What Emacs said in the end of each file that was run so far."""
    return {}


@pytest.mark.parametrize(("file", "name"), TESTS)
def test_in_emacs(batch: Batch, said: dict[str, str], file: str, name: str) -> None:
    if file not in said:
        try:
            said[file] = batch("-l", file, "-f", "ert-run-tests-batch-and-exit").stdout
        except subprocess.TimeoutExpired as end:  # once is enough: the others would wait as long
            said[file] = f"{(end.stdout or b'').decode()}\nIt did not end within {end.timeout:g} s."
    result = re.search(rf"^ +(\w+) +\d+/\d+ +{re.escape(name)}\b.*$", said[file], re.M)
    if result is not None and result[1] == "skipped":
        pytest.skip(result[0].strip())
    assert result is not None, said[file]
    assert result[1] == "passed", said[file]
