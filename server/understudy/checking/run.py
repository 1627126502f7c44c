"""Runs a checker: no shell, its own process group, limits on everything, and nothing of it left when this returns."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import select
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from understudy.sandbox.command import MB, Limit, Limits
from understudy.sandbox.kernel_limits import restrict
from understudy.sandbox.pipes import Kept, collect, feed
from understudy.sandbox.tree import descendants, exceeded, processes, threads

WATCH_SECONDS = 0.1
GLANCE_SECONDS = 0.02
END_SECONDS = 5.0
# Larger than what `tsc` and `cargo check` take for a large project; they reserve much more address space than that.
MEMORY = 4096 * MB
OUTPUT = 8 * MB
# Threads count as well, of which Go and Node start some for each core.
PROCESSES = 512
# A name in the environment of all that a checker starts, by which it is found again when it has left its group.
MARK = "UNDERSTUDY_CHECK"


@dataclass(frozen=True, slots=True)
class Call:
    """A command: its words, of which the first is an absolute path, and where it runs. `document` is what the answer
    calls the document, `also` what it may call it besides. `environment` comes on top of `environment.allowed`."""

    words: tuple[str, ...]
    folder: Path
    document: Path
    stdin: str = ""
    also: tuple[Path, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Output:
    """What a command came to. `status` is None where `limit` ended it; `dropped` says how many bytes are missing."""

    status: int | None
    out: str
    err: str
    limit: Limit | None = None
    dropped: int = 0


def limits(seconds: float) -> Limits:
    """Those of a checker that may take so long."""
    return Limits(
        seconds=seconds,
        cpu_seconds=seconds * (os.cpu_count() or 1),
        memory=MEMORY,
        address_space=None,
        processes=PROCESSES,
        file_size=1024 * MB,
        output=OUTPUT,
    )


async def run(call: Call, environment: Mapping[str, str], allowed: Limits) -> Output:
    """Run a command to its end or to the first limit. When this returns or raises, cancelled or not, its processes are
    gone, on Linux also those that have left its group, by a mark in their environment. Raises `OSError`: it cannot be
    started."""
    out, err = Kept(allowed.output), Kept(allowed.output)
    mark = secrets.token_hex(16)
    process = await asyncio.create_subprocess_exec(
        *call.words,
        stdin=PIPE if call.stdin else DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        env={**environment, **call.environment, MARK: mark},
        cwd=call.folder,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    reading = asyncio.gather(collect(process.stdout, out), collect(process.stderr, err))
    feeding = asyncio.create_task(feed(process, call.stdin.encode("utf-8", "replace")))
    try:
        limit = await _follow(process, allowed)
    finally:
        feeding.cancel()
        await asyncio.shield(_clear(process, mark, reading))
    status = None if limit else process.returncode
    return Output(status, out.text(), err.text(), limit, out.dropped)


async def _follow(process: Process, allowed: Limits) -> Limit | None:
    """Wait until the command ends or is over a limit."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            restrict(process.pid, allowed, number=False)
    watching = asyncio.create_task(_watch(process, allowed))
    try:
        async with asyncio.timeout(allowed.seconds):
            return await watching
    except TimeoutError:
        return Limit.TIME
    finally:
        watching.cancel()


async def _watch(process: Process, allowed: Limits) -> Limit | None:
    """Wait until it ends, or its tree is over a limit. Who forks without end has a thousand processes within the time
    between two looks: so it is looked at more often whether the machine has got many more threads."""
    loop = asyncio.get_running_loop()
    linux = sys.platform == "linux"
    known, looked = threads() if linux else 0, loop.time()
    # `wait` would also wait for children that hold the output open, so the end is looked for too.
    while process.returncode is None:
        await asyncio.sleep(GLANCE_SECONDS)
        if not linux or (loop.time() - looked < WATCH_SECONDS and threads() - known < allowed.processes):
            continue
        limit = await asyncio.to_thread(exceeded, process.pid, allowed, itself=True)
        if limit is not None and process.returncode is None:
            return limit
        known, looked = threads(), loop.time()
    return None


async def _clear(process: Process, mark: str, reading: asyncio.Future[tuple[None, None]]) -> None:
    """End the group, and what left it."""
    # Once it has been waited for, its number may be another's.
    root = process.pid if process.returncode is None else None
    if sys.platform == "linux":
        await asyncio.to_thread(_end_all, root, mark)
    if root is not None or sys.platform != "linux":
        _end_group(process)
    await process.wait()
    await asyncio.wait({reading}, timeout=END_SECONDS)
    reading.cancel()


def _end_group(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)


def _end_all(root: int | None, mark: str) -> None:
    """End everything that carries the mark or comes from `root`, until a look finds nothing more, and wait for its end.
    What runs is stopped first: a process that cannot run cannot start another meanwhile."""
    if sys.platform != "linux":
        return
    until = monotonic() + END_SECONDS
    handles: dict[int, int] = {}
    try:
        while found := _left(root, mark) - handles.keys():
            for pid in found:
                with contextlib.suppress(ProcessLookupError):
                    handles[pid] = os.pidfd_open(pid)
            for number in (signal.SIGSTOP, signal.SIGKILL):
                for pid in found & handles.keys():
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        signal.pidfd_send_signal(handles[pid], number)
            if monotonic() > until:
                break
        for handle in handles.values():
            ended = select.poll()
            ended.register(handle, select.POLLIN)
            ended.poll(max(0.0, until - monotonic()) * 1000)
    finally:
        for handle in handles.values():
            os.close(handle)


def _left(root: int | None, mark: str) -> set[int]:
    running = processes()
    marked = {pid for pid in running if _marked(pid, mark)}
    return marked if root is None or root not in running else {root, *descendants(root, running), *marked}


def _marked(pid: int, mark: str) -> bool:
    try:
        return f"{MARK}={mark}".encode() in Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return False
