"""Puts the questions of a run that have no answer yet, some at a time, and keeps each answer as it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence

from understudy.engine.base import Progress
from understudy.evaluation.journal import Journal, Record

Ask = Callable[[str], Awaitable[Record]]


async def ask_all(
    keys: Sequence[str], ask: Ask, journal: Journal, *, concurrency: int, report: Callable[[Progress], None]
) -> None:
    """Ask what `journal` has no record of, in the order of `keys`. The first failure ends it all; what is in the
    journal stays."""
    left = iter([key for key in keys if key not in journal.records])
    _say(report, keys, journal)
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(concurrency):
                group.create_task(_ask_some(left, keys, ask, journal, report))
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None


async def _ask_some(
    left: Iterator[str], keys: Sequence[str], ask: Ask, journal: Journal, report: Callable[[Progress], None]
) -> None:
    for key in left:
        journal.add(key, await ask(key))
        _say(report, keys, journal)


def _say(report: Callable[[Progress], None], keys: Sequence[str], journal: Journal) -> None:
    done = sum(key in journal.records for key in keys)
    report(Progress(f"Answered {done} of {len(keys)}", 100 * done // max(1, len(keys))))
