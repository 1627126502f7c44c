"""What a process and all its descendants take together, as proc(5) says it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from understudy.sandbox.command import Limit, Limits


@dataclass(frozen=True, slots=True)
class Process:
    """A line of /proc/PID/stat: seconds of processor time, those of ended children among them; resident bytes."""

    parent: int
    threads: int
    cpu_seconds: float
    resident: int


def exceeded(root: int, limits: Limits, *, itself: bool = False) -> Limit | None:
    """The first limit that the descendants of the process `root` are over, if any; with `itself` it counts as well."""
    running = processes()
    below = descendants(root, running)
    if itself and root in running:
        below[root] = running[root]
    if sum(each.threads for each in below.values()) >= max(2, limits.processes):
        return Limit.PROCESSES
    if sum(each.cpu_seconds for each in below.values()) > limits.cpu_seconds:
        return Limit.CPU
    resident = sum(each.resident for each in below.values())
    # Pages that processes share count for each of them; only where that is too much it is worth looking closer.
    if resident > limits.memory and sum(_own(pid, each.resident) for pid, each in below.items()) > limits.memory:
        return Limit.MEMORY
    return None


def threads() -> int:
    """How many threads there are on the whole machine: one short line, where `processes` reads one for each."""
    return int(Path("/proc/loadavg").read_text().split()[3].partition("/")[2])


def processes() -> dict[int, Process]:
    """Every process that runs, by its id."""
    ticks, page = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
    found = {}
    for name in os.listdir("/proc"):  # noqa: PTH208 (some times a second; Path would take three times as long)
        if not name.isdigit():
            continue
        try:
            text = Path(f"/proc/{name}/stat").read_text()
        except OSError:
            continue
        # From the third field on: the second, the program's name, may hold spaces and brackets.
        fields = text.rpartition(")")[2].split()
        cpu = sum(int(field) for field in fields[11:15]) / ticks
        found[int(name)] = Process(int(fields[1]), int(fields[17]), cpu, int(fields[21]) * page)
    return found


def descendants(root: int, running: Mapping[int, Process]) -> dict[int, Process]:
    """Those of `running` that come from `root`, without itself."""
    children: dict[int, list[int]] = {}
    for pid, process in running.items():
        children.setdefault(process.parent, []).append(pid)
    found: dict[int, Process] = {}
    left = list(children.get(root, ()))
    while left:
        pid = left.pop()
        found[pid] = running[pid]
        left += children.get(pid, ())
    return found


def _own(pid: int, resident: int) -> int:
    """Resident bytes with shared pages divided among those who share them; `resident` where that is not told."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except PermissionError:
        return resident
    except OSError:
        return 0  # it has ended meanwhile
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
