"""The client and the server that it talks to, for one test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

from understudy.engine.base import Chunk, TextRequest
from understudy.engine.client import HttpEngine
from unit.engine.fake_openai import (
    FakeServer,
    Script,
    fake_server,
)

ASK = TextRequest("def f():", max_tokens=8)
KEY = "sk-very-secret"


@asynccontextmanager
async def asking(
    *, model: str | None = None, **answers: Script | list[Script]
) -> AsyncIterator[tuple[HttpEngine, FakeServer]]:
    async with fake_server(**answers) as server:
        engine = HttpEngine(server.url, KEY, model)
        try:
            yield engine, server
        finally:
            await engine.aclose()


async def texts(engine: HttpEngine, request: TextRequest = ASK) -> list[Chunk]:
    async with aclosing(engine.stream(request)) as stream:
        return [chunk async for chunk in stream]
