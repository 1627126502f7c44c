"""Whose turn it is on a shared engine, and how long a piece should be."""

from __future__ import annotations

import asyncio

import pytest

from understudy.engine.admission import (
    FIRST_PIECE,
    LONGEST_PIECE,
    PIECE_SHARE,
    QUIET_PIECE,
    SHORTEST_PIECE,
    Admission,
)


async def complete(admission: Admission, seconds: float) -> None:
    with admission.typing():
        await asyncio.sleep(seconds)


async def test_a_piece_is_long_while_nobody_types_and_a_share_of_a_completion_while_somebody_does() -> None:
    admission = Admission()
    assert admission.piece_seconds() == QUIET_PIECE
    admission.expect(0.1)
    assert admission.piece_seconds() == FIRST_PIECE
    for _ in range(20):
        await complete(admission, 0.04)
    assert admission.piece_seconds() == pytest.approx(PIECE_SHARE * 0.04, rel=0.5)
    for _ in range(20):
        await complete(admission, 0)
    assert admission.piece_seconds() == SHORTEST_PIECE
    await complete(admission, 1)
    assert admission.piece_seconds() == LONGEST_PIECE


async def test_a_completion_beside_which_work_ran_says_nothing_about_how_long_one_takes() -> None:
    admission = Admission()
    async with admission.turn(admission.job(), interruptible=False):
        await complete(admission, 0.2)
    assert admission.piece_seconds() == FIRST_PIECE


async def test_an_interruption_is_seen_on_the_turn_and_is_no_error() -> None:
    admission = Admission()
    loop = asyncio.get_running_loop()
    loop.call_later(0.02, lambda: asyncio.ensure_future(complete(admission, 0)))
    async with admission.turn(admission.job()) as turn:
        await asyncio.sleep(10)
    assert turn.interrupted
    assert turn.disturbed
    assert turn.seconds < 5
    async with admission.turn(admission.job()) as turn:
        pass
    assert not turn.interrupted


async def test_the_real_request_is_not_interrupted() -> None:
    admission = Admission()
    async with admission.turn(admission.job(), interruptible=False) as turn:
        await complete(admission, 0.01)
        await asyncio.sleep(0.01)
    assert not turn.interrupted


async def test_a_piece_ends_shortly_before_an_expected_completion() -> None:
    admission = Admission()
    began = asyncio.get_running_loop().time()
    admission.expect(0.2)
    async with admission.turn(admission.job()) as turn:
        await asyncio.sleep(10)
    assert turn.interrupted
    assert 0.1 < asyncio.get_running_loop().time() - began < 1


async def test_another_key_puts_the_end_off() -> None:
    admission = Admission()
    loop = asyncio.get_running_loop()
    began = loop.time()
    admission.expect(0.2)
    loop.call_later(0.1, admission.expect, 0.3)
    async with admission.turn(admission.job()):
        await asyncio.sleep(10)
    assert 0.3 < loop.time() - began < 1


async def test_somebody_elses_timeout_is_not_taken_for_an_interruption() -> None:
    admission = Admission()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.02), admission.turn(admission.job()):
            await asyncio.sleep(10)
    with pytest.raises(TimeoutError):
        async with admission.turn(admission.job()):
            raise TimeoutError
    async with admission.turn(admission.job()) as turn:
        pass
    assert not turn.interrupted


async def test_who_gives_up_waiting_makes_room() -> None:
    admission = Admission()
    first, second, third = (admission.job() for _ in range(3))
    second.left, third.left = 1, 2

    async def wait_for(job: object) -> None:
        async with admission.turn(job):  # type: ignore[arg-type]
            pass

    async with admission.turn(first):
        waiting = [asyncio.create_task(wait_for(job)) for job in (second, third)]
        await asyncio.sleep(0.01)
        waiting[0].cancel()
    await asyncio.wait_for(waiting[1], 1)


async def test_a_prompt_that_waits_long_goes_before_shorter_ones() -> None:
    admission = Admission()
    order: list[str] = []

    async def take(name: str, left: int, waited: float) -> None:
        job = admission.job()
        job.left, job.since = left, job.since - waited
        async with admission.turn(job):
            order.append(name)

    async with admission.turn(admission.job()):
        names = (("new and short", 2000, 0.0), ("old and long", 30_000, 60.0), ("new and shorter", 1000, 0.0))
        tasks = [asyncio.create_task(take(*row)) for row in names]
        await asyncio.sleep(0.01)
    await asyncio.gather(*tasks)
    assert order == ["old and long", "new and shorter", "new and short"]
