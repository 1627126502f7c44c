"""A cancelled request is answered at once, also in the middle of a generation that takes long to let go."""

from __future__ import annotations

import time
from statistics import quantiles

import pytest
from wire_client import Serve, Wire, inline

pytestmark = pytest.mark.asyncio(loop_scope="module")

CANCELLED = -32800
GOAL_SECONDS = 0.050


async def test_a_cancelled_request_is_answered_within_50_ms(wire: Wire) -> None:
    wire.open("never")
    waits = []
    for _ in range(20):
        msg_id = wire.complete(0, 5)
        await wire.ask("workspace/executeCommand", {"command": "understudy.status"})  # so that it is under way
        assert msg_id not in wire.replies
        began = time.perf_counter()
        wire.notify("$/cancelRequest", {"id": msg_id})
        reply = await wire.reply(msg_id)
        waits.append(time.perf_counter() - began)
        assert reply["error"]["code"] == CANCELLED
    assert quantiles(waits, n=10)[-1] < GOAL_SECONDS, waits


async def test_a_newer_request_for_the_document_takes_the_place_of_the_older(wire: Wire) -> None:
    wire.open("never\nsay hello")
    older = wire.complete(0, 5)
    newer = wire.complete(1, 9)
    assert (await wire.reply(older))["error"]["code"] == CANCELLED
    assert (await wire.reply(newer))["result"]["items"]


async def test_cancelling_what_is_answered_or_was_never_asked(wire: Wire) -> None:
    wire.open("say hello")
    msg_id = wire.complete(0, 9)
    await wire.reply(msg_id)
    for params in ({"id": msg_id}, {"id": "never asked"}, {"id": None}, {"id": [1]}, {}, None):
        wire.notify("$/cancelRequest", params)
    assert (await wire.reply(wire.complete(0, 9)))["result"]["items"]
    assert len(wire.replies[msg_id]) == 1


async def test_an_id_of_text(wire: Wire) -> None:
    wire.open("never")
    wire.request("textDocument/inlineCompletion", inline(0, 5), msg_id="c1")
    wire.notify("$/cancelRequest", {"id": "c1"})
    assert (await wire.reply("c1"))["error"]["code"] == CANCELLED


async def test_a_cancelled_command_does_not_run_on(serve: Serve) -> None:
    """pygls 2.1.1 answers that it was cancelled, and lets it run."""
    async with serve() as wire:
        await wire.start(initializationOptions={"engine": {"model": "stuck"}})
        msg_id = wire.request("workspace/executeCommand", {"command": "understudy.models"})
        await wire.ask("workspace/executeCommand", {"command": "understudy.status"})  # so that it is under way
        began = time.perf_counter()
        wire.notify("$/cancelRequest", {"id": msg_id})
        assert (await wire.reply(msg_id))["error"]["code"] == CANCELLED
        await wire.noted("choices given up")
        assert time.perf_counter() - began < 0.8  # it would have given up by itself after 1 s
