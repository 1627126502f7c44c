from __future__ import annotations

import stat
import threading
import time
from pathlib import Path

from understudy.engine import log_file


def test_rotates_and_reads_over_the_rotation(tmp_path: Path) -> None:
    path = tmp_path / "engine.log"
    for number in range(10):
        log_file.append(path, f"line {number}\n", limit=40)
    assert path.stat().st_size <= 40
    assert log_file.last_lines(path, 7) == [f"line {number}" for number in range(3, 10)]
    assert log_file.last_lines(path, 0) == []
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_follows_over_a_rotation(tmp_path: Path) -> None:
    path = tmp_path / "engine.log"
    log_file.append(path, "old\nlast\n")
    seen: list[str] = []
    going = threading.Event()
    going.set()

    def read() -> None:
        seen.extend(log_file.follow(path, 1, going.is_set))

    reader = threading.Thread(target=read)
    reader.start()
    time.sleep(0.4)
    log_file.append(path, "new ü\n")
    time.sleep(0.6)
    log_file.append(path, "after\n", limit=20)
    time.sleep(0.6)
    going.clear()
    reader.join()
    assert seen == ["last", "new ü", "after"]


def test_no_log_has_no_lines(tmp_path: Path) -> None:
    assert log_file.last_lines(tmp_path / "none", 5) == []
