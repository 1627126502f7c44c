"""Tokens that a keystroke has the engine compute: stretches of a workspace typed again through the real pipeline.

Every key is a request here, also where the pipeline would answer from memory: what counts is how much of the prompt the
engine finds in its prefix cache, and that depends on the layout of the prompt and on how rarely it moves. The same keys
are typed in both orders of a prompt; the bundled model was trained for both, the hybrid one has random weights.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time_ns

from bench.figures import Percentiles, row, say
from bench.hybrid import MATCH_UNIT, make_hybrid_model
from bench.real import engine
from bench.tiny import ARGUMENTS
from understudy.context.index.chunks import chunks
from understudy.context.index.extract import extract
from understudy.context.index.memory import MemoryIndex
from understudy.context.index.record import FileRecord
from understudy.context.syntax.grammar import grammar_for
from understudy.context.syntax.source import Source
from understudy.context.workspace import Workspace
from understudy.core.settings import CompletionSettings, EngineSettings
from understudy.core.statistics import NullRecorder
from understudy.core.text import Document
from understudy.engine.base import Chunk, Engine, TextRequest, Usage
from understudy.engine.scripted import ScriptedSource
from understudy.engine.through import ThroughEngine
from understudy.evaluation.metrics import common_prefix
from understudy.features.completion.complete import Completer
from understudy.features.completion.outcome import Query
from understudy.features.completion.warm import PAUSE_SECONDS, Ahead
from understudy.features.completion.watch import Watch

ROOT = Path(__file__).parents[2] / "server"
# Where is typed, and the line with which that begins; the first files are only looked at.
LOOKED_AT = ("understudy/core/text.py", "understudy/engine/base.py")
TYPED = (
    ("understudy/engine/counter.py", "    def wants("),
    ("understudy/context/window.py", "def window_end("),
    ("understudy/features/completion/memory.py", "    def recall("),
    ("understudy/engine/served.py", "async def describe("),
)
CHARACTERS = 100  # typed in each, to the end of a line
BUDGET = 3400  # with which prompts have about 3,000 tokens: counts are careful, and room is kept for what comes
SETTLE_SECONDS = 0.5  # in which the token counter learns a file, as it does in a pause
BUNDLED_GOAL, HYBRID_GOAL, BEYOND_SUFFIX = 24, 64, 48
ENDS = 64  # characters at the end of a prompt that a key may change in a format with nothing behind the cursor
WARMED_SECONDS = 2.0  # in which the engine has read what it was given
SUFFIX, MIDDLE = "<|fim_suffix|>", "<|fim_middle|>"
SUFFIX_FIRST, PREFIX_FIRST = "qwen-spm", "qwen"  # rows of `engine.fim_formats`


@dataclass(frozen=True, slots=True)
class Key:
    """What the request after one key came to. `first`: in this file since another one was typed in."""

    prompt: str
    usage: Usage
    first: bool

    @property
    def computed(self) -> int:
        assert self.usage.computed is not None, "the engine says what it found in its cache"
        return self.usage.computed

    @property
    def suffix(self) -> str:
        return self.prompt.partition(SUFFIX)[2].partition(MIDDLE)[0]


@dataclass
class Prompts(ThroughEngine):
    """Computes the prompts of `engine`, one token each, and answers nothing."""

    engine: Engine
    asked: list[tuple[str, Usage]] = field(default_factory=list)

    async def stream(self, request: TextRequest) -> AsyncGenerator[Chunk, None]:
        """Note a prompt and what of it was cached."""
        usage = Usage()
        async with aclosing(self.engine.stream(replace(request, max_tokens=1, deadline=None))) as chunks:
            async for chunk in chunks:
                usage = chunk.usage or usage
        assert isinstance(request.prompt, str)
        self.asked.append((request.prompt, usage))
        yield Chunk(finish="stop", usage=usage)


async def typed(real: Engine, fim: str) -> list[Key]:
    """Type the stretches and give what each key cost."""
    prompts = Prompts(real)
    completer = Completer(
        CompletionSettings(debounce_ms=0, prompt_tokens=BUDGET),
        ScriptedSource(prompts),
        workspace=Workspace((ROOT,), index=_index()),
        watch=Watch(NullRecorder()),
        fim=fim,
        clock=itertools.count(0, 3600).__next__,
    )
    keys: list[Key] = []
    for name in LOOKED_AT:
        document = _document(name, _text(name))
        completer.changed(None, document)
        await completer.complete(Query(document, 0))
    for name, begin in TYPED:
        text = _text(name)
        start = text.index(begin)
        end = text.index("\n", start + CHARACTERS)
        document = _document(name, text[:start] + text[end:])
        completer.changed(None, document)
        await completer.complete(Query(document, start))
        await asyncio.sleep(SETTLE_SECONDS)
        del prompts.asked[:]
        for offset in range(start, end):
            now = _document(name, document.text[:offset] + text[offset] + document.text[offset:], document.version + 1)
            completer.changed(document, now)
            await completer.complete(Query(now, offset + 1))
            document = now
        keys += [Key(prompt, usage, first=index == 0) for index, (prompt, usage) in enumerate(prompts.asked)]
    await completer.aclose()
    return keys


@cache
def _index() -> MemoryIndex:
    """Every file of the server."""
    records: list[FileRecord] = []
    texts: dict[str, str] = {}
    ranges: dict[str, tuple[tuple[int, int], ...]] = {}
    grammar = grammar_for("python")
    assert grammar is not None
    for path in sorted(ROOT.rglob("*.py")):
        texts[str(path)] = path.read_text(encoding="utf-8")
        source = Source.parse(grammar, texts[str(path)])
        record = extract(source, str(path))
        records.append(record)
        ranges[str(path)] = chunks(source, record)
    return MemoryIndex(records, texts, ranges=ranges)


async def switched(real: Engine, *, warming: bool, seed: int) -> Usage:
    """Change a file that was opened after work in another one, pause, and ask there: what the prompt of that cost.

    `seed`: the texts are never the same twice, since the engine remembers.
    """
    prompts = Prompts(real)
    completer = Completer(
        CompletionSettings(debounce_ms=0),
        ScriptedSource(prompts),
        workspace=Workspace((ROOT,)),
        watch=Watch(NullRecorder()),
        fim=SUFFIX_FIRST,
        ahead=Ahead(warming=ScriptedSource(real) if warming else None),
    )
    first, second = (_document(f"{name}.py", _statements(f"{name}{seed % 100_000}")) for name in ("first", "second"))
    completer.changed(None, first)
    await completer.complete(Query(first, 0))
    completer.changed(None, second)
    cursor = second.text.index("\n", len(second.text) // 2) + 1
    typed = replace(second, version=2, text=f"{second.text[:cursor]}total = {second.text[cursor:]}")
    completer.changed(second, typed)
    await asyncio.sleep(PAUSE_SECONDS + WARMED_SECONDS)
    await completer.complete(Query(typed, cursor + len("total = ")))
    await completer.aclose()
    return prompts.asked[-1][1]


def _statements(name: str) -> str:
    return "".join(f"{name}_{number} = {name}_of({number}, count={number * 7})\n" for number in range(60))


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _document(name: str, text: str, version: int = 1) -> Document:
    return Document((ROOT / name).as_uri(), version, "python", text)


async def report(real: Engine, goal: int) -> None:
    """Type in both orders and print what that took."""
    for fim in (SUFFIX_FIRST, PREFIX_FIRST):
        keys = await typed(real, fim)
        size = Percentiles.of([key.usage.prompt for key in keys])
        order = "suffix" if fim == SUFFIX_FIRST else "prefix"
        say(f"  {order} first: {len(keys)} keys, prompts of {size.p50:,.0f} tokens")
        ordinary = [key for key in keys if not key.first]
        computed = Percentiles.of([key.computed for key in ordinary])
        if fim == SUFFIX_FIRST:
            row("    tokens computed per key", computed, f"p50 ≤ {goal}", met=computed.p50 <= goal)
        else:
            row("    tokens computed per key", computed)
            counts = {text: len((await real.tokenize(text)).ids) for text in {key.suffix for key in ordinary}}
            row("    tokens of the suffix", Percentiles.of([counts[key.suffix] for key in ordinary]))
            beyond = Percentiles.of([key.computed - counts[key.suffix] for key in ordinary])
            met = beyond.p50 <= BEYOND_SUFFIX
            row("    computed besides the suffix", beyond, f"p50 ≤ {BEYOND_SUFFIX}", met=met)
        row("    keys that changed more than the cursor's surroundings", f"{_moved(keys):.1%}")
        row("    the first key in a file", " ".join(str(key.computed) for key in keys if key.first))


async def report_warming(real: Engine) -> None:
    """Print what the first completion in another file costs, with and without reading ahead in the pause before it."""
    for warming in (False, True):
        usage = await switched(real, warming=warming, seed=time_ns())
        name = "read ahead" if warming else "nothing read ahead"
        row(f"  first completion in another file, {name}", f"{usage.computed} of {usage.prompt} tokens computed")


def _moved(keys: Sequence[Key]) -> float:
    """The share of keys whose prompt differs from the one before it in more than the text at the cursor."""
    pairs = [(one, two) for one, two in itertools.pairwise(keys) if not two.first]

    def moved(one: Key, two: Key) -> bool:
        same = common_prefix(one.prompt, two.prompt)
        if one.prompt.endswith(MIDDLE):  # behind the cursor there is the suffix
            return one.suffix[-ENDS:] != two.suffix[-ENDS:] or same < len(one.prompt.partition(SUFFIX)[0]) - ENDS
        return same < len(one.prompt) - ENDS

    return sum(moved(one, two) for one, two in pairs) / len(pairs)


async def measure() -> None:
    """The bundled model, then the hybrid one."""
    async with engine() as (real, _):
        say("  The bundled model, blocks of 32 tokens")
        await report(real, BUNDLED_GOAL)
        await report_warming(real)
    with TemporaryDirectory(prefix="understudy-hybrid-") as home:
        model = make_hybrid_model(Path(home) / "hybrid")
        settings = EngineSettings(model=str(model), arguments=(*ARGUMENTS, *MATCH_UNIT))
        async with engine(settings) as (real, _):
            say("  A hybrid model, blocks of 1,056 tokens, found in units of 16")
            await report(real, HYBRID_GOAL)
            await report_warming(real)


if __name__ == "__main__":
    asyncio.run(measure())
