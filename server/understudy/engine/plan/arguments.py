"""vLLM's arguments from a row of the catalogue, and from where an engine is placed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from understudy.core.errors import StartFailed
from understudy.engine.catalogue import load_catalogue
from understudy.engine.catalogue.schema import Checkpoint, Model
from understudy.engine.catalogue.serve import Serving, serving
from understudy.engine.chunks import chunk_arguments
from understudy.engine.environment import VLLM_VERSION, at_least
from understudy.engine.plan.gpus import find_sheet
from understudy.engine.plan.hardware import Reading


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an engine runs. `gpus`: as CUDA counts them, none for the CPU; `share`: of each one's memory; `context`: of
    one request, in tokens; `requests`: at once; `batch`: tokens of one step; `all_gpus`: how many the machine has."""

    gpus: tuple[int, ...]
    share: float
    context: int
    requests: int
    batch: int
    all_gpus: int = 1


def placement_arguments(placement: Placement) -> tuple[str, ...]:
    """What follows from the hardware."""
    context = ("--max-model-len", str(placement.context))
    if not placement.gpus:
        return context
    parallel = ("--tensor-parallel-size", str(len(placement.gpus))) if len(placement.gpus) > 1 else ()
    devices = ("--device-ids", ",".join(map(str, placement.gpus))) if placement.all_gpus > 1 else ()
    return (
        *context,
        *("--max-num-seqs", str(placement.requests)),
        *chunk_arguments(placement.batch, placement.context),
        *("--gpu-memory-utilization", f"{placement.share:.2f}"),
        *parallel,
        *devices,
    )


def options(arguments: Sequence[str]) -> list[tuple[str, ...]]:
    """Each option with its value. Of several times the same, the last, which is the one that counts for vLLM."""
    grouped: dict[str, tuple[str, ...]] = {}
    last = ""
    for argument in arguments:
        if argument.startswith("--"):
            last = argument
            grouped.pop(last, None)
            grouped[last] = (last,)
        else:
            grouped[last] += (argument,)
    return list(grouped.values())


def of_checkpoint(name: str, readings: Sequence[Reading] = (), arguments: Sequence[str] = ()) -> Serving:
    """What the catalogue says for a checkpoint by its hub name; nothing for one that it does not list. `readings`: the
    GPUs that CUDA lets the engine see, none for the CPU, of which it runs on those that `--device-ids` among its
    `arguments` names. Raises `StartFailed` where that needs a newer vLLM."""
    found = load_catalogue().checkpoint(name)
    if found is None:
        return Serving(())
    model, checkpoint = found
    if not at_least(VLLM_VERSION, checkpoint.minimum_vllm):
        raise StartFailed(
            f"{name} needs vLLM {checkpoint.minimum_vllm}, and this Understudy runs {VLLM_VERSION}.",
            "Choose another `engine.model`, or update Understudy.",
        )
    first = _first_device(arguments)
    return on_gpu(model, checkpoint, readings[first].name if first < len(readings) else "")


def _first_device(arguments: Sequence[str]) -> int:
    """The number of the first GPU of an engine with these arguments; 0 where they name none by its number."""
    named = "0"
    for word, following in zip(arguments, (*arguments[1:], ""), strict=False):
        if word == "--device-ids":
            named = following
        elif word.startswith("--device-ids="):
            named = word.partition("=")[2]
    first = named.partition(",")[0].strip()
    return int(first) if first.isdecimal() else 0


def on_gpu(model: Model, checkpoint: Checkpoint, gpu: str = "") -> Serving:
    """What the catalogue says for a checkpoint on the GPU that the driver calls `gpu`."""
    sheet = find_sheet(gpu) if gpu else None
    return serving(model, checkpoint, sheet.name if sheet else "")
