"""Processes: groups, signals, start times, memory. The one place of the engine that is bound to a platform.

Linux is read from /proc; other POSIX systems are asked through `ps`; Windows through `taskkill`.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

WINDOWS = sys.platform == "win32"
PR_SET_PDEATHSIG = 1  # prctl(2)


@dataclass(frozen=True, slots=True)
class Identity:
    """A process that cannot be mistaken for a later one with the same `pid`: `started` is opaque."""

    pid: int
    started: str


def identify(pid: int) -> Identity | None:
    """Who runs as `pid` now; None if nobody does (a zombie is nobody)."""
    started = _linux_start(pid) if sys.platform == "linux" else _asked_start(pid)
    return None if started is None else Identity(pid, started)


def alive(process: Identity) -> bool:
    """Whether this very process still runs."""
    return identify(process.pid) == process


def group_options() -> dict[str, Any]:
    """What `subprocess` must be told so that a child leads a group of its own, away from the terminal's Ctrl-C."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}


def start(
    command: Sequence[str], environment: Mapping[str, str], *, stdin: int, output: int | IO[Any]
) -> subprocess.Popen[bytes]:
    """Start `command` as the leader of a process group of its own."""
    # The folder is the root, so that a running engine never keeps a user's folder from being unmounted or removed.
    return subprocess.Popen(
        list(command),
        env=dict(environment),
        stdin=stdin,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=Path(sys.prefix).anchor,
        **group_options(),
    )


def start_detached(command: Sequence[str], environment: Mapping[str, str], *, text: str, output: IO[Any]) -> None:
    """Start `command`, which calls `detach` first, so that it outlives us and is never our child. `text`: its input."""
    child = start(command, environment, stdin=subprocess.PIPE, output=output)
    assert child.stdin is not None
    with child.stdin as stdin, contextlib.suppress(BrokenPipeError):
        stdin.write(text.encode())
    if WINDOWS:
        child.returncode = 0  # nothing waits for it, and Popen must not warn about that
    else:
        child.wait()


def detach() -> None:
    """Go on in a process that is nobody's child, so that it leaves no zombie in a server that started it."""
    if sys.platform != "win32" and os.fork():
        os._exit(0)


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent ends; only Linux can. For use in a child before exec."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def ask_to_end(pid: int) -> None:
    """Ask one process to end in order."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGTERM)


def ask_group_to_end(group: int) -> None:
    """Ask every process of a group to end in order; nothing on Windows, which knows no such signal."""
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGTERM)


def kill(pid: int) -> None:
    """End one process at once. No error if there is none."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)


def kill_group(group: int) -> None:
    """End every process of a group at once. No error if there is none."""
    if sys.platform == "win32":
        taskkill = str(Path(os.environ["SYSTEMROOT"], "System32", "taskkill.exe"))
        subprocess.run([taskkill, "/F", "/T", "/PID", str(group)], check=False, capture_output=True)
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def group_of(pid: int) -> int:
    """The process group of `pid`; on Windows a tree is killed by its root, so the pid itself."""
    return pid if sys.platform == "win32" else os.getpgid(pid)


def group_is_alive(group: int, besides: int = 0) -> bool:
    """Whether any process of the group, other than `besides`, still runs. Outside Linux `besides` counts as well."""
    if sys.platform == "linux":
        return any(
            fields[2] == str(group) and fields[0] not in "ZX" and pid != besides for pid, fields in _linux_processes()
        )
    if sys.platform == "win32":
        return identify(group) is not None
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for_group(group: int, seconds: float, besides: int = 0) -> bool:
    """Wait until no process of the group, other than `besides`, runs any more; False if some do after `seconds`."""
    end = time.monotonic() + seconds
    while group_is_alive(group, besides):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def group_memory(group: int) -> int | None:
    """Resident memory of a group in bytes, pages shared inside it counted each time; None where it is unknown."""
    if sys.platform != "linux":
        return None
    pages = 0
    for pid, fields in _linux_processes():
        if fields[2] == str(group):
            with contextlib.suppress(OSError, ValueError, IndexError):
                pages += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def group_members(group: int) -> set[int]:
    """The processes of a group; empty where that is unknown, outside Linux."""
    if sys.platform != "linux":
        return set()
    return {pid for pid, fields in _linux_processes() if fields[2] == str(group)}


def _linux_stat(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat from the third on (state, parent, group, ...), since the second may hold spaces."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return text.rpartition(")")[2].split()


def _linux_processes() -> Iterator[tuple[int, list[str]]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _linux_stat(int(entry.name))):
            yield int(entry.name), fields


def _linux_start(pid: int) -> str | None:
    """Field 22 of proc(5): the start in clock ticks since boot."""
    fields = _linux_stat(pid)
    return fields[19] if fields and fields[0] not in "ZX" else None


def _asked_start(pid: int) -> str | None:
    if sys.platform == "win32":
        return _windows_start(pid)
    answer = subprocess.run(["/bin/ps", "-o", "stat=,lstart=", "-p", str(pid)], check=False, capture_output=True)
    state, _, started = answer.stdout.decode().strip().partition(" ")
    return started.strip() if started and not state.startswith("Z") else None


def _windows_start(pid: int) -> str | None:
    """Creation time from the process handle."""
    if sys.platform != "win32":
        return None
    import ctypes
    from ctypes import wintypes

    query_limited_information, still_active = 0x1000, 259
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel.OpenProcess.restype = wintypes.HANDLE
    handle = kernel.OpenProcess(query_limited_information, False, pid)  # noqa: FBT003  (the Win32 signature)
    if not handle:
        return None
    try:
        code = wintypes.DWORD()
        kernel.GetExitCodeProcess(wintypes.HANDLE(handle), ctypes.byref(code))
        times = [wintypes.FILETIME() for _ in range(4)]
        kernel.GetProcessTimes(wintypes.HANDLE(handle), *(ctypes.byref(time) for time in times))
    finally:
        kernel.CloseHandle(wintypes.HANDLE(handle))
    return f"{times[0].dwHighDateTime}.{times[0].dwLowDateTime}" if code.value == still_active else None
