"""Counts what the GPUs draw while the engine runs, in a thread of the keeper's. No trouble here reaches the engine."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from understudy.core.statistics import Energy
from understudy.engine import process
from understudy.engine.boards import Board, ask_driver

SAMPLE_SECONDS = 60.0
MOST_WATTS = 10_000  # more than any board takes
LAST_SECONDS = 3.0  # for the last sample, before the keeper ends without it

Read = Callable[[], tuple[Board, ...]]


class EnergyMeter:
    """Samples the boards that the process group `group` computes on and adds what they drew to the statistics `file`.
    None: they are switched off. Of boards that others use too, the whole counts."""

    def __init__(
        self, group: int, file: Path | None, read: Read = ask_driver, *, every: float = SAMPLE_SECONDS
    ) -> None:
        self._group = group
        self._file = file
        self._read = read
        self._every = every
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, once the engine is ready and so has its boards. Does nothing where nothing is to be counted."""
        if self._file is None:
            return
        thread = threading.Thread(target=self._measure, args=(self._file,), name="energy", daemon=True)
        with contextlib.suppress(RuntimeError):  # no more threads are to be had
            thread.start()
            self._thread = thread

    def stop(self) -> None:
        """Take a last sample, without waiting for it."""
        self._ending.set()

    def join(self) -> None:
        """Wait a moment for the last sample."""
        if self._thread is not None:
            self._thread.join(LAST_SECONDS)

    def _measure(self, file: Path) -> None:
        boards, at = self._read(), monotonic()
        ours = {board.uuid for board in used_by(boards, process.group_members(self._group))}
        if not ours:
            return
        # SQLite is for those who have something to count.
        from understudy.core.ledger import Ledger

        before = samples(boards, ours, at)
        with contextlib.closing(Ledger(file)) as ledger:
            ended = False
            while not ended:
                ended = self._ending.wait(self._every)
                now = samples(self._read(), ours, monotonic())
                for event in drawn(before, now):
                    ledger.record(event)
                before |= now


@dataclass(frozen=True, slots=True)
class Sample:
    """A board's counter at a time in seconds."""

    at: float
    millijoules: int


def used_by(boards: Iterable[Board], pids: set[int]) -> list[Board]:
    """The boards on which one of `pids` computes. In a container the driver knows them by other numbers: then those on
    which anybody computes; and where it names nobody, as on Windows, all."""
    boards = list(boards)
    ours = [board for board in boards if pids.intersection(board.pids)]
    return ours or [board for board in boards if board.pids] or boards


def samples(boards: Iterable[Board], uuids: set[str], at: float) -> dict[str, Sample]:
    """What those boards say that are among `uuids`."""
    return {board.uuid: Sample(at, board.millijoules) for board in boards if board.uuid in uuids}


def drawn(before: Mapping[str, Sample], now: Mapping[str, Sample]) -> Iterator[Energy]:
    """What each board drew between two samples. Of a counter that went back or leapt, nothing is known."""
    for uuid, sample in now.items():
        first = before.get(uuid, sample)
        joules, seconds = (sample.millijoules - first.millijoules) / 1000, sample.at - first.at
        if 0 <= joules <= MOST_WATTS * seconds and seconds:
            yield Energy(uuid, joules, seconds)
