"""The supervisor with a real vLLM. What can be shown with a stand-in is in `tests/unit/engine/test_supervisor.py`."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest

from e2e.vllm.conftest import RealEngine, ensure_installed, wait_until
from understudy.core.settings import EngineSettings
from understudy.engine import process, supervisor
from understudy.engine.local import LocalSource, order_for
from understudy.engine.order import Order, Pace
from understudy.engine.state import EngineFolder, Status, read_status

IDLE_SECONDS = 3.0
PACE = Pace(idle=IDLE_SECONDS, first_delay=0.2)
# Another program that uses the engine in the folder of its first argument, until it is killed.
USER = """
import sys, time
from pathlib import Path
from understudy.engine.state import EngineFolder, register
lock = register(EngineFolder(Path(sys.argv[1])), "test")
print("registered", flush=True)
time.sleep(3600)
"""
ADOPT = """
import asyncio, sys
from pathlib import Path
from understudy.core.settings import EngineSettings
from understudy.engine.local import LocalSource
from understudy.engine.state import EngineFolder, read_status
async def main():
    folder = EngineFolder(Path(sys.argv[1]))
    source = LocalSource(EngineSettings(), folder=folder)
    await source.ensure(lambda progress: None)
    print(read_status(folder).pid, read_status(folder).url)
    await source.aclose()
asyncio.run(main())
"""


def short_order(folder: EngineFolder) -> Order:
    return replace(order_for(EngineSettings(), folder), pace=PACE)


@pytest.fixture(name="folder")
def fixture_folder(tmp_path: Path) -> EngineFolder:
    ensure_installed()
    folder = EngineFolder(tmp_path / "engine")
    folder.root.mkdir()
    return folder


def user_of(folder: EngineFolder) -> subprocess.Popen[bytes]:
    user = subprocess.Popen([sys.executable, "-c", USER, str(folder.root)], stdout=subprocess.PIPE)
    assert user.stdout
    with user.stdout as output:
        assert output.readline() == b"registered\n"
    return user


def running(folder: EngineFolder) -> Status:
    status = read_status(folder)
    assert status
    assert status.pid
    return status


def members(group: int | None) -> list[int]:
    """Processes of a group, the leader first."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[2] == str(group) and fields[0] not in "ZX":
                found.append(int(entry.name))
    return sorted(found, key=lambda pid: (pid != group, pid))


def ask(engine: RealEngine, path: str, key: str | None, body: bytes | None = None) -> int:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
    request = urllib.request.Request(engine.base_url.removesuffix("/v1") + path, headers=headers, data=body)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_is_adopted_by_another_process(engine: RealEngine) -> None:
    status = running(engine.folder)
    other = subprocess.run(
        [sys.executable, "-c", ADOPT, str(engine.folder.root)], capture_output=True, text=True, check=True, timeout=60
    )
    assert other.stdout.split() == [str(status.pid), status.url]
    assert running(engine.folder) == status


async def test_is_adopted_through_a_source_at_once(engine: RealEngine) -> None:
    source = LocalSource(EngineSettings(), folder=engine.folder)
    assert source.current() is None, "not before it counts as a user"
    began = time.monotonic()
    found = await source.ensure(lambda progress: None)
    assert time.monotonic() - began < 2
    assert source.current() is found
    assert (await found.model()).id == engine.model
    await source.aclose()


def test_asks_for_its_key(engine: RealEngine) -> None:
    assert stat.S_IMODE(engine.folder.key.stat().st_mode) == 0o600
    body = f'{{"model": "{engine.model}", "prompt": "def f", "max_tokens": 1}}'.encode()
    for path, sent in [("/v1/models", None), ("/v1/completions", body), ("/invocations", body), ("/tokenize", body)]:
        assert ask(engine, path, None, sent) == 401, path
        assert ask(engine, path, "wrong", sent) == 401, path
        assert ask(engine, path, engine.key, sent) == 200, path
    assert engine.key not in engine.folder.log.read_text()
    arguments = b"".join(Path(f"/proc/{pid}/cmdline").read_bytes() for pid in members(running(engine.folder).pid))
    assert engine.key.encode() not in arguments


def test_listens_on_loopback_only(engine: RealEngine) -> None:
    inodes = {
        link.readlink().name.removeprefix("socket:[").removesuffix("]")
        for pid in members(running(engine.folder).pid)
        for link in Path(f"/proc/{pid}/fd").iterdir()
        if str(link.readlink()).startswith("socket:")
    }
    listening = "0A"  # TCP_LISTEN
    rows = [line.split() for kind in ("tcp", "tcp6") for line in Path(f"/proc/net/{kind}").read_text().splitlines()[1:]]
    addresses = {row[1].split(":")[0] for row in rows if row[3] == listening and row[9] in inodes}
    assert addresses == {"0100007F"}, "127.0.0.1 as the kernel writes it"


def test_its_start_was_shown_and_logged(engine: RealEngine) -> None:
    assert "Application startup complete" in engine.folder.log.read_text()
    percents = [progress.percent or 0 for progress in engine.start]
    assert percents == sorted(percents)
    assert len(set(percents)) >= 5


def test_is_started_again_after_a_crash_and_stops_once_all_users_were_killed(folder: EngineFolder) -> None:
    users = [user_of(folder), user_of(folder)]
    supervisor.adopt_or_start(folder, None, lambda: short_order(folder))
    try:
        first = wait_until(folder, "ready")
        before = members(first.pid)
        assert len(before) >= 4, "the leash, the server, the engine core, the worker"
        os.kill(before[1], signal.SIGKILL)
        wait_until(folder, "restarting", "starting")
        again = wait_until(folder, "ready")
        assert (again.restarts, again.url) == (1, first.url)
        assert members(first.pid) == []
        for user in users:
            user.kill()
        assert process.wait_for_group(again.pid or 0, IDLE_SECONDS + 40)
        assert wait_until(folder, "stopped").pid is None
        limit = time.monotonic() + 10
        while process.identify(again.keeper or 0):
            assert time.monotonic() < limit, "the keeper has not ended"
    finally:
        supervisor.stop(folder)
        for user in users:
            user.kill()
            user.wait()


def test_ends_when_its_keeper_is_killed_while_it_loads(folder: EngineFolder) -> None:
    user = user_of(folder)
    supervisor.adopt_or_start(folder, None, lambda: short_order(folder))
    try:
        wait_until(folder, "starting", check=lambda status: len(members(status.pid)) >= 4)
        status = running(folder)
        os.kill(status.keeper or 0, signal.SIGKILL)
        assert process.wait_for_group(status.pid or 0, 15)
    finally:
        supervisor.stop(folder)
        user.kill()
        user.wait()
