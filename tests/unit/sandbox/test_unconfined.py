"""Without a sandbox the time, the output and the process group still have an end."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from understudy.sandbox.command import Command, Limit, Limits
from understudy.sandbox.unconfined import run_unconfined


def command(code: str, folder: Path, limits: Limits = Limits()) -> Command:  # noqa: B008 (frozen)
    return Command((sys.executable, "-I", "-c", code), folder=folder, limits=limits)


async def test_a_program_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNDERSTUDY_CANARY_KEY", "canary")
    code = "import os, sys; print(os.getcwd(), 'UNDERSTUDY_CANARY_KEY' in os.environ); sys.exit(4)"
    result = await run_unconfined(command(code, tmp_path))
    assert (result.status, result.limit) == (4, None)
    assert result.output == f"{tmp_path} False\n"


async def test_time_and_output(tmp_path: Path) -> None:
    flood = command("while True: print('y' * 1000)", tmp_path, Limits(seconds=0.5, output=500))
    result = await run_unconfined(flood)
    assert (result.status, result.limit) == (None, Limit.TIME)
    assert len(result.output) < 600


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups")
async def test_a_child_ends_with_it(tmp_path: Path) -> None:
    code = "import subprocess; subprocess.Popen(['sleep', '60'])"
    result = await run_unconfined(command(code, tmp_path))
    assert (result.status, result.limit) == (0, None)
    assert result.seconds < 5, "the child held the output open"
