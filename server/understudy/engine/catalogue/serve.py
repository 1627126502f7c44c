"""The arguments with which vLLM serves a checkpoint of the catalogue, put together in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from understudy.engine.catalogue.schema import Checkpoint, GpuArguments, Model


@dataclass(frozen=True, slots=True)
class Serving:
    """What a row says about starting a checkpoint: arguments of vLLM and variables of its process."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


def serving(model: Model, checkpoint: Checkpoint, gpu: str = "") -> Serving:
    """How vLLM serves `checkpoint` on the GPU named `gpu` (of `plan/gpus.toml`; empty: any other, or none).

    Later arguments win, so what is for one GPU comes last. Tool calls and reasoning are parsed wherever a parser is
    known, since a lane that does without them sends its prompts past both.
    """
    profiles = [profile for profile in model.gpu_arguments if _applies(profile, checkpoint, gpu)]
    tools = ("--enable-auto-tool-choice", "--tool-call-parser", model.tool_parser) if model.tool_parser else ()
    reasoning = ("--reasoning-parser", model.reasoning_parser) if model.reasoning_parser else ()
    own = tuple(argument for profile in profiles for argument in profile.arguments)
    variables = {name: value for profile in profiles for name, value in profile.environment.items()}
    return Serving((*model.arguments, *tools, *reasoning, *checkpoint.arguments, *own), variables)


def _applies(profile: GpuArguments, checkpoint: Checkpoint, gpu: str) -> bool:
    return gpu in profile.gpus and (not profile.precisions or checkpoint.precision in profile.precisions)
