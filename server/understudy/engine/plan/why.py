"""Why a plan is as it is: what does not run here and for which reason, and what may go wrong with what does."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from understudy.engine.catalogue import Catalogue
from understudy.engine.catalogue.schema import BITS, Model
from understudy.engine.plan.candidates import (
    OLDEST,
    TYPING,
    WORK,
    Candidate,
    by_precision,
    groups,
    models,
    seatings,
    unable,
)
from understudy.engine.plan.hardware import Hardware
from understudy.engine.plan.placing import (
    AGENT_CONTEXT,
    LIMIT,
    LINE_SECONDS,
    has_what_its_recipe_asks,
    types_fast,
    typing_engine,
    work_memory,
)
from understudy.engine.plan.result import PlannedEngine, Refused

SHORT_CONTEXT = 65536
SLOW_FIRST = 2.0  # seconds until a whole prompt is read; a user who waits longer thinks that nothing works


def refusals(hardware: Hardware, catalogue: Catalogue, engines: Sequence[PlannedEngine]) -> tuple[Refused, ...]:
    """The models that the plan would rather have had, and better precisions of those it has, each with the reasons."""
    return (*_for_work(hardware, catalogue, engines), *_for_typing(hardware, catalogue, engines))


def _for_work(hardware: Hardware, catalogue: Catalogue, engines: Sequence[PlannedEngine]) -> Iterator[Refused]:
    chosen = next((engine for engine in engines if "work" in engine.lanes), None)
    for model in models(catalogue, WORK):
        against: dict[str, list[str]] = {}
        for checkpoint in by_precision(model):
            if chosen and chosen.checkpoint == checkpoint:
                break
            against.setdefault(_no_work(hardware, (model, checkpoint)), []).append(checkpoint.precision)
        if against:
            yield Refused(model.name, "; ".join(f"{why} ({', '.join(which)})" for why, which in against.items()) + ".")
        if chosen and chosen.model == model:
            return


def _no_work(hardware: Hardware, of: Candidate) -> str:
    """Why a model for work does not run, on whatever GPUs come nearest."""
    if not groups(hardware):
        return "needs a GPU"
    return min(_shortages(hardware, of), key=lambda each: each.over).why


@dataclass(frozen=True, slots=True)
class Shortage:
    """What keeps a model from certain GPUs; `over`: the GB that are missing, endless where it is not for memory."""

    over: float
    why: str


def _shortages(hardware: Hardware, of: Candidate) -> Iterator[Shortage]:
    checkpoint = of[1]
    for seats in seatings(hardware):
        gpu = hardware.gpus[seats[0]]
        each = " on each GPU" if len(seats) > 1 else ""
        need, room = work_memory(of, len(seats), AGENT_CONTEXT).total, LIMIT[gpu.desktop] * gpu.memory
        if why := unable(checkpoint, gpu):
            yield Shortage(math.inf, why)
        elif need > room:
            yield Shortage(need - room, f"needs {need:.1f} GB of memory{each}, where {room:.1f} may be used")
        elif not has_what_its_recipe_asks(hardware, checkpoint, seats):
            yield Shortage(need - room, f"needs {checkpoint.minimum_memory:g} GB of memory, its recipe says")
        else:
            yield Shortage(need - room, "leaves too little memory for a model that completes")


def _for_typing(hardware: Hardware, catalogue: Catalogue, engines: Sequence[PlannedEngine]) -> Iterator[Refused]:
    """The models for typing before the chosen one, judged on its GPU."""
    chosen = next((engine for engine in engines if "typing" in engine.lanes), None)
    if chosen is None or not chosen.placement.gpus:
        return
    seat = chosen.placement.gpus[0]
    if "work" in chosen.lanes:
        smallest = models(catalogue, TYPING)[-1]
        yield Refused(smallest.name, f"in an engine of its own leaves too little memory for {chosen.model.name}.")
        return
    beside = len(engines) > 1 and seat in engines[1].placement.gpus
    for model in models(catalogue, TYPING):
        if model == chosen.model:
            return
        yield Refused(model.name, _no_typing(hardware, model, seat, beside=beside))


def _no_typing(hardware: Hardware, model: Model, seat: int, *, beside: bool) -> str:
    of = (model, by_precision(model)[0])
    gpu = hardware.gpus[seat]
    if not model.commercial:
        return f"is left out for its licence: {model.licence}."
    if why := unable(of[1], gpu):
        return f"{why}."
    if typing_engine(hardware, of, seat, beside=beside) is None:
        return f"does not fit into the GPU ({of[1].weights:g} GB of weights)."
    if not types_fast(of, gpu, beside=beside):
        while_ = " while both engines work" if beside else ""
        return f"would take longer than {LINE_SECONDS * 1000:.0f} ms for a line{while_}."
    return f"leaves too little of the GPU for work ({of[1].weights:g} GB of weights)."


def warnings(hardware: Hardware, engines: Sequence[PlannedEngine]) -> tuple[str, ...]:
    """What to know about the machine and about the models of the plan, a sentence each."""
    return tuple(
        dict.fromkeys((*hardware.notes, *_of_machine(hardware), *_left_free(hardware, engines), *_of_engines(engines)))
    )


def _of_machine(hardware: Hardware) -> Iterator[str]:
    if hardware.platform == "win32":
        yield "vLLM does not run on Windows itself: install Understudy inside WSL."
    old = {gpu.name for gpu in hardware.gpus if gpu.capability < OLDEST}
    if old:
        yield f"vLLM no longer supports {', '.join(sorted(old))} (compute capability below {OLDEST})."
    if hardware.described and not all(gpu.known for gpu in hardware.gpus):
        yield f"The engine runs on NVIDIA's GPUs alone, of compute capability {OLDEST} or more; check that this is one."
    used = sum(gpu.used for gpu in hardware.gpus)
    if used > 1:
        yield f"{used:.1f} GB of GPU memory are in use now; the plan counts on having them."


def _left_free(hardware: Hardware, engines: Sequence[PlannedEngine]) -> Iterator[str]:
    used = {seat for engine in engines for seat in engine.placement.gpus}
    free = sum(len(group) for group in groups(hardware)) - len(used)
    if used and free:
        are = "GPUs are" if free > 1 else "GPU is"
        yield (
            f"{free} {are} left free, since one person gains little from more. For a team, start more replicas "
            "(vLLM's `--data-parallel-size`) and name them in `engine.urls` or `work.urls`."
        )


def _of_engines(engines: Sequence[PlannedEngine]) -> Iterator[str]:
    for engine in engines:
        model = engine.model
        if len(engine.lanes) > 1:
            yield (
                "Typing and work share one engine: an editor's own long prompts are read in pieces, and completions go "
                "first; those of other windows and users can still hold one up."
            )
            if model.fim and model.fim.evidence == "experimental":
                yield f"{model.name}'s maker does not say that it fills in the middle: completions are an experiment."
        if BITS[engine.checkpoint.precision] == 4 and "work" in engine.lanes:
            yield (
                f"{engine.checkpoint.precision} holds weights in 4 bits: users report losses of 1 to 14 % "
                "against FP8, more in Chinese, Japanese and Korean."
            )
        if "work" in engine.lanes and engine.placement.context < SHORT_CONTEXT:
            yield f"A context of {engine.placement.context:,} tokens is short for an agent."
        if "typing" in engine.lanes and (first := engine.estimate.first[1]) > SLOW_FIRST:
            yield f"The first completion in a file takes about {first:.0f} s; after that only what changed is read."
        yield from (f"{model.name}: {hazard}" for hazard in model.hazards)
