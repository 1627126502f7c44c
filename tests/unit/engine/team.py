"""Replicas that count: each goes on from the last number of its prompt, one number a token, and can be killed and
started again at its address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from understudy.core.settings import EngineSettings
from understudy.engine.remote import ReplicaSource
from understudy.engine.rendezvous import ranked
from understudy.engine.replica import Looks
from unit.engine.fake_openai import (
    DONE,
    MODELS,
    Asked,
    FakeServer,
    Script,
    answer,
    event,
    json_answer,
    read_request,
    stream_answer,
)

# As in earnest, fifty times as fast.
QUICK = Looks(waiting=0.1, first=0.01, longest=0.1, returning=0.02, calm=1.2)
WORKSPACE = "file:///home/ann/project"


@dataclass
class CountingServer(FakeServer):
    """`answers` go first, as in a `FakeServer`; a path without one is answered as vLLM would."""

    model: str = "counter"
    token_seconds: float = 0.0
    context: int = 512
    port: int = 0
    running: int = 0
    _server: asyncio.Server | None = field(default=None, repr=False)

    async def start(self) -> None:
        self._server = await asyncio.start_server(self.serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"

    async def kill(self) -> None:
        """As SIGKILL: the connections are cut and nobody listens any more."""
        assert self._server is not None
        self._server.close()
        for writer in self.writers:
            writer.transport.abort()
        self.writers.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(1):
                await self._server.wait_closed()
        self._server = None

    @property
    def alive(self) -> bool:
        return self._server is not None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        self.running += 1
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while (asked := await read_request(reader)) is not None:
                self.asked.append(asked)
                self.reached[asked.path].set()
                script = self.answers.get(asked.path)
                if script and isinstance(script[0], list):
                    script = script.pop(0) if len(script) > 1 else script[0]
                await self.play(script or self.reply(asked), reader, writer)
                if script and not script[-1].endswith(b"0\r\n\r\n"):  # type: ignore[union-attr]
                    break
        self.running -= 1
        writer.close()

    def reply(self, asked: Asked) -> Script:
        if asked.path == "/v1/completions":
            return self.count(asked.body)
        if asked.path == "/v1/chat/completions":
            first = event({"choices": [{"index": 0, "delta": {"content": self.model}}]})
            last = event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
            return stream_answer(first, self.token_seconds, last, DONE)
        if asked.path == "/v1/models":
            row = MODELS["data"][0] | {"id": self.model, "max_model_len": self.context}
            return json_answer({"data": [row]})
        if asked.path == "/tokenize" and "prompt" in asked.body:
            return json_answer({"tokens": [ord(letter) for letter in asked.body["prompt"]]})
        if asked.path == "/health":
            return answer("well", "text/plain")
        return json_answer({"error": {"message": "no such path"}}, status=404)

    def count(self, body: Any) -> Script:
        text = body["prompt"] if isinstance(body["prompt"], str) else "".join(map(chr, body["prompt"]))
        last = int(text.split()[-1])
        parts: list[str | float] = []
        for place in range(1, body["max_tokens"] + 1):
            finish = "length" if place == body["max_tokens"] else None
            choice = {"index": 0, "text": f" {last + place}", "finish_reason": finish}
            usage = {"prompt_tokens": len(text.split()), "completion_tokens": place}
            parts += [event({"choices": [choice], "usage": usage}), self.token_seconds]
        return stream_answer(*parts, DONE)


@dataclass
class Team:
    """`servers` are in the order of `WORKSPACE`: the first is its own."""

    servers: list[CountingServer]
    source: ReplicaSource

    def streams(self) -> list[int]:
        """How many streams each was asked for."""
        return [sum(it.path.endswith("/completions") for it in server.asked) for server in self.servers]


@asynccontextmanager
async def team(*, size: int = 3, looks: Looks = QUICK, down: tuple[int, ...] = ()) -> AsyncIterator[Team]:
    """Replicas and the source over them; those numbered in `down` have an address and are not started."""
    servers = [CountingServer() for _ in range(size)]
    for server in servers:
        await server.start()
    order = ranked(WORKSPACE, [server.url for server in servers])
    servers.sort(key=lambda server: order.index(server.url))
    for place in down:
        await servers[place].kill()
    # As a user would name them: in an order of no meaning.
    urls = tuple(sorted(server.url for server in servers))
    source = ReplicaSource(EngineSettings(urls=urls), urls, WORKSPACE, looks=looks)
    try:
        yield Team(servers, source)
    finally:
        await source.aclose()
        for server in servers:
            if server.alive:
                await server.kill()
