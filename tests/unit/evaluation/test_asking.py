"""Every question is asked once, however often a run is interrupted."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from understudy.core.errors import EngineBroken
from understudy.engine.base import Progress
from understudy.evaluation.asking import ask_all
from understudy.evaluation.journal import Journal, Record, open_journal

KEYS = [str(number) for number in range(10)]


def opened(folder: Path) -> Journal:
    return open_journal(folder / "run.jsonl", {}, {})


class Engine:
    """Answers after a moment; fails or is cancelled at a question."""

    def __init__(self, fails_at: str = "") -> None:
        self.asked: list[str] = []
        self.running = self.most = 0
        self.fails_at = fails_at

    async def __call__(self, key: str) -> Record:
        self.asked.append(key)
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await asyncio.sleep(0.01)
            if key == self.fails_at:
                raise EngineBroken("It broke.", "Mend it.")
        finally:
            self.running -= 1
        return {"answer": key}


@pytest.mark.parametrize("concurrency", [1, 3])
async def test_interrupted_and_resumed(tmp_path: Path, concurrency: int) -> None:
    first, journal = Engine(), opened(tmp_path)
    task = asyncio.create_task(ask_all(KEYS, first, journal, concurrency=concurrency, report=lambda _: None))
    while len(journal.records) < 4:  # noqa: ASYNC110
        await asyncio.sleep(0.001)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    kept = list(journal.records)
    journal.close()
    assert 4 <= len(kept) < len(KEYS)
    second, journal = Engine(), opened(tmp_path)
    shown: list[Progress] = []
    await ask_all(KEYS, second, journal, concurrency=concurrency, report=shown.append)
    journal.close()
    assert sorted(second.asked + kept) == sorted(KEYS), "nothing twice, nothing lost"
    assert first.most == second.most == concurrency
    assert journal.records == {key: {"answer": key} for key in KEYS}
    assert (shown[0].message, shown[-1]) == (f"Answered {len(kept)} of 10", Progress("Answered 10 of 10", 100))


async def test_a_failure_ends_it_and_keeps_what_was_answered(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    with pytest.raises(EngineBroken, match="It broke"):
        await ask_all(KEYS, Engine("5"), journal, concurrency=2, report=lambda _: None)
    journal.close()
    assert {"0", "1", "2", "3"} <= set(journal.records) <= set(KEYS) - {"5"}
