"""A conversation as editors lead it: begin, open, type, complete, accept, end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from wire_client import URI, insertion, server

CLIENTS = sorted(Path(__file__).with_name("clients").glob("*.json"))


async def test_ghost_text_at_the_cursor(tmp_path: Path) -> None:
    async with server(home=tmp_path) as wire:
        await wire.start()
        wire.open("say hello\n")
        reply = await wire.reply(wire.complete(0, 9))
        at = {"line": 0, "character": 9}
        assert reply["result"] == {
            "items": [
                {
                    "insertText": "hello",
                    "range": {"start": at, "end": at},
                    "command": {"title": "Accept", "command": "understudy.accept", "arguments": ["item-1"]},
                }
            ]
        }
        assert await wire.leave() == 0
