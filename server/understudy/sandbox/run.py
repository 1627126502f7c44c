"""Runs a command in the sandbox, watches what it takes, and leaves none of its processes behind.

bubblewrap waits on a pipe before the program begins. By then process 1 of the new PID namespace is known: limits are
set on it from here with prlimit(2), which the program inherits, so that nothing has to run inside for that; and a pidfd
is held on it. Its end is the end of every process in the namespace, wherever they went.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from dataclasses import dataclass
from time import monotonic

from understudy.core.errors import UnderstudyError
from understudy.sandbox.arguments import Descriptors, Sandbox, arguments, environment
from understudy.sandbox.command import Command, Limit, Limits, Result
from understudy.sandbox.kernel_limits import restrict, which_limit
from understudy.sandbox.pipes import Kept, collect, feed
from understudy.sandbox.seccomp import one_process
from understudy.sandbox.tree import exceeded, threads

WATCH_SECONDS = 0.05
GLANCE_SECONDS = 0.01
FIRST = -20  # on the scale of nice(1)
END_SECONDS = 30.0


class SandboxFailed(UnderstudyError):
    """A command did not begin: a folder that was to be bound is gone, or there is no such program in the sandbox."""


@dataclass(frozen=True, slots=True)
class _Inside:
    """A sandbox that is set up and waits. `leader`: process 1 of its PID namespace, by our count; `handle`: a pidfd on
    it, or None where the set-up failed; `reading`: the task that keeps the output."""

    process: Process
    leader: int
    handle: int | None
    reading: asyncio.Task[None]


async def run(sandbox: Sandbox, command: Command) -> Result:
    """Run a command to its end or to the first limit. When this returns or raises, cancelled or not, all its processes
    are gone. Raises `SandboxFailed`."""
    began = monotonic()
    kept = Kept(command.limits.output)
    status_end, status_in = os.pipe()
    os.set_blocking(status_end, False)
    try:
        limit = await _run(sandbox, command, kept, status_end, status_in)
        said = _status(status_end)
    finally:
        os.close(status_end)
    if limit is None and "exit-code" not in said:
        raise _failed(kept)
    status = None if limit else said["exit-code"]
    limit = limit or which_limit(status)
    return Result(None if limit else status, kept.text(), monotonic() - began, limit, kept.dropped)


async def _run(sandbox: Sandbox, command: Command, kept: Kept, status_end: int, status_in: int) -> Limit | None:
    """Run it, and say which limit of ours ended it."""
    block_in, release = os.pipe()
    setting_up = asyncio.create_task(_set_up(sandbox, command, kept, (block_in, status_in, status_end)))
    try:
        async with asyncio.timeout(command.limits.seconds):
            inside = await asyncio.shield(setting_up)
            return None if inside.handle is None else await _follow(inside, command, release)
    except TimeoutError:
        return Limit.TIME
    finally:
        # Once begun, the set-up is waited for: a bubblewrap that is killed half-way may leave a child behind.
        try:
            await asyncio.shield(_clear(setting_up))
        finally:
            os.close(release)


async def _set_up(sandbox: Sandbox, command: Command, kept: Kept, pipes: tuple[int, int, int]) -> _Inside:
    """Start bubblewrap and wait until the program could begin."""
    block_in, status_in, status_end = pipes
    given = Descriptors(block_in, status_in, _filter(command.limits))
    passed = tuple(each for each in (given.block, given.status, given.seccomp) if each is not None)
    try:
        process = await asyncio.create_subprocess_exec(
            *arguments(sandbox, command, given),
            stdin=PIPE if command.stdin else DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            env=environment(command),
            cwd="/",
            pass_fds=passed,
            # Ctrl-C at the terminal is for us; to the sandbox it would be a program that failed.
            start_new_session=True,
        )
    finally:
        for each in passed:
            os.close(each)
    assert process.stdout is not None
    reading = asyncio.create_task(collect(process.stdout, kept))
    leader = await _leader(status_end)
    handle: int | None = None
    if sys.platform == "linux" and leader:
        with contextlib.suppress(ProcessLookupError):
            handle = os.pidfd_open(leader)
    return _Inside(process, leader, handle, reading)


async def _follow(inside: _Inside, command: Command, release: int) -> Limit | None:
    """Let the program begin, and wait until it ends or is over a limit."""
    # A set-up that fails late has ended by now; what bubblewrap wrote down will say so.
    with contextlib.suppress(ProcessLookupError, BrokenPipeError):
        restrict(inside.leader, command.limits)
        os.write(release, b"1")
    feeding = asyncio.create_task(feed(inside.process, command.stdin))
    ending = asyncio.create_task(inside.process.wait())
    watching = asyncio.create_task(_watch(inside.leader, command.limits))
    try:
        await asyncio.wait({ending, watching}, return_when=asyncio.FIRST_COMPLETED)
        return watching.result() if watching.done() else None
    finally:
        for task in (feeding, ending, watching):
            task.cancel()


async def _watch(leader: int, limits: Limits) -> Limit:
    """Wait until the tree is over a limit.

    Who forks without end has a thousand processes within the time between two looks, and nobody else a turn: so it is
    looked at more often whether the machine has got many more threads.
    """
    loop = asyncio.get_running_loop()
    known, looked = threads(), loop.time()
    while True:
        await asyncio.sleep(GLANCE_SECONDS)
        if loop.time() - looked < WATCH_SECONDS and threads() - known < limits.processes:
            continue
        if (limit := exceeded(leader, limits)) is not None:
            return limit
        known, looked = threads(), loop.time()


async def _clear(setting_up: asyncio.Task[_Inside]) -> None:
    """End everything in the namespace and wait until it is empty: the kernel lets process 1 end after all the others.
    Then nobody is left who could write, and the output has an end."""
    await asyncio.wait({setting_up}, timeout=END_SECONDS)
    if not setting_up.done():
        setting_up.cancel()
        return
    inside = setting_up.result()
    try:
        async with asyncio.timeout(END_SECONDS):
            if inside.handle is not None:
                _kill(inside.leader, inside.handle)
                await _readable(inside.handle)
            await inside.process.wait()
            await inside.reading
    except TimeoutError:
        # A process that hangs in the kernel, on a dead network drive say, ends when the kernel lets it.
        inside.process.kill()
        inside.reading.cancel()
    finally:
        if inside.handle is not None:
            os.close(inside.handle)


def _failed(kept: Kept) -> SandboxFailed:
    return SandboxFailed(
        "A command could not be started in the sandbox.", f"bubblewrap said: {kept.text().strip() or 'nothing'}"
    )


def _filter(limits: Limits) -> int | None:
    """A descriptor with the filter of system calls, where the limits make one possible."""
    program = one_process() if limits.processes == 1 else None
    if program is None:
        return None
    reading, writing = os.pipe()
    os.write(writing, program)
    os.close(writing)
    return reading


def _kill(leader: int, handle: int) -> None:
    """End the namespace. Its process 1 is what ends the others, so it must get a turn before they do; only root may see
    to that, and only for root is there no limit on how many others there are."""
    if sys.platform == "linux":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.setpriority(os.PRIO_PROCESS, leader, FIRST)
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(handle, signal.SIGKILL)


async def _leader(status_end: int) -> int:
    """The process id that bubblewrap writes down first; 0 if it ended before."""
    data = b""
    while b"\n" not in data:
        await _readable(status_end)
        part = os.read(status_end, 4096)
        if not part:
            return 0
        data += part
    return int(json.loads(data.partition(b"\n")[0]).get("child-pid", 0))


def _status(status_end: int) -> dict[str, int]:
    """What bubblewrap wrote down last."""
    data = b""
    with contextlib.suppress(BlockingIOError):
        while part := os.read(status_end, 4096):
            data += part
    lines = data.decode(errors="replace").strip().splitlines()
    try:
        return dict(json.loads(lines[-1])) if lines else {}
    except ValueError:
        return {}


async def _readable(descriptor: int) -> None:
    """Wait until a read would not."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(descriptor, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(descriptor)
