"""The processes that parse, and what becomes of a file on which one dies or hangs: it is left out, the others go on."""

from __future__ import annotations

import itertools
import marshal
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from time import monotonic

from understudy.context.index.worker import Answer, Task

BATCH = 16
HANGS_SECONDS = 20.0  # twice what parse and queries may take together, on a machine that has something else to do
IDLE_SECONDS = 3.0
COMMAND = (sys.executable, "-m", "understudy.context.index.worker")

NOW, SOON, LATER = range(3)
"""How urgent a batch is: a file that was saved, all others, what only keeps a process ready."""

Answered = Callable[[str, Answer], None]


class Workers:
    """Up to `count` processes. `answered` is called from threads, once for each file, in any order; it may block to
    slow them down. A process that is idle ends, but for the first."""

    def __init__(self, count: int, answered: Answered, command: Sequence[str] = COMMAND) -> None:
        self._answered = answered
        self._batches: queue.PriorityQueue[tuple[int, int, list[Task]]] = queue.PriorityQueue()
        self._order = itertools.count()
        self._workers = [_Worker(command) for _ in range(count)]
        for worker in self._workers:
            threading.Thread(target=self._drive, args=(worker,), daemon=True).start()

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
            if worker.since is not None and monotonic() - worker.since > HANGS_SECONDS:
                worker.end()

    def close(self) -> None:
        """End all processes."""
        self.withdraw()
        for worker in self._workers:
            worker.end()

    def _drive(self, worker: _Worker) -> None:
        while True:
            try:
                _, _, batch = self._batches.get(timeout=IDLE_SECONDS)
            except queue.Empty:
                if worker is not self._workers[0]:
                    worker.end()
                continue
            while batch:
                answers = worker.answers(batch)
                for (path, _), answer in zip(batch, answers, strict=False):
                    self._answered(path, answer)
                if len(answers) < len(batch):
                    self._answered(batch[len(answers)][0], "crashed")
                batch = batch[len(answers) + 1 :]


class _Worker:
    """One process, started when it is needed. `since` is when it began the file that it is at."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self.since: float | None = None

    def answers(self, batch: list[Task]) -> list[Answer]:
        """What it says of the files, up to the one that it dies of."""
        found: list[Answer] = []
        process = self._process
        if process is None or process.poll() is not None:
            process = self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
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

    def end(self) -> None:
        """End the process, whatever it is at."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
