"""One engine on certain GPUs or on the CPU: whether it fits, how much it takes, and how fast it would be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from understudy.engine.catalogue.schema import Checkpoint, Lane
from understudy.engine.launch import CPU_CACHE_GIB, GPU_STEP
from understudy.engine.plan.arguments import Placement, on_gpu
from understudy.engine.plan.candidates import Candidate
from understudy.engine.plan.hardware import GIB, Gpu, Hardware
from understudy.engine.plan.memory import Memory, cpu_memory, gpu_memory
from understudy.engine.plan.result import PlannedEngine
from understudy.engine.plan.roofline import cpu_speed, estimate, gpu_speed

LIMIT = {True: 0.92, False: 0.95}  # of a GPU's memory, by whether it draws somebody's screen too
# The maker of Qwen3.6 advises 128 K; a fix gets by with 16 K.
WORK_CONTEXTS = (131072, 98304, 65536, 49152, 32768, 24576, 16384)
AGENT_CONTEXT = 32768  # below, an agent forgets the task before it has read the files
WORK_REQUESTS, WORK_BATCH = 8, GPU_STEP
TYPING_CONTEXT, TYPING_REQUESTS, TYPING_BATCH = 16384, 16, 4096
TYPING_CACHES = (65536, 24576)  # tokens: room for several files, or for one and a half contexts
CPU_CONTEXT, CPU_REQUESTS = 8192, 8
SPARED_RAM = 4.0  # GB for the system, the editor and its language servers
LINE_TOKENS, LINE_SECONDS = 16, 0.35  # a line of code, and how long a person waits for it while typing


def work_engine(
    hardware: Hardware, lanes: tuple[Lane, ...], of: Candidate, seats: Sequence[int], taken: float = 0.0
) -> PlannedEngine | None:
    """An engine for work on the equal GPUs `seats`, of each of which another engine has the share `taken`: with the
    longest context that this allows, and a cache for as many of its requests as still fit. None: it does not fit."""
    gpu = hardware.gpus[seats[0]]
    limit = round(LIMIT[gpu.desktop] - taken, 2)
    for context in WORK_CONTEXTS:
        least = work_memory(of, len(seats), context)
        if context <= of[0].context and least.total <= limit * gpu.memory:
            most = work_memory(of, len(seats), context * WORK_REQUESTS).total
            share = min(limit, _share(most, gpu))
            # vLLM takes its whole share: what the weights leave becomes cache.
            cache = least.cache + share * gpu.memory - least.total
            cached = int(context * cache / least.cache) if least.cache else context
            placement = Placement(tuple(seats), share, context, WORK_REQUESTS, WORK_BATCH, len(hardware.gpus))
            return _engine(lanes, of, placement, cached, replace(least, cache=cache), hardware)
    return None


def typing_engine(hardware: Hardware, of: Candidate, seat: int, *, beside: bool) -> PlannedEngine | None:
    """An engine for typing on one GPU, which takes no more than it needs. `beside`: another engine is on it too."""
    gpu = hardware.gpus[seat]
    for cached in TYPING_CACHES[beside:]:
        needs = gpu_memory(*of, gpus=1, cached=cached, requests=TYPING_REQUESTS, batch=TYPING_BATCH)
        share = _share(needs.total, gpu)
        if share <= LIMIT[gpu.desktop]:
            context = min(TYPING_CONTEXT, of[0].context)
            placement = Placement((seat,), share, context, TYPING_REQUESTS, TYPING_BATCH, len(hardware.gpus))
            return _engine(("typing",), of, placement, cached, needs, hardware)
    return None


def cpu_engine(hardware: Hardware, of: Candidate) -> PlannedEngine | None:
    """An engine for typing on the CPU."""
    needs = cpu_memory(*of, cache=CPU_CACHE_GIB * GIB)
    if needs.total + SPARED_RAM > hardware.ram:
        return None
    context = min(CPU_CONTEXT, of[0].context)
    cached = int(needs.cache * 1e9 / max(of[0].cache_per_token, 1))
    placement = Placement((), 0.0, context, CPU_REQUESTS, TYPING_BATCH, len(hardware.gpus))
    return _engine(("typing",), of, placement, cached, needs, hardware)


def work_memory(of: Candidate, gpus: int, cached: int) -> Memory:
    """What work needs of each GPU with a cache of `cached` tokens and the state of all requests."""
    return gpu_memory(*of, gpus=gpus, cached=cached, requests=WORK_REQUESTS, batch=WORK_BATCH)


def has_what_its_recipe_asks(hardware: Hardware, checkpoint: Checkpoint, seats: Sequence[int]) -> bool:
    """Whether there is as much memory as the maker or the recipe of a checkpoint asks for."""
    return sum(hardware.gpus[seat].memory for seat in seats) >= (checkpoint.minimum_memory or 0)


def types_fast(of: Candidate, gpu: Gpu, *, beside: bool) -> bool:
    """Whether a line comes before a person has typed on, also while another engine has half of the GPU."""
    speed = gpu_speed(gpu, share=0.5 if beside else 1.0)
    return estimate(*of, speed).line(LINE_TOKENS) <= LINE_SECONDS


def _share(memory: float, gpu: Gpu) -> float:
    """The part of a GPU that `memory` GB are, in whole hundredths."""
    return math.ceil(memory / gpu.memory * 100) / 100


def _engine(
    lanes: tuple[Lane, ...],
    of: Candidate,
    placement: Placement,
    cached: int,
    memory: Memory,
    hardware: Hardware,
) -> PlannedEngine:
    seats = placement.gpus
    speed = gpu_speed(hardware.gpus[seats[0]], len(seats)) if seats else cpu_speed(hardware.cores)
    serving = on_gpu(*of, hardware.gpus[seats[0]].name if seats else "")
    return PlannedEngine(lanes, *of, placement, cached, memory, estimate(*of, speed), serving)
