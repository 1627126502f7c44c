"""Whether there is a sandbox is found out by using it; what is missing is said with its remedy."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from confined import sandbox

from understudy.sandbox.arguments import Sandbox
from understudy.sandbox.find import NoSandbox, find_sandbox

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")


def program(folder: Path, script: str) -> str:
    """A PATH whose only `bwrap` is this shell script."""
    file = folder / "bwrap"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return str(folder)


def test_one_that_works() -> None:
    assert isinstance(sandbox(), Sandbox)


def test_none_installed(tmp_path: Path) -> None:
    found = find_sandbox(str(tmp_path))
    assert found == NoSandbox("bubblewrap is not installed.", "Install it, on Debian with apt-get install bubblewrap.")


@pytest.mark.parametrize(
    "complaint",
    [
        "bwrap: No permissions to create new namespace, likely because the kernel does not allow it",
        "bwrap: setting up uid map: Permission denied",
        "bwrap: Creating new namespace failed: Operation not permitted",
        "bwrap: Can't mount proc on /newroot/proc: Operation not permitted",
    ],
)
def test_installed_but_forbidden(tmp_path: Path, complaint: str) -> None:
    found = find_sandbox(program(tmp_path, f'echo "{complaint}" >&2; exit 1'))
    assert isinstance(found, NoSandbox)
    assert complaint.removeprefix("bwrap: ") in found.problem
    assert "Allow user namespaces" in found.remedy


def test_installed_but_too_old_for_anything(tmp_path: Path) -> None:
    found = find_sandbox(program(tmp_path, 'echo "bwrap: Unknown option --unshare-all" >&2; exit 1'))
    assert isinstance(found, NoSandbox)
    assert found.remedy == "Update bubblewrap to 0.8 or newer."


def test_an_older_one_is_used_as_far_as_it_goes(tmp_path: Path) -> None:
    """What distributions of 2022 ship knows neither --size nor --disable-userns; here, a gate before the real one."""
    real = sandbox().program
    gate = 'for it; do [ "$it" = --disable-userns ] && echo "bwrap: Unknown option $it" >&2 && exit 1; done'
    script = f'{gate}; exec {real} "$@"'
    found = find_sandbox(program(tmp_path, script))
    assert isinstance(found, Sandbox)
    assert not found.recent


def test_a_program_in_the_working_folder_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "exit 0")
    monkeypatch.chdir(tmp_path)
    assert isinstance(find_sandbox(".:"), NoSandbox)
