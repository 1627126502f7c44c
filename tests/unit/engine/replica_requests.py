"""What the tests of replicas ask, and how they read the answers."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

from understudy.engine.base import ChatRequest, Chunk, Engine, Message, TextRequest
from understudy.engine.replica import Looks
from unit.engine.fake_openai import chunk, event, head, json_answer
from unit.engine.team import Team

ASK = TextRequest("count 0", max_tokens=8)
COUNTED = " 1 2 3 4 5 6 7 8"
CHAT = ChatRequest((Message("user", "Who?"),), max_tokens=8)
REFUSED = json_answer({"error": {"message": "No."}}, status=400)
FULL = json_answer({"error": {"message": "The queue is full."}}, status=503)
# A stand-in for "never" that a test would not live through.
RARELY = Looks(waiting=1000.0, first=1000.0, longest=1000.0, returning=1000.0)


def counted(usage: bool = True, *, upto: int, finish: str | None = None) -> list[bytes]:
    """The first chunks of a stream that counts to `upto` and then breaks off."""
    events = [
        event(
            {
                "choices": [{"index": 0, "text": f" {place}", "finish_reason": finish if place == upto else None}],
                **({"usage": {"prompt_tokens": 2, "completion_tokens": place}} if usage else {}),
            }
        )
        for place in range(1, upto + 1)
    ]
    return [head(), *map(chunk, events)]


async def ready(team: Team) -> Engine:
    return await team.source.ensure(lambda _: None)


async def chunks(engine: Engine, request: TextRequest = ASK) -> list[Chunk]:
    async with aclosing(engine.stream(request)) as stream:
        return [chunk async for chunk in stream]


async def text(engine: Engine, request: TextRequest = ASK) -> str:
    return "".join(chunk.text for chunk in await chunks(engine, request))


def finish(got: list[Chunk]) -> str:
    (reason,) = [chunk.finish for chunk in got if chunk.finish]
    return reason


async def said(engine: Engine) -> str:
    async with aclosing(engine.chat(CHAT)) as stream:
        return "".join([chunk.text async for chunk in stream])


async def until(condition, seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)
