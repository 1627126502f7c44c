"""Runs a command without any sandbox, for a user who said so: its own process group, the time and the output limited.

It reads and writes whatever the user can, and a process that leaves the group outlives it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from time import monotonic

from understudy.sandbox.arguments import environment
from understudy.sandbox.command import Command, Limit, Result
from understudy.sandbox.kernel_limits import SIGNALLED, which_limit
from understudy.sandbox.pipes import Kept, collect, feed

# Without this variable no program starts on Windows.
NEEDED = {"SYSTEMROOT": r"C:\Windows"} if sys.platform == "win32" else {}
POLL_SECONDS = 0.02
END_SECONDS = 5.0


async def run_unconfined(command: Command) -> Result:
    """Run a command to its end or until its time is up. Its process group is gone then. Raises `OSError`: there is no
    such program or folder."""
    began = monotonic()
    kept = Kept(command.limits.output)
    process = await asyncio.create_subprocess_exec(
        *command.words,
        stdin=PIPE if command.stdin else DEVNULL,
        stdout=PIPE,
        stderr=STDOUT,
        env={**NEEDED, **environment(command)},
        cwd=command.folder,
        start_new_session=True,
    )
    assert process.stdout is not None
    reading = asyncio.create_task(collect(process.stdout, kept))
    feeding = asyncio.create_task(feed(process, command.stdin))
    limit = None
    try:
        async with asyncio.timeout(command.limits.seconds):
            # `wait` would also wait for children that hold the output open.
            while process.returncode is None:  # noqa: ASYNC110 (asyncio sets no event at that)
                await asyncio.sleep(POLL_SECONDS)
    except TimeoutError:
        limit = Limit.TIME
    finally:
        feeding.cancel()
        _end(process)
        await asyncio.shield(_gone(process, reading))
    code = process.returncode or 0
    status = SIGNALLED - code if code < 0 else code
    limit = limit or which_limit(status)
    return Result(None if limit else status, kept.text(), monotonic() - began, limit, kept.dropped)


def _end(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)


async def _gone(process: Process, reading: asyncio.Task[None]) -> None:
    await process.wait()
    # One that left the group may hold the pipe open for ever.
    await asyncio.wait({reading}, timeout=END_SECONDS)
    reading.cancel()
