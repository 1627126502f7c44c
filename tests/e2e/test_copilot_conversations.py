"""What unmodified plugins once said to the server is said again, and the server answers as it did (`conversations/`).

The client's messages keep their order, and each waits for whatever the server had said before it. Compared are the
replies, and what else the server sent, up to what differs from run to run: ids, and the server's own version.
"""

from __future__ import annotations

import asyncio
import copy
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conformity import Conversation, complaints, read
from wire_client import Wire, server

HERE = Path(__file__).parent
RECORDINGS = sorted((HERE / "conversations").glob("*.jsonl"))
ITEM = re.compile(r"[0-9a-f]{8}-\d+")
RUN_BY_PLUGINS = ("accept", "didAcceptCompletionItem", "finishDeviceFlow")
LATE = -32600  # to what is asked after `shutdown`

Line = dict[str, Any]


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda file: file.stem)
async def test_the_server_answers_as_it_did(recording: Path, tmp_path: Path) -> None:
    recorded, tape = read(recording), tmp_path / "tape.jsonl"
    command = (str(HERE / "record.py"), str(tape), "--", sys.executable, "-m", "understudy", "--stdio")
    environment = {
        "UNDERSTUDY_SCRIPT": str(recording.with_suffix(".script")),
        "UNDERSTUDY_STATE_HOME": str(tmp_path / "state"),
        # Nothing was read of the workspace then; today its progress would be shown where the machine is busy enough.
        "UNDERSTUDY_CONTEXT_INDEX": "false",
    }
    async with server(*command, environment=environment, home=tmp_path / "home") as wire:
        await play(wire, recorded)
        assert wire.process.stdin is not None
        wire.process.stdin.close()
        assert await asyncio.wait_for(wire.process.wait(), 15) in (0, 1)  # 1: the editor left without `exit`
    played = read(tape)
    assert differences(recorded, played) == []
    can = next(reply["result"] for reply in replies(played).values())
    assert complaints(Conversation(recorded[0]["message"]["params"], can, played, frozenset({LATE}))) == []


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda file: file.stem)
def test_a_reply_that_lost_anything_would_be_noticed(recording: Path) -> None:
    recorded = read(recording)
    losses = 0
    for at, line in enumerate(recorded):
        if line["from"] != "server" or "method" in line["message"]:
            continue
        for path in leaves(line["message"].get("result")):
            if "commands" in path[:-1]:
                continue  # the server may have others by now
            played = copy.deepcopy(recorded)
            parent = played[at]["message"]["result"]
            for key in path[:-1]:
                parent = parent[key]
            del parent[path[-1]]
            assert differences(recorded, played), path
            losses += 1
    assert losses > 20


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda file: file.stem)
def test_nothing_of_the_machine_is_kept(recording: Path) -> None:
    places = re.findall(r"file://[^\"]*|\"/[^\"]*|/(?:home|root|tmp|opt|work|Users)/[^\"]*", recording.read_text())
    assert places
    assert {place for place in places if not place.removeprefix("file://").lstrip('"').startswith("/project")} == set()


async def play(wire: Wire, recorded: list[Line]) -> None:
    """Say the client's part of a recording."""
    names: dict[str, str] = {}  # the items' ids, from those of the recording to those of today
    past: list[Line] = []
    for line in recorded:
        if line["from"] == "client":
            await catch_up(wire, past, names)
            message = renamed(line["message"], names)
            if "method" not in message:
                message["id"] = asked_now(wire, past, message["id"])
            wire.send(message)
        past.append(line)
    await catch_up(wire, past, names)


async def catch_up(wire: Wire, past: list[Line], names: dict[str, str]) -> None:
    """Wait until the server has said what it had said by then, and learn the ids of its items."""
    for msg_id, reply in replies(past).items():
        names.update(zip(items(reply), items(await wire.reply(msg_id)), strict=False))
    for method, count in Counter(line["message"]["method"] for line in past if is_call(line)).items():
        await wire.until(lambda method=method, count=count: len(wire.messages(method)) >= count)


def asked_now(wire: Wire, past: list[Line], msg_id: Any) -> Any:
    """The id that a request of the server has today which was recorded as `msg_id`."""
    method = next(line["message"]["method"] for line in past if is_call(line) and line["message"].get("id") == msg_id)
    before = [line["message"]["id"] for line in past if is_call(line) and line["message"]["method"] == method]
    return [message for message in wire.heard if message["method"] == method][before.index(msg_id)]["id"]


def differences(recorded: list[Line], played: list[Line]) -> list[str]:
    """What the server says otherwise in `played`."""
    before, now = comparable(recorded), comparable(played)
    return [
        f"{what} was {before[what]} and is {now.get(what)}"
        for what in before
        if before[what] is not None and before[what] != now.get(what)
    ] + [f"{what} is new: {now[what]}" for what in now if what not in before]


def comparable(lines: list[Line]) -> dict[str, Any]:
    """What the server said: its replies by the client's requests, everything else by method."""
    found: dict[str, Any] = {}
    given, names = replies(lines), dict[str, str]()
    requests = [
        line["message"] for line in lines if line["from"] == "client" and {"id", "method"} <= line["message"].keys()
    ]
    for request in requests:
        # An editor that is gone has not heard the last replies.
        found[f"the reply to {request['method']} {request['id']}"] = general(given.get(request["id"]), names)
    calls = defaultdict(list)
    for line in lines:
        if is_call(line):
            calls[line["message"]["method"]].append(general(line["message"].get("params"), names))
    return found | calls


def general(value: Any, names: dict[str, str]) -> Any:
    """A message without what differs from run to run; items are named in the order in which they come."""
    for item in items(value):
        names.setdefault(item, f"item {len(names) + 1}")
    value = renamed(value, names)
    result = value.get("result") if isinstance(value, dict) else None
    for part in (result, _part(result, "serverInfo")):
        if isinstance(part, dict):
            part |= {key: "any" for key in ("version", "runtimeVersion") if key in part}
    capabilities = _part(result, "capabilities")
    if isinstance(capabilities, dict):
        # Came after the recordings, for the editor and not for the plugin.
        capabilities.pop("codeActionProvider", None)
    provider = _part(result, "capabilities", "executeCommandProvider")
    if isinstance(provider, dict) and "commands" in provider:
        # Those that a plugin may run; the server may well have more by now.
        provider["commands"] = [word for word in provider["commands"] if word.endswith(RUN_BY_PLUGINS)]
    return value


def _part(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def replies(lines: list[Line]) -> dict[Any, dict[str, Any]]:
    """The server's replies by the client's ids."""
    said = (line["message"] for line in lines if line["from"] == "server")
    return {message["id"]: message for message in said if "method" not in message}


def is_call(line: Line) -> bool:
    """Whether the server asks or tells something."""
    return line["from"] == "server" and "method" in line["message"]


def items(value: Any) -> list[str]:
    """The ids of items in a message, in their order."""
    return list(dict.fromkeys(ITEM.findall(json.dumps(value))))


def renamed(value: Any, names: dict[str, str]) -> Any:
    """A copy of a message with other ids of items."""
    return json.loads(ITEM.sub(lambda found: names.get(found[0], found[0]), json.dumps(value)))


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of everything that can be taken out of a result."""
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield (*path, key)
        yield from leaves(value[key], (*path, key))
