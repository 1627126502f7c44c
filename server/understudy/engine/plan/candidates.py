"""Which models a plan considers, in the order in which it wants them, and which GPUs can hold them together."""

from __future__ import annotations

from understudy.engine.catalogue import Catalogue
from understudy.engine.catalogue.schema import Checkpoint, Model, Precision
from understudy.engine.environment import VLLM_VERSION, at_least
from understudy.engine.plan.hardware import Gpu, Hardware

Candidate = tuple[Model, Checkpoint]
# By what their makers report on SWE-bench Verified: 73.4, 52.0 and, in another scaffold, 51.6.
WORK = ("Qwen3.6-35B-A3B", "Gemma4-31B", "Qwen3-Coder-30B-A3B")
# Base models whose maker states fill-in-the-middle, under one format. Larger ones take twice as long for a line.
TYPING = ("Qwen2.5-Coder-7B", "Qwen2.5-Coder-3B", "Qwen2.5-Coder-1.5B", "Qwen2.5-Coder-0.5B")
# FP8 before BF16: half the bytes for each token, and hardly a loss. Four bits lose quality and come last.
PRECISIONS: tuple[Precision, ...] = ("fp8", "bf16", "nvfp4", "gptq-int4", "awq-int4", "int4")
OLDEST = 7.5  # vLLM's wheels for CUDA 13 hold no code for older compute capabilities
# vLLM splits a block-quantised expert of 512 columns into at most 4 parts of a block (128).
PARALLEL = (1, 2, 4)


def models(catalogue: Catalogue, names: tuple[str, ...]) -> tuple[Model, ...]:
    """The rows of these names that vLLM serves, in this order."""
    by_name = {row.name: row for row in catalogue.models if row.served_by == "vllm"}
    return tuple(by_name[name] for name in names if name in by_name)


def by_precision(model: Model) -> list[Checkpoint]:
    """Its checkpoints, the best first."""
    return sorted(model.checkpoints, key=lambda each: PRECISIONS.index(each.precision))


def groups(hardware: Hardware) -> list[tuple[int, ...]]:
    """The GPUs that vLLM supports, equal ones together, by their numbers."""
    alike: dict[tuple[str, int], list[int]] = {}
    for index, gpu in enumerate(hardware.gpus):
        if gpu.capability >= OLDEST:
            alike.setdefault((gpu.name, gpu.size), []).append(index)
    return [tuple(group) for group in alike.values()]


def seatings(hardware: Hardware) -> list[tuple[int, ...]]:
    """The sets of equal GPUs that one model may be spread over, the last ones of each kind: the first is the likeliest
    to draw a screen, and best left to the smaller engine."""
    return [group[-count:] for group in groups(hardware) for count in PARALLEL if count <= len(group)]


def unable(checkpoint: Checkpoint, gpu: Gpu) -> str:
    """Why this kind of GPU, however many there are, does not run a checkpoint; empty if it does."""
    if not at_least(VLLM_VERSION, checkpoint.minimum_vllm):
        return f"needs vLLM {checkpoint.minimum_vllm}, and {VLLM_VERSION} is used here"
    if checkpoint.minimum_capability > gpu.capability:
        return f"needs compute capability {checkpoint.minimum_capability}, which this GPU ({gpu.capability}) lacks"
    return ""
