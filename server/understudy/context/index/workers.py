"""The processes that parse, and what becomes of a file on which one dies or hangs: it is left out, the others go on."""

from __future__ import annotations

import itertools
import logging
import marshal
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from time import monotonic

from understudy.context.index.worker import Answer, Task

log = logging.getLogger(__name__)

BATCH = 16
HANGS_SECONDS = 20.0  # twice what parse and queries may take together, on a machine that has something else to do
IDLE_SECONDS = 3.0
AGAIN_SECONDS = 1.0  # after a process could not be started: memory or a limit may be free again
CLOSE_SECONDS = 1.0  # for all threads together
COMMAND = (sys.executable, "-m", "understudy.context.index.worker")

NOW, SOON, LATER = range(3)
"""How urgent a batch is: a file that was saved, all others, what only keeps a process ready."""

Answered = Callable[[str, Answer], None]


class Workers:
    """Up to `count` processes. `answered` is called from threads, once for each file, in any order; it may block to
    slow them down. A process that is idle ends, but for the first; one that has been at a file for `hangs` seconds is
    ended by `check`."""

    def __init__(
        self, count: int, answered: Answered, command: Sequence[str] = COMMAND, hangs: float = HANGS_SECONDS
    ) -> None:
        self._answered = answered
        self._hangs = hangs
        self._batches: queue.PriorityQueue[tuple[int, int, list[Task]]] = queue.PriorityQueue()
        self._order = itertools.count()
        self._workers = [_Worker(command) for _ in range(count)]
        self._closed = threading.Event()
        self._threads = [threading.Thread(target=self._drive, args=(it,), daemon=True) for it in self._workers]
        for thread in self._threads:
            thread.start()

    def submit(self, tasks: Sequence[Task], urgency: int = SOON) -> None:
        """Have files parsed."""
        for first in range(0, len(tasks), BATCH):
            self._batches.put((urgency, next(self._order), list(tasks[first : first + BATCH])))

    def withdraw(self) -> int:
        """Take back what is not begun; the number of files."""
        count = 0
        try:
            while True:
                count += len(self._batches.get_nowait()[2])
        except queue.Empty:
            return count

    def check(self) -> None:
        """End the processes that hang. To be called every second or so."""
        for worker in self._workers:
            if (since := worker.since) is not None and monotonic() - since > self._hangs:
                worker.kill()

    def close(self) -> None:
        """End all processes."""
        self.withdraw()
        self._closed.set()
        for worker in self._workers:
            self._batches.put((NOW, next(self._order), []))  # wakes one that waits
            worker.kill()
        end = monotonic() + CLOSE_SECONDS
        for thread in self._threads:  # one that nobody takes an answer from ends with this process
            thread.join(max(0.0, end - monotonic()))

    def _drive(self, worker: _Worker) -> None:
        while not self._closed.is_set():
            try:
                _, _, batch = self._batches.get(timeout=IDLE_SECONDS)
            except queue.Empty:
                if worker is not self._workers[0]:
                    worker.end()
                continue
            while batch and not self._closed.is_set():
                if not worker.start():
                    self._closed.wait(AGAIN_SECONDS)
                    continue
                answers = worker.answers(batch)
                for (path, _), answer in zip(batch, answers, strict=False):
                    self._answered(path, answer)
                if len(answers) < len(batch) and not self._closed.is_set():
                    self._answered(batch[len(answers)][0], "crashed")
                batch = batch[len(answers) + 1 :]
        worker.end()


class _Worker:
    """One process, started when it is needed. All but `kill` is for one thread. `since` is when the process began the
    file that it is at."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._refused = False
        self.since: float | None = None

    def start(self) -> bool:
        """Start the process, unless it runs; whether it does. Why it does not is said once."""
        if self._process is not None and self._process.poll() is None:
            return True
        self.end()
        try:
            self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        except OSError as failure:
            if not self._refused:
                log.warning("No process can be started to read files, which is tried again: %s", failure)
            self._refused = True
            return False
        return True

    def answers(self, batch: list[Task]) -> list[Answer]:
        """What it says of the files, up to the one that it dies of."""
        found: list[Answer] = []
        process = self._process
        if process is None:
            return found
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            marshal.dump(batch, process.stdin)
            process.stdin.flush()
            for _ in batch:
                self.since = monotonic()
                found.append(marshal.load(process.stdout))
        except (EOFError, OSError, ValueError, TypeError):
            self.end()
        self.since = None
        return found

    def kill(self) -> None:
        """Have the process end, whatever it is at; from any thread."""
        process = self._process
        if process is not None:
            process.kill()

    def end(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(OSError):  # of what was still to be sent
                        pipe.close()
