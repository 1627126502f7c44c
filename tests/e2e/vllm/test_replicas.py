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
    assert [each.error for each in report.failed] == []
    assert all(each.text for each in report.asked)
    served = {tried.url for each in report.asked if each.began < report.killed for tried in each.tried}
    assert len(served) == 2, "both had users"


def test_what_was_under_way_was_asked_for_once_more_and_nothing_else(report: Report) -> None:
    assert report.under_way
    disturbed = [*report.under_way, *report.while_it_died, *report.turned_away]
    assert all(len(each.tried) == 2 for each in disturbed)
    assert sum(len(each.tried) > 1 for each in report.asked) == len(disturbed)


def test_each_user_learns_of_it_once(report: Report) -> None:
    users = {each.workspace for each in report.asked if each.own == report.killed_url}
    assert len(report.while_it_died) + len(report.turned_away) <= len(users)


def test_a_resumed_answer_is_the_answer(report: Report) -> None:
    # Greedy sampling: on a CPU, with few requests at a time, the text does not depend on where it was computed.
    assert [each.text for each in report.under_way] == [report.undisturbed[each.prompt] for each in report.under_way]
