"""Background work of which only the newest counts: it waits for what was before, and nothing is left of it."""

from __future__ import annotations

import asyncio
import logging

import pytest

from understudy.features.codeaction.latest import Latest

FAILED = "It could not be done"


async def test_the_next_begins_when_the_one_before_has_given_back_what_it_had() -> None:
    told: list[str] = []
    may_end, begun = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await may_end.wait()
            told.append("first has ended")

    async def second() -> None:
        told.append("second begins")
        begun.set()

    it = Latest(FAILED)
    it.begin(first)
    await asyncio.sleep(0)
    it.begin(second)
    it.begin(second)  # and so it is when the second is put off before it has begun
    for _ in range(10):
        await asyncio.sleep(0)
    assert told == []
    may_end.set()
    await begun.wait()
    assert told == ["first has ended", "second begins"]


async def test_closing_waits_for_all_of_it() -> None:
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)
            ended.set()

    it = Latest(FAILED)
    it.begin(work)
    await asyncio.sleep(0)
    assert it.busy
    it.begin(work)  # is cancelled before it has begun
    await it.aclose()
    assert ended.is_set()
    assert not it.busy


async def test_work_that_fails_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> None:
        raise ValueError("odd")

    it = Latest(FAILED)
    with caplog.at_level(logging.ERROR):
        it.begin(work)
        for _ in range(10):
            await asyncio.sleep(0)
    assert FAILED in caplog.text
    assert "odd" in caplog.text
