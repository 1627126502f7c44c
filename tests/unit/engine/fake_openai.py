"""A tiny OpenAI-compatible server on loopback that answers with whatever bytes a test wants, at its own pace."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

Pause = float  # seconds
Script = list[bytes | Pause]

MODELS = {"data": [{"id": "fake", "root": "maker/fake", "max_model_len": 512, "owned_by": "vllm"}]}


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class FakeServer:
    """`answers` holds one script per path, or a list of them that are used one after the other."""

    url: str = ""
    answers: dict[str, Script | list[Script]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)
    reached: dict[str, asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))

    def bodies(self, path: str) -> list[Any]:
        return [asked.body for asked in self.asked if asked.path == path]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        try:
            while (asked := await read_request(reader)) is not None:
                self.asked.append(asked)
                self.reached[asked.path].set()
                script = self.answers.get(asked.path, json_answer({"error": {"message": "no such path"}}, status=404))
                if script and isinstance(script, list) and isinstance(script[0], list):
                    script = script.pop(0)
                await self.play(script, reader, writer)
                if not keeps_alive(script):
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def play(self, script: Script, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for part in script:
            if isinstance(part, bytes):
                writer.write(part)
                await writer.drain()
                continue
            # A client that waits for an answer sends nothing: what can be read is that it hung up.
            with suppress(TimeoutError):
                async with asyncio.timeout(part):
                    await reader.read(1)
                    self.hung_up.set()
                    raise ConnectionResetError


async def read_request(reader: asyncio.StreamReader) -> Asked | None:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(method, path, headers, json.loads(body) if body else None)


def keeps_alive(script: Script) -> bool:
    return bool(script) and isinstance(script[-1], bytes) and script[-1].endswith(b"0\r\n\r\n")


@asynccontextmanager
async def fake_server(**answers: Script | list[Script]) -> AsyncIterator[FakeServer]:
    """`models`, `completions`, `chat`, `tokenize`, `health` and `metrics` name the paths that are answered."""
    fake = FakeServer()
    fake.answers = {"/v1/models": json_answer(MODELS)} | {PATHS[name]: script for name, script in answers.items()}
    server = await asyncio.start_server(fake.serve, "127.0.0.1", 0)
    fake.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield fake
    finally:
        server.close()
        for writer in fake.writers:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for writer in fake.writers), return_exceptions=True)
        await server.wait_closed()


PATHS = {
    "models": "/v1/models",
    "completions": "/v1/completions",
    "chat": "/v1/chat/completions",
    "tokenize": "/tokenize",
    "health": "/health",
    "metrics": "/metrics",
}


def head(kind: str = "text/event-stream; charset=utf-8", status: int = 200, extra: str = "") -> bytes:
    return f"HTTP/1.1 {status} Said\r\ncontent-type: {kind}\r\ntransfer-encoding: chunked\r\n{extra}\r\n".encode()


def chunk(data: bytes | str) -> bytes:
    data = data.encode() if isinstance(data, str) else data
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


END = b"0\r\n\r\n"


def answer(body: bytes | str, kind: str, status: int = 200, extra: str = "") -> Script:
    return [head(kind, status, extra), chunk(body), END]


def json_answer(value: Any, status: int = 200) -> Script:
    return answer(json.dumps(value), "application/json", status)


def event(value: Any) -> str:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"


def text_event(text: str, finish: str | None = None, index: int = 0) -> str:
    return event({"choices": [{"index": index, "text": text, "finish_reason": finish}]})


def chat_event(delta: Any, finish: str | None = None) -> str:
    return event({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})


DONE = "data: [DONE]\n\n"


def stream_answer(*parts: str | bytes | Pause, end: bytes = END) -> Script:
    """Each text in an HTTP chunk of its own; a number is a pause."""
    return [head(), *(part if isinstance(part, float) else chunk(part) for part in parts), end]
