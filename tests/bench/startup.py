"""From the start of the process to the reply to `initialize`, beside a bare pygls server in the same run."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from bench.figures import Percentiles, row

ROUNDS = 15
GOAL_RATIO = 1.3
CLIENT = Path(__file__).parents[1] / "e2e" / "clients" / "vscode.json"
BARE = """
from lsprotocol import types
from pygls.lsp.server import LanguageServer
server = LanguageServer("bare", "1")

@server.feature(types.TEXT_DOCUMENT_INLINE_COMPLETION, types.InlineCompletionOptions(work_done_progress=False))
def complete(params: types.InlineCompletionParams) -> types.InlineCompletionList:
    return types.InlineCompletionList(items=[])

server.start_io()
"""
SERVERS = {"understudy": ("-m", "understudy", "lsp"), "bare pygls": ("-c", BARE)}


@dataclass(frozen=True)
class Start:
    """Milliseconds to the reply, and MB resident right after it (0 where the system does not say)."""

    ms: float
    resident_mb: float


def startup(rounds: int = ROUNDS) -> dict[str, list[Start]]:
    """Start each server in turn, so that whatever else the machine does falls on both alike."""
    found: dict[str, list[Start]] = {name: [] for name in SERVERS}
    for words in SERVERS.values():
        start(words)  # fills the caches of the file system
    for _ in range(rounds):
        for name, words in SERVERS.items():
            found[name].append(start(words))
    return found


def start(words: Sequence[str]) -> Start:
    """Start a server, initialize it as VS Code does, and end it."""
    body = json.dumps(
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": json.loads(CLIENT.read_text())}
    ).encode()
    began = perf_counter()
    with subprocess.Popen(
        [sys.executable, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        process.stdin.flush()
        header = process.stdout.readline()
        ms = (perf_counter() - began) * 1000
        assert header.startswith(b"Content-Length"), header
        resident = resident_mb(process.pid)
        process.kill()
    return Start(ms, resident)


def resident_mb(pid: int) -> float:
    """Resident memory from proc(5)."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0.0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def report() -> None:
    """Say the figures."""
    found = startup()
    middle = {name: Percentiles.of([one.ms for one in starts]) for name, starts in found.items()}
    for name, figures in middle.items():
        row(f"start to `initialize` reply, {name}, ms", figures)
        row(f"resident then, {name}, MB", f"{max(one.resident_mb for one in found[name]):.0f}")
    ratio = middle["understudy"].p50 / middle["bare pygls"].p50
    row("ratio of the medians", f"{ratio:.2f}", f"≤ {GOAL_RATIO}", met=ratio <= GOAL_RATIO)


if __name__ == "__main__":
    report()
