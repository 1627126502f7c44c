"""The supervisor, its keeper and its leash, with real processes and a stand-in for vLLM."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from understudy.core.errors import EngineUnavailable, StartFailed
from understudy.core.lock import is_locked
from understudy.engine import process, supervisor
from understudy.engine.order import Order
from understudy.engine.state import EngineFolder, Status, read_status, register, users
from unit.engine.conftest import QUICK, order_of, wait_for, wait_for_phase

LONG = replace(QUICK, idle=600.0)


def started(folder: EngineFolder, order: Order | None = None) -> Status:
    supervisor.adopt_or_start(folder, "fake", lambda: order or order_of(folder, pace=LONG))
    return wait_for_phase(folder, "ready")


def gone(status: Status, seconds: float = 20.0) -> bool:
    assert status.pid
    return process.wait_for_group(status.pid, seconds)


def ask(status: Status, path: str, key: str | None) -> int:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    request = urllib.request.Request(status.url.removesuffix("/v1") + path, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def next_settled(folder: EngineFolder, before: Status) -> Status:
    return wait_for(folder, lambda now: now.phase == "failed" or (now.phase == "ready" and now.pid != before.pid))


def no_order() -> Order:
    raise AssertionError("an engine runs, so none is to be started")


def a_user(folder: EngineFolder, *, seconds: float = 600.0) -> subprocess.Popen[bytes]:
    """Another process that uses the engine."""
    code = (
        "import sys, time; from pathlib import Path; from understudy.engine.state import EngineFolder, register;"
        "lock = register(EngineFolder(Path(sys.argv[1])), 'test'); print('registered', flush=True);"
        f"time.sleep({seconds})"
    )
    user = subprocess.Popen([sys.executable, "-c", code, str(folder.root)], stdout=subprocess.PIPE)
    assert user.stdout
    with user.stdout as output:
        assert output.readline() == b"registered\n"
    return user


def end(user: subprocess.Popen[bytes]) -> None:
    user.kill()
    user.wait()


def test_starts_and_is_adopted_and_stops(folder: EngineFolder) -> None:
    status = started(folder)
    supervisor.adopt_or_start(folder, "fake", no_order)
    assert read_status(folder) == status
    assert supervisor.stop(folder)
    assert gone(status, 0)
    assert wait_for_phase(folder, "stopped").pid is None
    assert not supervisor.stop(folder)


def test_is_started_once_when_many_ask_at_the_same_time(folder: EngineFolder) -> None:
    calls: list[int] = []

    def order() -> Order:
        calls.append(1)
        return order_of(folder, pace=LONG)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: supervisor.adopt_or_start(folder, "fake", order), range(8)))
    assert len(calls) == 1


def test_key_is_private_and_asked_for(folder: EngineFolder) -> None:
    status = started(folder)
    assert stat.S_IMODE(folder.key.stat().st_mode) == 0o600
    assert ask(status, "/v1/models", None) == 401
    assert ask(status, "/v1/models", folder.key.read_text()) == 200


def test_stops_when_the_last_user_was_killed(folder: EngineFolder) -> None:
    first, second = a_user(folder), a_user(folder)
    status = started(folder, order_of(folder))
    end(first)
    time.sleep(QUICK.idle * 1.5)
    assert not gone(status, 0), "one user is left"
    assert [user.pid for user in users(folder)] == [second.pid]
    end(second)
    assert gone(status, QUICK.idle + 20)
    assert "nobody" in wait_for_phase(folder, "stopped").message


def test_stops_when_its_user_is_killed_while_it_starts(folder: EngineFolder) -> None:
    user = a_user(folder)
    supervisor.adopt_or_start(folder, "fake", lambda: order_of(folder, "slow", pace=replace(QUICK, ready=600)))
    status = wait_for(folder, lambda status: status.pid is not None)
    end(user)
    assert gone(status, QUICK.idle + 20)


def test_is_started_again_after_a_crash_at_the_same_port(folder: EngineFolder) -> None:
    status = started(folder)
    assert status.pid
    server = next(pid for pid in group_members(status.pid) if pid != status.pid)
    os.kill(server, signal.SIGKILL)
    again = wait_for(folder, lambda now: now.phase == "ready" and now.pid != status.pid)
    assert gone(status), "what the crashed server left behind is ended"
    assert (again.url, again.restarts) == (status.url, 1)


def test_is_started_again_when_its_leash_is_killed(folder: EngineFolder) -> None:
    status = started(folder)
    assert status.pid
    os.kill(status.pid, signal.SIGKILL)
    wait_for(folder, lambda now: now.phase == "ready" and now.pid != status.pid)
    assert gone(status)


def test_gives_up_after_repeated_crashes(folder: EngineFolder) -> None:
    status = started(folder)
    for _ in range(QUICK.crashes):
        assert status.pid
        process.kill_group(status.pid)
        status = next_settled(folder, status)
    assert status.phase == "failed"
    assert status.problem
    assert "understudy engine logs" in status.remedy


def test_ends_the_engine_when_the_keeper_is_killed(folder: EngineFolder) -> None:
    status = started(folder)
    assert status.keeper
    os.kill(status.keeper, signal.SIGKILL)
    assert gone(status, 10)
    now = read_status(folder)
    assert now
    assert now.phase == "stopped"


def test_ends_an_engine_that_ignores_being_asked(folder: EngineFolder) -> None:
    status = started(folder, order_of(folder, "deaf", pace=LONG))
    assert supervisor.stop(folder)
    assert gone(status, 0)


def test_a_keeper_that_hangs_is_killed_and_its_engine_has_ended_when_stop_returns(folder: EngineFolder) -> None:
    status = started(folder, order_of(folder, "deaf", pace=LONG))
    assert status.keeper
    os.kill(status.keeper, signal.SIGSTOP)
    assert supervisor.stop(folder, patience=0.5)
    assert gone(status, 0)
    assert process.identify(status.keeper) is None


def test_a_known_failure_is_told_and_not_tried_again(folder: EngineFolder) -> None:
    supervisor.adopt_or_start(folder, "fake", lambda: order_of(folder, "oom", pace=LONG))
    status = wait_for_phase(folder, "failed")
    assert status.restarts == 0
    assert "GPU" in status.problem
    with pytest.raises(StartFailed, match="GPU"):
        supervisor.adopt_or_start(folder, "fake", no_order, began=status.since - 1)
    supervisor.adopt_or_start(folder, "fake", lambda: order_of(folder, pace=LONG), began=status.since + 1)
    wait_for_phase(folder, "ready")


def test_what_was_stopped_by_hand_is_not_started_behind_the_users_back(folder: EngineFolder) -> None:
    began = time.time()
    started(folder)
    supervisor.stop(folder)
    with pytest.raises(EngineUnavailable, match="was stopped"):
        supervisor.adopt_or_start(folder, "fake", no_order, began=began)
    supervisor.adopt_or_start(folder, "fake", lambda: order_of(folder, pace=LONG), began=time.time())
    wait_for_phase(folder, "ready")


def test_what_stopped_unused_is_started_when_it_is_wanted_again(folder: EngineFolder) -> None:
    began = time.time()
    with register(folder, "test"):
        started(folder, order_of(folder))
    wait_for_phase(folder, "stopped")
    supervisor.adopt_or_start(folder, "fake", lambda: order_of(folder, pace=LONG), began=began)
    wait_for_phase(folder, "ready")


def test_an_unknown_failure_is_told_in_the_engine_s_words(folder: EngineFolder) -> None:
    supervisor.adopt_or_start(folder, "fake", lambda: order_of(folder, "crash", pace=LONG))
    status = wait_for_phase(folder, "failed")
    assert "Engine core initialization failed" in status.problem
    assert status.restarts == QUICK.early_crashes - 1


def test_an_engine_that_is_never_ready_is_given_up(folder: EngineFolder) -> None:
    pace = replace(LONG, ready=0.5)
    supervisor.adopt_or_start(folder, "fake", lambda: order_of(folder, "slow", pace=pace))
    assert "not ready" in wait_for_phase(folder, "failed").problem


def test_another_model_replaces_an_unused_engine_only(folder: EngineFolder) -> None:
    first = started(folder)
    with register(folder, "test"):
        supervisor.adopt_or_start(folder, "other", lambda: order_of(folder, model="other", pace=LONG))
        second = wait_for(folder, lambda now: now.phase == "ready" and now.model == "other")
    assert gone(first, 0)
    user = a_user(folder)
    with pytest.raises(StartFailed, match="1 other"):
        supervisor.adopt_or_start(folder, "third", no_order)
    supervisor.adopt_or_start(folder, None, no_order)
    assert read_status(folder) == second
    end(user)


def test_a_state_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "engine").write_text("a file where a folder should be")
    with pytest.raises(StartFailed, match="cannot be used"):
        supervisor.adopt_or_start(EngineFolder(tmp_path / "engine" / "x"), "fake", no_order)


def test_goes_on_where_its_status_cannot_be_written_and_says_it_later(folder: EngineFolder) -> None:
    """As on a full disk: a folder in the place of the file refuses every write, whoever tries."""
    status = started(folder)
    folder.status.unlink()
    folder.status.mkdir()
    port = status.url.removesuffix("/v1")
    assert status.pid
    process.kill_group(status.pid)
    end = time.monotonic() + 60
    while not healthy(port):
        assert time.monotonic() < end, (folder.root / "keeper.log").read_text()
        time.sleep(0.05)
    assert is_locked(folder.keeper)
    folder.status.rmdir()
    again = wait_for_phase(folder, "ready")
    assert (again.url, again.keeper, again.restarts) == (status.url, status.keeper, 1)
    assert [path.name for path in folder.root.glob(".status*")] == []


def healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def group_members(group: int) -> list[int]:
    answer = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[2] == str(group):
                answer.append(int(entry.name))
    return sorted(answer)
