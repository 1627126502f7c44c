"""What pip prints while it installs: how far it is, and which failure a user can do something about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from understudy.engine.base import Progress

USUAL_PACKAGES = 150  # as many as vLLM 0.32 brings; only the bar's speed depends on it
_COLLECTED = re.compile(r"^\s*(?:Collecting|Processing)\s+(\S+)")
_DOWNLOADING = re.compile(r"^\s*Downloading (?:\S*/)?([^\s/]+?)-\d[^\s/]* \(([^)]+)\)")
_SHARE = re.compile(r"^Progress (\d+) of (\d+)")
_INSTALLING = re.compile(r"^Installing collected packages: (.+)")


@dataclass(frozen=True, slots=True)
class PipState:
    """What the lines so far said. `installing`: how many packages are being put in place, once that has begun."""

    collected: int = 0
    file: str = ""
    share: int | None = None
    installing: int = 0


def after_line(state: PipState, line: str) -> PipState:
    """The state after one more line."""
    if _COLLECTED.match(line):
        return replace(state, collected=state.collected + 1)
    if found := _DOWNLOADING.match(line):
        return replace(state, file=f"{found.group(1)} ({found.group(2)})", share=None)
    if (found := _SHARE.match(line)) and int(found.group(2)):
        return replace(state, share=100 * int(found.group(1)) // int(found.group(2)))
    if found := _INSTALLING.match(line):
        return replace(state, installing=found.group(1).count(",") + 1)
    return state


def progress_of(state: PipState, installed: int, begin: int, end: int) -> Progress:
    """How far pip is from `begin` to `end` percent: half is finding and fetching, half is putting in place."""
    half = (end - begin) / 2
    if state.installing:
        done = min(installed / state.installing, 1.0)
        message = f"Installing package {min(installed, state.installing)} of {state.installing}"
        return Progress(message, round(begin + half + half * done))
    percent = round(begin + half * min(state.collected / USUAL_PACKAGES, 1.0))
    if not state.file:
        return Progress("Looking for packages", percent)
    share = "" if state.share is None else f", {state.share} %"
    return Progress(f"Downloading {state.file}{share}", percent)


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong and what to do about it."""

    problem: str
    remedy: str


_AGAIN = "then run `understudy engine install` again; what was done is kept."
FAILURES: tuple[tuple[re.Pattern[str], Failure], ...] = (
    (re.compile(r"No space left on device"), Failure("The disk is full.", f"Make room, {_AGAIN}")),
    (
        re.compile(
            r"Temporary failure in name resolution|Name or service not known|NewConnectionError|ConnectTimeout"
            r"|Network is unreachable|Connection refused|getaddrinfo failed|nodename nor servname|ProxyError"
            # pip itself is on every index, so one that lacks it was not reached.
            r"|Max retries exceeded|Connection broken|Read timed out|No matching distribution found for pip\b"
        ),
        Failure("The package index cannot be reached.", f"Check the network and pip's settings, {_AGAIN}"),
    ),
    (
        re.compile(r"(?:No matching distribution found for|Could not find a version that satisfies.*) torch==\S*\+cpu"),
        Failure(
            "pip finds no CPU build of PyTorch.",
            "Add an index that has it to pip (`pip config set global.extra-index-url URL`; PyTorch's installation page"
            f" names one), {_AGAIN}",
        ),
    ),
    (
        re.compile(r"No matching distribution found for|ResolutionImpossible"),
        Failure(
            "pip finds no vLLM for this Python and this machine.",
            "Use Python 3.11 or 3.12 on Linux, or run vLLM elsewhere and set `engine.url`.",
        ),
    ),
    (re.compile(r"Permission denied"), Failure("The folder cannot be written.", f"Give write permission, {_AGAIN}")),
)


def failure_of(lines: Iterable[str]) -> Failure:
    """The failure that pip's output tells of."""
    kept = list(lines)
    text = "\n".join(kept)
    for pattern, failure in FAILURES:
        if pattern.search(text):
            return failure
    errors = [line.removeprefix("ERROR:").strip() for line in kept if line.startswith("ERROR:")]
    return Failure(f"pip failed: {errors[-1][:300]}" if errors else "pip failed.", f"Correct that, {_AGAIN}")
