"""Two real vLLMs, users at work, and one of the two killed with all its processes."""

from __future__ import annotations

import asyncio

import pytest

from bench.replicas import Report, kill_one, two_servers
from e2e.vllm.conftest import ensure_installed


@pytest.fixture(scope="module", name="report")
def fixture_report() -> Report:
    async def kill_one_of_two() -> Report:
        async with two_servers() as servers:
            return await kill_one(servers, load_seconds=3.0, restart=False)

    ensure_installed()
    return asyncio.run(kill_one_of_two())


def test_nobody_notices_that_a_replica_was_killed(report: Report) -> None:
    assert report.in_flight
    assert [each.error for each in report.failed] == []
    served = {tried.url for each in report.asked if each.began < report.killed for tried in each.tried}
    assert len(served) == 2, "both had users"
    # What was under way there was asked for once more; nothing else was.
    assert 1 <= len(report.asked_twice) <= report.in_flight
    assert all(len(each.tried) == 2 for each in report.asked_twice)
    later = [each for each in report.asked if each.began > report.killed + 1]
    assert later
    assert all(tried.url != report.killed_url for each in later for tried in each.tried)


def test_a_resumed_answer_is_the_answer(report: Report) -> None:
    # Greedy sampling: on a CPU, with few requests at a time, the text does not depend on where it was computed.
    assert [each.text for each in report.asked_twice] == [
        report.undisturbed[each.prompt] for each in report.asked_twice
    ]
