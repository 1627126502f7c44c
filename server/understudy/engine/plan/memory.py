"""What an engine needs of each GPU's memory, in GB of 10^9 bytes. An estimate: vLLM measures it when it starts."""

from __future__ import annotations

from dataclasses import dataclass

from understudy.engine.catalogue.schema import Checkpoint, Model

RUNTIME = 1.0  # CUDA's context, the libraries' workspaces, captured graphs of small batches
PARALLEL = 0.4  # NCCL's buffers, where several GPUs work together
WEIGHTS_SHARE = 0.03  # scales, alignment and what the loader leaves
ACTIVATIONS = 0.1  # for each 1,024 tokens of the largest batch
# A process of vLLM on a CPU with torch in it: 1.2 GB were measured with a tiny model.
CPU_RUNTIME = 1.5


@dataclass(frozen=True, slots=True)
class Memory:
    """GB on each GPU, or of RAM. `state`: the recurrent state of hybrid models, for all requests at once."""

    weights: float
    cache: float
    state: float
    overhead: float

    @property
    def total(self) -> float:
        """All of it."""
        return self.weights + self.cache + self.state + self.overhead


def gpu_memory(model: Model, checkpoint: Checkpoint, *, gpus: int, cached: int, requests: int, batch: int) -> Memory:
    """On each of `gpus`: a cache of `cached` tokens, the state of `requests`, steps of up to `batch` tokens.

    Weights are divided among the GPUs, the cache by its heads: where there are more GPUs than those, they repeat it.
    """
    weights = checkpoint.weights / gpus
    overhead = RUNTIME + WEIGHTS_SHARE * weights + ACTIVATIONS * batch / 1024 + (PARALLEL if gpus > 1 else 0)
    return Memory(
        weights,
        model.cache_per_token * cached / 1e9 / min(gpus, _heads(model)),
        model.state_per_request * requests / 1e9 / gpus,
        overhead,
    )


def _heads(model: Model) -> int:
    """Into how many parts the cache can be divided: one where it holds what all heads share, or nobody says."""
    return (model.attention.kv_heads if model.attention else 0) or 1


def cpu_memory(model: Model, checkpoint: Checkpoint, *, cache: float) -> Memory:
    """In RAM, with `cache` GB for the cache."""
    return Memory(checkpoint.weights, cache, 0.0, CPU_RUNTIME + WEIGHTS_SHARE * checkpoint.weights)
