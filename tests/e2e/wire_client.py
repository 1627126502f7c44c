"""A client that speaks raw JSON over a server's stdio: it shares no code, and so no defect, with the server."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

FAKE_SERVER = str(Path(__file__).with_name("fake_server.py"))
URI = "file:///project/a.py"


class Wire:
    """One server process. Server requests are answered from `answers` by method, else with null."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.answers: dict[str, Any] = {}
        self.replies: dict[Any, list[dict[str, Any]]] = {}
        self.heard: list[dict[str, Any]] = []
        self.notes: list[list[Any]] = []
        self.log: list[str] = []
        self._opened: list[str] = []
        self._changed = asyncio.Condition()
        self._ids = itertools.count(1)
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._read_log())]

    def send(self, message: Mapping[str, Any] | list[Any] | bytes) -> None:
        """Send a message, or bytes as they are."""
        assert self.process.stdin is not None
        if isinstance(message, bytes):
            self.process.stdin.write(message)
            return
        body = json.dumps(message).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def notify(self, method: str, params: Any = None) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def request(self, method: str, params: Any = None, msg_id: Any = None) -> Any:
        """Send a request; its id."""
        msg_id = next(self._ids) if msg_id is None else msg_id
        self.send({"jsonrpc": "2.0", "id": msg_id, "method": method, "params": params})
        return msg_id

    async def reply(self, msg_id: Any, seconds: float = 10) -> dict[str, Any]:
        """The whole reply to a request."""
        await self.until(lambda: msg_id in self.replies, seconds)
        return self.replies[msg_id][0]

    async def ask(self, method: str, params: Any = None) -> Any:
        """The result of a request."""
        reply = await self.reply(self.request(method, params))
        assert "error" not in reply, reply
        return reply["result"]

    async def until(self, holds: Any, seconds: float = 10) -> None:
        """Wait until `holds()` is true after something came."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(holds)

    async def noted(self, *words: Any, seconds: float = 10) -> list[Any]:
        """Wait for a note of the fake server that begins with `words`, and return it."""

        def find() -> list[Any] | None:
            return next((note for note in self.notes if note[: len(words)] == list(words)), None)

        await self.until(lambda: find() is not None, seconds)
        note = find()
        assert note is not None
        return note

    def messages(self, method: str) -> list[Any]:
        """The parameters of everything of this method that the server sent."""
        return [message["params"] for message in self.heard if message["method"] == method]

    async def start(self, **params: Any) -> Any:
        """Initialize, and wait until the services are built; the result of `initialize`."""
        result = await self.ask(
            "initialize",
            {"processId": None, "rootUri": None, "capabilities": {"textDocument": {"inlineCompletion": {}}}} | params,
        )
        self.notify("initialized", {})
        await self.noted("built")
        return result

    def open(self, text: str, version: int = 1, uri: str = URI) -> None:
        self._opened.append(uri)
        self.notify(
            "textDocument/didOpen",
            {"textDocument": {"uri": uri, "languageId": "python", "version": version, "text": text}},
        )

    def change(self, version: int, *changes: Any, uri: str = URI) -> None:
        self.notify(
            "textDocument/didChange", {"textDocument": {"uri": uri, "version": version}, "contentChanges": changes}
        )

    def complete(self, line: int, character: int, uri: str = URI, **context: Any) -> Any:
        """Ask for inline completion; the request's id."""
        return self.request("textDocument/inlineCompletion", inline(line, character, uri, **context))

    def forget(self) -> None:
        """Close what is open, and begin to listen anew."""
        for uri in self._opened:
            self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        for collected in (self._opened, self.replies, self.heard, self.notes, self.log):
            collected.clear()

    async def leave(self) -> int:
        """Shut down in order; the exit status."""
        await self.ask("shutdown")
        self.notify("exit")
        return await asyncio.wait_for(self.process.wait(), 10)

    async def close(self) -> None:
        if self.process.returncode is None:
            with suppress(ProcessLookupError):
                self.process.kill()
        await self.process.wait()
        await asyncio.gather(*self._tasks)
        assert self.process.stdin is not None
        self.process.stdin.close()
        with suppress(BrokenPipeError, ConnectionResetError):
            await self.process.stdin.wait_closed()

    async def _read(self) -> None:
        assert self.process.stdout is not None
        with suppress(asyncio.IncompleteReadError):
            while True:
                header = await self.process.stdout.readuntil(b"\r\n\r\n")
                assert header.startswith(b"Content-Length: "), header
                body = await self.process.stdout.readexactly(int(header.split(b":")[1]))
                await self._take(json.loads(body))

    async def _take(self, message: dict[str, Any]) -> None:
        assert message["jsonrpc"] == "2.0"
        async with self._changed:
            if "method" not in message:
                assert ("result" in message) != ("error" in message), message
                self.replies.setdefault(message["id"], []).append(message)
            else:
                self.heard.append(message)
                if "id" in message and (answer := self.answers.get(message["method"])) is not Ellipsis:
                    self.send({"jsonrpc": "2.0", "id": message["id"], "result": answer})
            self._changed.notify_all()

    async def _read_log(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            async with self._changed:
                text = line.decode()
                if text.startswith("note "):
                    self.notes.append(json.loads(text[5:]))
                else:
                    self.log.append(text)
                self._changed.notify_all()


Serve = Callable[..., AbstractAsyncContextManager[Wire]]


@asynccontextmanager
async def server(*command: str, environment: Mapping[str, str] | None = None, home: Path) -> AsyncIterator[Wire]:
    """A running server, not yet initialized. `home`: where it looks for the user's own settings and keeps what it
    knows, unless the environment says otherwise."""
    own = {"UNDERSTUDY_CONFIG_HOME": str(home), "UNDERSTUDY_STATE_HOME": str(home / "state")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *(command or (FAKE_SERVER,)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=1 << 26,
        env={**os.environ, **own, **(environment or {})},
    )
    wire = Wire(process)
    try:
        yield wire
    finally:
        await wire.close()


def inline(line: int, character: int, uri: str = URI, **context: Any) -> dict[str, Any]:
    """Parameters of textDocument/inlineCompletion."""
    return {
        "textDocument": {"uri": uri},
        "position": {"line": line, "character": character},
        "context": {"triggerKind": 2, **context},
    }


def insertion(line: int, character: int, text: str) -> dict[str, Any]:
    """A content change that inserts `text`."""
    at = {"line": line, "character": character}
    return {"range": {"start": at, "end": at}, "text": text}
