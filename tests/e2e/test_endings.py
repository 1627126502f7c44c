"""However a conversation ends, the process ends with it."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator

import pytest
from wire_client import FAKE_SERVER, Serve, Wire


@pytest.fixture(name="own")
async def fixture_own(serve: Serve) -> AsyncIterator[Wire]:
    """A conversation of this test alone."""
    async with serve() as wire:
        await wire.start()
        yield wire


async def test_nothing_is_answered_after_shutdown(own: Wire) -> None:
    own.open("say hello")
    await own.ask("shutdown")
    for method in ("textDocument/inlineCompletion", "shutdown", "initialize", "understudy/unknown"):
        reply = await own.reply(own.request(method, {}))
        assert reply["error"]["code"] == -32600
    own.notify("textDocument/didChange", {"nonsense": 1})
    own.notify("exit")
    assert await asyncio.wait_for(own.process.wait(), 10) == 0


async def test_exit_without_shutdown(own: Wire) -> None:
    own.notify("exit")
    assert await asyncio.wait_for(own.process.wait(), 10) == 1


async def test_the_client_is_gone(own: Wire) -> None:
    """The end of stdin, in the middle of a request: the engine and the completer are let go all the same."""
    own.open("never")
    own.complete(0, 5)
    assert own.process.stdin is not None
    own.process.stdin.close()
    assert await asyncio.wait_for(own.process.wait(), 10) == 1
    await own.noted("engine closed")
    await own.noted("completer closed")


async def test_the_client_is_gone_before_it_said_anything(serve: Serve) -> None:
    async with serve() as wire:
        assert wire.process.stdin is not None
        wire.process.stdin.close()
        assert await asyncio.wait_for(wire.process.wait(), 10) == 1
        assert not wire.log


async def test_the_editor_dies_and_its_pipe_stays_open(serve: Serve) -> None:
    editor = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=asyncio.subprocess.PIPE)
    async with serve() as wire:
        await wire.start(processId=editor.pid)
        wire.open("say hello")
        assert (await wire.reply(wire.complete(0, 9)))["result"]["items"]
        editor.kill()
        await editor.wait()
        assert await asyncio.wait_for(wire.process.wait(), 10) == 1


async def test_an_editor_that_cannot_be_seen_is_not_waited_for(serve: Serve) -> None:
    """As from inside a container: the number names no process here."""
    async with serve() as wire:
        await wire.start(processId=2**22 + 1)
        await asyncio.sleep(0.5)
        assert await wire.leave() == 0


async def test_over_tcp_and_the_port_is_taken(serve: Serve) -> None:
    async with serve(FAKE_SERVER, "0") as wire:
        await wire.until(lambda: any("Waiting for a client" in line for line in wire.log))
        port = int(wire.log[-1].rpartition(":")[2])
        async with serve(FAKE_SERVER, str(port)) as second:
            assert await asyncio.wait_for(second.process.wait(), 10) == 1
            await second.until(lambda: any(f"Port {port} cannot be used" in line for line in second.log))
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        body = b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}'
        writer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"Content-Length")
        writer.close()
        await writer.wait_closed()
        assert await asyncio.wait_for(wire.process.wait(), 10) == 1


async def test_leaving_while_a_request_is_under_way(own: Wire) -> None:
    own.open("never")
    busy = own.complete(0, 5)
    began = time.perf_counter()
    assert await own.leave() == 0
    assert time.perf_counter() - began < 5
    assert own.replies[busy][0]["error"]["code"] == -32800
    assert ["completer closed"] in own.notes
    assert ["engine closed"] in own.notes
