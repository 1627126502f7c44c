"""A plan as a person reads it, on 96 columns."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Iterable, Iterator, Sequence

from understudy.engine.plan.arguments import options
from understudy.engine.plan.hardware import Hardware
from understudy.engine.plan.placing import SPARED_RAM
from understudy.engine.plan.result import TASK_ANSWER, TASK_CACHED, TASK_PROMPT, Offer, Plan, PlannedEngine
from understudy.engine.plan.roofline import ARITHMETIC_SHARE, BANDWIDTH_SHARE, PROMPTS, STEP_SECONDS

WIDTH = 96
LABEL = 14
ESTIMATED = (
    f"Estimates from data sheets ({BANDWIDTH_SHARE:.0%} of the bandwidth, {ARITHMETIC_SHARE:.0%} of the arithmetic, "
    f"{STEP_SECONDS * 1000:.0f} ms for each step), for a request that is alone. Nothing was run."
)
SHARED_GPU = "While two engines work on one GPU, expect about twice that."


def plan_text(plan: Plan) -> str:
    """The whole plan; it ends with the next command."""
    sections = (
        ("The machine described" if plan.hardware.described else "What you have", _hardware(plan.hardware)),
        (_heading(plan.engines), _engines(plan.engines)),
        ("Commands, which Understudy runs by itself", _commands(plan.engines)),
        (_memory_heading(plan.engines), _memory(plan)),
        ("Time in ms to the first token, by tokens not in the cache; and for each further token", _times(plan.engines)),
        ("What else was considered", _listed(f"{refused.model}: {refused.why}" for refused in plan.refused)),
        ("What to know", _listed(plan.warnings)),
        ("Work by an API, only if you say so", _offers(plan.offers)),
        ("Next", _next(plan)),
    )
    written = ((heading, list(lines)) for heading, lines in sections)
    return "\n\n".join("\n".join((heading, *lines)) for heading, lines in written if lines)


def _hardware(hardware: Hardware) -> Iterator[str]:
    for gpu in dict.fromkeys(hardware.gpus):
        count = hardware.gpus.count(gpu)
        yield f"  {count} x {gpu.name}: {gpu.size} GB, {gpu.bandwidth:.2f} TB/s, compute capability {gpu.capability}"
    if not hardware.gpus:
        yield "  no NVIDIA GPU"
    yield f"  {hardware.ram:.0f} GB of RAM, {hardware.cores} CPU cores"


def _heading(engines: Sequence[PlannedEngine]) -> str:
    if not engines:
        return "What will run: nothing of the catalogue"
    if len(engines) > 1:
        return "What will run: two engines"
    shared = len(engines[0].lanes) > 1
    return "What will run: one engine for typing and work" if shared else "What will run: one engine, for typing alone"


def _engines(engines: Sequence[PlannedEngine]) -> Iterator[str]:
    if not engines:
        yield from _wrapped(f"Even the smallest needs more memory, with {SPARED_RAM:.0f} GB left for all else.", "  ")
    for engine in engines:
        place, checkpoint = engine.placement, engine.checkpoint
        gpus = f"GPU {', '.join(map(str, place.gpus))} ({place.share:.0%} of the memory)" if place.gpus else "the CPU"
        yield f"  {_label(engine)}{engine.model.name}, {checkpoint.precision}: {checkpoint.model}"
        yield f"  {'':<{LABEL}}on {gpus}, context {place.context:,}, {engine.download:.1f} GB to download"
        yield f"  {'':<{LABEL}}licence: {engine.model.licence}; tried by this project: {engine.model.tested}"


def _label(engine: PlannedEngine) -> str:
    return f"{' + '.join(engine.lanes):<{LABEL}}"


def _commands(engines: Sequence[PlannedEngine]) -> Iterator[str]:
    for engine in engines:
        variables = [f"{name}={shlex.quote(value)}" for name, value in engine.environment.items()]
        words = [shlex.join(option) for option in options(engine.arguments)]
        yield from _folded([*variables, f"vllm serve {engine.checkpoint.model}", *words])


def _folded(words: Sequence[str]) -> Iterator[str]:
    """Lines of one shell command, broken between `words`."""
    line = "  "
    for number, word in enumerate(words):
        if number and len(line) + len(word) + 3 > WIDTH:
            yield f"{line}\\"
            line = "    "
        line += f"{word} "
    yield line.rstrip()


def _memory_heading(engines: Sequence[PlannedEngine]) -> str:
    on_gpus = any(engine.placement.gpus for engine in engines)
    return "Memory in GB, on each GPU of an engine" if on_gpus else "Memory in GB"


def _memory(plan: Plan) -> Iterator[str]:
    if not plan.engines:
        return
    yield f"  {'':<{LABEL}}weights   cache   state  overhead   total"
    for engine in plan.engines:
        memory = engine.memory
        yield (
            f"  {_label(engine)}{memory.weights:7.1f} {memory.cache:7.1f} {memory.state:7.1f}"
            f" {memory.overhead:9.1f} {memory.total:7.1f}   (cache: {engine.cached:,} tokens)"
        )
    first = plan.engines[0].placement.gpus
    have = f"{plan.hardware.gpus[first[0]].memory:.1f} on each GPU" if first else f"{plan.hardware.ram:.0f} of RAM"
    yield f"  {'there is':<{LABEL}}{have}"


def _times(engines: Sequence[PlannedEngine]) -> Iterator[str]:
    if not engines:
        return
    yield f"  {'':<{LABEL}}" + "".join(f"{tokens:>9,}" for tokens in PROMPTS) + f"{'further':>10}"
    for engine in engines:
        first = "".join(f"{seconds * 1000:9,.0f}" for seconds in engine.estimate.first)
        yield f"  {_label(engine)}{first}{engine.estimate.each * 1000:10.1f}"
    seats = [seat for engine in engines for seat in engine.placement.gpus]
    yield from _wrapped(f"{ESTIMATED} {SHARED_GPU}" if len(set(seats)) < len(seats) else ESTIMATED, "  ")


def _listed(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from _wrapped(text, "  - ")


def _wrapped(text: str, begin: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=begin, subsequent_indent=" " * len(begin), break_on_hyphens=False)


def _offers(offers: Sequence[Offer]) -> Iterator[str]:
    for offer in offers:
        price = offer.price
        cached = f" (${price.cached:g} from its cache)" if price.cached is not None else ""
        yield from _wrapped(
            f"{offer.model} at {offer.provider}: ${price.input:g} for a million tokens in{cached}, "
            f"${price.output:g} for a million out; about ${offer.task:.2f} for a task",
            "  - ",
        )
    if offers:
        task = f"{TASK_PROMPT:,} tokens in, {TASK_CACHED:,} of them from the cache, and {TASK_ANSWER:,} out"
        yield from _wrapped(
            f"A task: {task}. Your code would leave this machine. To take one, set `work.url` to {offers[0].url}, "
            f"`work.model` to {offers[0].name}, and UNDERSTUDY_WORK_API_KEY.",
            "  ",
        )


def _next(plan: Plan) -> Iterator[str]:
    if not plan.engines:
        yield from _wrapped("set `engine.url` to a server that somebody runs, or look at the demonstration:", "  ")
        yield "  understudy demo"
        return
    device = "gpu" if plan.engines[0].placement.gpus else "cpu"
    where = "On that machine" if plan.hardware.described else "Install vLLM, unless it is there, and carry this out"
    yield f"  {where}:"
    yield f"  understudy engine install --device {device} && understudy engine start"
