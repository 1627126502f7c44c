"""A plan: what runs on a machine, what does not and why, and what it would cost elsewhere. All frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from understudy.engine.catalogue.schema import Checkpoint, Lane, Model, Price
from understudy.engine.catalogue.serve import Serving
from understudy.engine.launch import CPU, CPU_ENVIRONMENT, GPU, GPU_ENVIRONMENT, SERVING
from understudy.engine.plan.arguments import Placement, options, placement_arguments
from understudy.engine.plan.hardware import Hardware
from understudy.engine.plan.memory import Memory
from understudy.engine.plan.roofline import Estimate

# A task of an agent: twenty turns that begin alike, most of each one's prompt still in the provider's cache.
TASK_PROMPT, TASK_CACHED, TASK_ANSWER = 500_000, 400_000, 10_000


@dataclass(frozen=True, slots=True)
class PlannedEngine:
    """One vLLM. `cached`: tokens that its cache holds for all requests; `serving`: what the catalogue says for it."""

    lanes: tuple[Lane, ...]
    model: Model
    checkpoint: Checkpoint
    placement: Placement
    cached: int
    memory: Memory
    estimate: Estimate
    serving: Serving

    @property
    def own_arguments(self) -> tuple[str, ...]:
        """What this plan adds to the arguments that an engine of Understudy has anyway."""
        return placement_arguments(self.placement)

    @property
    def arguments(self) -> tuple[str, ...]:
        """vLLM's whole argument list, without the model, the address and the key."""
        always = (*SERVING, *(GPU if self.placement.gpus else CPU))
        return tuple(
            part for option in options((*always, *self.serving.arguments, *self.own_arguments)) for part in option
        )

    @property
    def environment(self) -> Mapping[str, str]:
        """Variables of its process."""
        return {**(GPU_ENVIRONMENT if self.placement.gpus else CPU_ENVIRONMENT), **self.serving.environment}

    @property
    def download(self) -> float:
        """GB of its files."""
        return self.checkpoint.download or self.checkpoint.weights


@dataclass(frozen=True, slots=True)
class Refused:
    """A model that was considered and does not run here."""

    model: str
    why: str


@dataclass(frozen=True, slots=True)
class Offer:
    """An API for work. `price`: for short prompts, in dollars per million tokens."""

    model: str
    provider: str
    url: str
    name: str
    key_variable: str
    price: Price

    @property
    def task(self) -> float:
        """Dollars for one task of an agent."""
        cached = self.price.input if self.price.cached is None else self.price.cached
        fresh = TASK_PROMPT - TASK_CACHED
        return (fresh * self.price.input + TASK_CACHED * cached + TASK_ANSWER * self.price.output) / 1e6


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to run on `hardware`: no engine, one, or one for typing and one for work."""

    hardware: Hardware
    engines: tuple[PlannedEngine, ...]
    refused: tuple[Refused, ...]
    offers: tuple[Offer, ...]
    warnings: tuple[str, ...]

    def engine(self, lane: Lane) -> PlannedEngine | None:
        """The one that serves a lane."""
        return next((engine for engine in self.engines if lane in engine.lanes), None)
