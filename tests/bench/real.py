"""A typed replay on the real engine with the bundled model, in a state folder of its own."""

from __future__ import annotations

import re
import tempfile
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from bench.commits import typings
from bench.figures import Percentiles, row, say
from bench.replay import CountingEngine, Tally, replay
from understudy.context.workspace import Workspace
from understudy.core.settings import CompletionSettings, EngineSettings
from understudy.core.statistics import NullRecorder
from understudy.engine.base import Engine, Progress
from understudy.engine.local import LocalSource
from understudy.engine.scripted import ScriptedSource
from understudy.engine.state import EngineFolder, engine_key, read_status
from understudy.engine.supervisor import stop
from understudy.features.completion.complete import Completer
from understudy.features.completion.watch import Watch

ROOT = Path(__file__).parents[2]
CHARACTERS = 900
WARM_UP = 100
BUNDLED = EngineSettings()


@dataclass(frozen=True)
class Counters:
    """vLLM's own counts since its start."""

    prompt: float
    cached: float


@asynccontextmanager
async def engine(settings: EngineSettings = BUNDLED) -> AsyncIterator[tuple[Engine, EngineFolder]]:
    """vLLM on the bundled model or another, stopped at the end."""
    with tempfile.TemporaryDirectory(prefix="understudy-bench-") as home:
        folder = EngineFolder(Path(home) / "engine")
        folder.root.mkdir()
        source = LocalSource(settings, who="bench", folder=folder)
        began = perf_counter()
        try:
            found = await source.ensure(_quiet)
            say(f"  vLLM ready after {perf_counter() - began:.0f} s")
            yield found, folder
        finally:
            await source.aclose()
            stop(folder)


async def measure() -> None:
    """Type real commits on the real engine and print what it took."""
    async with engine() as (real, folder):
        await _replay(real, WARM_UP)
        before = counters(folder)
        tally, counting = await _replay(real, CHARACTERS)
        after = counters(folder)
    seen = counting.seen
    without = 1 - seen.requests / tally.keys
    row(
        "keystrokes answered without a new engine request",
        f"{without:.0%} of {tally.keys}",
        "≥ 60 %",
        met=without >= 0.6,
    )
    for outcome, count in tally.outcomes.most_common():
        row(f"    {outcome}", f"{count / tally.keys:.0%}")
    agreed = tally.agreed / tally.offered if tally.offered else 0
    row("offers whose next character was typed next", f"{agreed:.0%} of {tally.offered}")
    computed = [usage.computed for usage in seen.usages if usage.computed is not None]
    prompts = [usage.prompt for usage in seen.usages if usage.prompt]
    row("prompt tokens per new request", Percentiles.of([float(value) for value in prompts]))
    row("… of them computed, not cached (streams that the model ended)", Percentiles.of([float(v) for v in computed]))
    share = 1 - (after.cached - before.cached) / (after.prompt - before.prompt)
    mean = (after.prompt - before.prompt - after.cached + before.cached) / max(1, seen.requests)
    row("… by vLLM's own count, all requests", f"mean {mean:.0f} tokens, {share:.0%} of the prompt")
    row("first token, ms", Percentiles.of(seen.first_token_ms))
    row("whole reply, ms", Percentiles.of(seen.total_ms))


async def _replay(real: Engine, characters: int) -> tuple[Tally, CountingEngine]:
    counting = CountingEngine(real, perf_counter)
    source = ScriptedSource(counting)
    completer = Completer(CompletionSettings(), source, workspace=Workspace(), watch=Watch(NullRecorder()))
    tally = await replay(completer, typings(ROOT, characters=characters, seed=characters))
    await completer.aclose()
    return tally, counting


def counters(folder: EngineFolder) -> Counters:
    """Read vLLM's metrics."""
    status = read_status(folder)
    assert status is not None
    request = urllib.request.Request(
        status.url.removesuffix("/v1") + "/metrics", headers={"Authorization": f"Bearer {engine_key(folder)}"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        text = answer.read().decode()
    return Counters(_sum(text, "vllm:prompt_tokens_total"), _sum(text, "vllm:prompt_tokens_cached_total"))


def _sum(text: str, name: str) -> float:
    return sum(float(value) for value in re.findall(rf"^{name}{{.*}} (\S+)$", text, re.MULTILINE))


def _quiet(_: Progress) -> None:
    return None
