"""Two real vLLMs, users at work, and one of the two killed with all its processes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from bench.replicas import PROMPTS, Report, kill_one, two_servers
from e2e.vllm.conftest import RealEngine, ensure_installed
from understudy.core.errors import EngineBroken
from understudy.engine.base import Chunk, Engine, TextRequest
from understudy.engine.replica import Looks, Replica
from understudy.engine.replicas import Replicas, introduce


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
    # One that broke off after its last token has nothing left to ask for.
    whole = [each for each in disturbed if len(each.tried) == 1]
    assert [each for each in whole if each.text not in report.undisturbed()[each.prompt]] == []
    assert [each for each in disturbed if len(each.tried) > 2] == []
    assert sum(len(each.tried) > 1 for each in report.asked) == len(disturbed) - len(whole)


def test_each_user_learns_of_it_once(report: Report) -> None:
    users = {each.workspace for each in report.asked if each.own == report.killed_url}
    assert len(report.while_it_died) + len(report.turned_away) <= len(users)


class BreakingOff:
    """A connection to a real engine that breaks off after so many pieces of a text."""

    def __init__(self, engine: Engine, pieces: int) -> None:
        self._engine, self._left = engine, pieces

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    async def stream(self, request: TextRequest) -> AsyncGenerator[Chunk, None]:
        async with aclosing(self._engine.stream(request)) as stream:
            async for chunk in stream:
                if chunk.text and not self._left:
                    raise EngineBroken("It broke off.")
                self._left -= bool(chunk.text)
                yield chunk


async def text(engine: Engine, request: TextRequest) -> str:
    async with aclosing(engine.stream(request)) as stream:
        return "".join([chunk.text async for chunk in stream])


async def count(engine: Engine, request: TextRequest) -> int:
    async with aclosing(engine.stream(request)) as stream:
        return sum([bool(chunk.text) async for chunk in stream])


@pytest.mark.parametrize("as_tokens", [False, True], ids=["a text", "tokens"])
async def test_an_answer_that_broke_off_goes_on_as_if_nothing_had_been(engine: RealEngine, as_tokens: bool) -> None:
    async with aclosing(engine.connect()) as real:
        prompt: str | tuple[int, ...] = (await real.tokenize(PROMPTS[0])).ids if as_tokens else PROMPTS[0]
        request = TextRequest(prompt, max_tokens=24)
        undisturbed, pieces = await text(real, request), await count(real, request)
        assert pieces > 4
        for place in (0, 1, pieces // 2, pieces - 1):
            both = [
                Replica("http://a/v1", BreakingOff(engine.connect(), place), Looks()),
                Replica("http://b/v1", engine.connect(), Looks()),
            ]
            async with aclosing(Replicas(both, await introduce(both))) as replicas:
                assert await text(replicas, request) == undisturbed, place
                assert replicas.answering() == 1, "the first broke off"
