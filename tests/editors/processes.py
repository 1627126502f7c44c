"""The processes of a program under test: all that it started, whether they run, and their end."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

LOOK_EVERY = 0.02


def descendants(pid: int) -> list[int]:
    """A process and all that it started, directly or not."""
    found = [pid]
    for each in found:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{each}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
    return found


def end_all(family: Sequence[int], *, patience: float = 5.0) -> None:
    """Give processes a moment to end of themselves, then kill them; they are gone afterwards."""
    _wait_for_the_end(family, patience)
    for pid in filter(runs, family):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    _wait_for_the_end(family, patience)


def _wait_for_the_end(family: Sequence[int], patience: float) -> None:
    end = time.monotonic() + patience
    while any(map(runs, family)) and time.monotonic() < end:
        time.sleep(LOOK_EVERY)


def runs(pid: int) -> bool:
    """Whether the process is there and has not ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def words(pid: int) -> list[str]:
    """The words with which a process was started; none if it has ended."""
    with contextlib.suppress(OSError):
        said = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").rstrip("\0")
        return said.split("\0") if said else []
    return []
