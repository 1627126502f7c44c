"""From a machine and the catalogue to a plan: a pure function, in the order in which a person would decide.

1. The best model for work that fits, provided that completions stay possible beside it.
2. A context in which an agent can work.
3. Two engines before one, since a long prompt holds up every keystroke that queues behind it in the same vLLM.
4. The best precision of the model for work.
5. The best model for typing whose estimate for one line stays short; on a GPU of its own before a shared one.
6. The longest context for work, on as few GPUs as it takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from understudy.engine.catalogue import Catalogue
from understudy.engine.catalogue.schema import Model
from understudy.engine.plan.candidates import (
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
    cpu_engine,
    has_what_its_recipe_asks,
    types_fast,
    typing_engine,
    work_engine,
)
from understudy.engine.plan.result import Offer, Plan, PlannedEngine
from understudy.engine.plan.why import refusals, warnings


@dataclass(frozen=True, slots=True)
class Option:
    """One way to serve the lanes. Of two, the one with the higher `rank` is better."""

    engines: tuple[PlannedEngine, ...]
    rank: tuple[float, ...]


def make_plan(hardware: Hardware, catalogue: Catalogue) -> Plan:
    """What to run on `hardware`. Never raises: where nothing fits there is no engine, and an API is offered."""
    typing = tuple(model for model in models(catalogue, TYPING) if model.commercial)
    for model in models(catalogue, WORK):
        if engines := _best(_with_work(hardware, model, typing)):
            break
    else:
        engines = _best(_typing_alone(hardware, typing))
    offers = () if any("work" in engine.lanes for engine in engines) else tuple(_offers(catalogue))
    return Plan(hardware, engines, refusals(hardware, catalogue, engines), offers, warnings(hardware, engines))


def _best(options: Iterator[Option]) -> tuple[PlannedEngine, ...]:
    best = max(options, key=lambda option: option.rank, default=None)
    return best.engines if best else ()


def _with_work(hardware: Hardware, model: Model, typing: Sequence[Model]) -> Iterator[Option]:
    """All ways to serve work with `model`, and typing with it or with one of `typing`."""
    for quality, checkpoint in enumerate(by_precision(model)):
        of = (model, checkpoint)
        for seats in seatings(hardware):
            if unable(checkpoint, hardware.gpus[seats[0]]) or not has_what_its_recipe_asks(hardware, checkpoint, seats):
                continue
            for engines, rank in _beside(hardware, of, seats, typing):
                work = engines[-1]
                context = work.placement.context
                yield Option(engines, (context >= AGENT_CONTEXT, 2, -quality, *rank, context, -len(seats)))
            if model.infill == "fim" and "typing" in model.lanes:
                shared = work_engine(hardware, ("typing", "work"), of, seats)
                if shared:
                    context = shared.placement.context
                    yield Option((shared,), (context >= AGENT_CONTEXT, 1, -quality, 0, 0, context, -len(seats)))


def _beside(
    hardware: Hardware, work: Candidate, seats: Sequence[int], typing: Sequence[Model]
) -> Iterator[tuple[tuple[PlannedEngine, PlannedEngine], tuple[float, float]]]:
    """The engines for typing that leave room for `work` on `seats`, each with it; and how good the first is."""
    others = [next((index for index in group if index not in seats), None) for group in groups(hardware)]
    for seat in (*(index for index in others if index is not None), seats[0]):
        beside = seat in seats
        for rank, of in _for_typing(hardware, typing, seat, beside=beside):
            first = typing_engine(hardware, of, seat, beside=beside)
            taken = first.placement.share if first and beside else 0.0
            second = work_engine(hardware, ("work",), work, seats, taken)
            if first and second:
                yield (first, second), (-rank, not beside)


def _typing_alone(hardware: Hardware, typing: Sequence[Model]) -> Iterator[Option]:
    """Engines for typing where no model for work fits: on a GPU, else on the CPU."""
    for group in groups(hardware):
        for rank, of in _for_typing(hardware, typing, group[0], beside=False):
            if engine := typing_engine(hardware, of, group[0], beside=False):
                yield Option((engine,), (1, -rank, -engine.estimate.each))
    for model in typing[-1:]:
        if engine := cpu_engine(hardware, (model, by_precision(model)[0])):
            yield Option((engine,), (0,))


def _for_typing(
    hardware: Hardware, typing: Sequence[Model], seat: int, *, beside: bool
) -> Iterator[tuple[int, Candidate]]:
    """Those of `typing` that are fast enough on a GPU, with their ranks; the last one, the smallest, always."""
    gpu = hardware.gpus[seat]
    for rank, model in enumerate(typing):
        of = (model, by_precision(model)[0])
        if not unable(of[1], gpu) and (types_fast(of, gpu, beside=beside) or model is typing[-1]):
            yield rank, of


def _offers(catalogue: Catalogue) -> Iterator[Offer]:
    """The APIs for work, with the price of short prompts."""
    for model in catalogue.models:
        if model.served_by == "api" and "work" in model.lanes:
            for provider in model.providers:
                yield Offer(
                    model.name,
                    provider.name,
                    provider.url,
                    provider.model,
                    provider.key_variable,
                    provider.prices[0],
                )
