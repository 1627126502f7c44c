"""The index of a conversation: starts the process that reads the workspace's files, and tells what it has found."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from understudy.context.index.base import Index
from understudy.context.index.beside import Beside
from understudy.context.index.kept import database_of
from understudy.context.index.sqlite import SqliteIndex

log = logging.getLogger(__name__)

MOST_WORKERS = 8
"""More parse faster than one process can write."""
STARTS = 2
CLOSE_SECONDS = 2.0
LINE_BYTES = 1 << 20
ENDED = "The process that reads the workspace's files has ended twice, so that changes are no longer seen; the log \
says why. Restart the server."
COMMAND = (sys.executable, "-m", "understudy.context.index.indexer")


@dataclass(frozen=True, slots=True)
class Progress:
    """What is being done, with how many files of how many. It is done when these are equal.

    Where there is a `problem`, that is all it says: what keeps files from being read or known, and what to do about it,
    in sentences for the user. Each comes once.
    """

    message: str
    done: int
    total: int
    problem: str = ""


Report = Callable[[Progress], None]


class Indexing:
    """The files below `roots`, at most `max_files` of each, without what `ignore` and the folders' rules keep out.

    `folder` is where the databases are kept. `index` answers from what they hold at any time, and knows what is new
    as soon as `run` hears of it. `workers` is how many processes parse.
    """

    def __init__(
        self,
        roots: Sequence[Path],
        folder: Path,
        *,
        ignore: Sequence[str] = (),
        max_files: int = 50_000,
        workers: int | None = None,
        command: Sequence[str] = COMMAND,
    ) -> None:
        self._roots = outermost(roots)
        self._indexes = {
            str(root): SqliteIndex(database_of(root, folder), partial(self._damaged, str(root))) for root in self._roots
        }
        own = tuple(self._indexes.values())
        self.index: Index = own[0] if len(own) == 1 else Beside(own)
        self.parsed = 0
        self._command = command
        self._job = {
            "roots": [str(root) for root in self._roots],
            "folder": str(folder),
            "ignore": list(ignore),
            "most": max_files,
            "workers": workers or min(MOST_WORKERS, useful_cores()),
        }
        self._process: asyncio.subprocess.Process | None = None
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._asked = 0
        self._over = False
        self._loop: asyncio.AbstractEventLoop | None = None

    async def run(self, report: Report) -> None:
        """Read the files and follow their changes, until it is cancelled. A process that dies is started once more."""
        self._over, self._loop = False, asyncio.get_running_loop()
        try:
            for _ in range(STARTS):
                await self._attend(report)
                log.warning("The process that reads the workspace's files has ended.")
            report(Progress("", 1, 1))
            report(Progress("", 0, 0, ENDED))
        finally:
            self._over = True
            for future in self._waiting.values():
                _resolve(future)
            await self._stop()

    def touched(self, paths: Iterable[Path]) -> None:
        """Files were saved, made, changed or deleted."""
        if some := [str(path) for path in paths]:
            self._send({"touched": some})

    def rescan(self) -> None:
        """Files may have changed: look at them all."""
        self._send({"rescan": True})

    async def settled(self) -> None:
        """Wait until everything that was to be done so far is done and `index` knows it. That needs `run`, which may
        begin later; when it has ended there is nothing to wait for."""
        if self._over:
            return
        self._asked += 1
        number = self._asked
        future = self._waiting[number] = asyncio.get_running_loop().create_future()
        self._send({"settle": number})
        try:
            await future
        finally:
            self._waiting.pop(number, None)

    async def aclose(self) -> None:
        """End the process. What was written stays."""
        await self._stop()
        for index in self._indexes.values():
            index.close()

    async def _attend(self, report: Report) -> None:
        """Start the process, and listen to it until it ends."""
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=LINE_BYTES,
            # Ctrl-C in a terminal is for whoever started it: it ends with its input, and quietly.
            start_new_session=True,
        )
        self._process = process
        assert process.stdout is not None
        self._send(self._job)
        for number in self._waiting:
            self._send({"settle": number})
        async for line in process.stdout:
            self._heard(json.loads(line), report)
        await process.wait()
        self._process = None

    def _heard(self, said: Mapping[str, Any], report: Report) -> None:
        match said:
            case {"progress": [message, done, total]}:
                report(Progress(message, done, total))
            case {"changed": root}:
                self._indexes[root].changed()
            case {"open": root, "file": file}:
                self._indexes[root].read_from(Path(file))
            case {"settled": number, "parsed": parsed}:
                self.parsed = parsed
                if (future := self._waiting.get(number)) is not None:
                    _resolve(future)
            case {"problem": problem}:
                log.info("%s", problem)  # whoever hears the report tells the user
                report(Progress("", 0, 0, problem))

    def _send(self, command: Mapping[str, object]) -> None:
        # Without a process nothing is lost: one that starts looks at all files.
        if self._process is not None and self._process.stdin is not None and not self._process.stdin.is_closing():
            self._process.stdin.write(json.dumps(command).encode() + b"\n")

    def _damaged(self, root: str) -> None:
        # Found by whichever thread asked.
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._send, {"damaged": root})

    async def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def useful_cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def outermost(roots: Sequence[Path]) -> tuple[Path, ...]:
    """The folders that lie in no other of them, each once."""
    every = dict.fromkeys(roots)
    return tuple(root for root in every if not any(root != other and root.is_relative_to(other) for other in every))


def _resolve(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
