from __future__ import annotations

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from understudy.core.lock import acquire, holding, is_locked, try_lock

HOLD = (
    "import sys; from pathlib import Path; from understudy.core.lock import try_lock;"
    "lock = try_lock(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
)


def holder(path: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout
    assert process.stdout.readline() == b"held\n"
    return process


def test_is_held_once(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.lock"
    assert not is_locked(path)
    lock = try_lock(path)
    assert lock
    assert is_locked(path)
    assert try_lock(path) is None
    lock.release()
    lock.release()
    assert not is_locked(path)


def test_is_freed_by_kill(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with holder(path) as process:
        assert is_locked(path)
        process.kill()
        process.wait()
        lock = acquire(path, 1)
        assert lock
        lock.release()


def test_is_not_inherited_by_a_child(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    lock = try_lock(path)
    assert lock
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as child:
        lock.release()
        assert not is_locked(path)
        child.kill()


def test_waits_no_longer_than_told(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with holding(path, 1), pytest.raises(TimeoutError), holding(path, 0.05):
        pass


def test_excludes_while_its_file_is_removed_again_and_again(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    inside = threading.Semaphore(1)
    end = time.monotonic() + 1

    def take(_: int) -> int:
        taken = 0
        while time.monotonic() < end:
            if lock := try_lock(path):
                assert inside.acquire(blocking=False), "two hold the lock"
                time.sleep(0)
                inside.release()
                lock.release(remove=True)
                taken += 1
        return taken

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(8))) > 1


def test_says_who_holds_it(tmp_path: Path) -> None:
    lock = try_lock(tmp_path / "a.lock")
    assert lock
    with lock:
        lock.write("a long text")
        lock.write("short")
        assert lock.path.read_text() == "short"
