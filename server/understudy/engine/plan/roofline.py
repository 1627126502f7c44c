"""How long a model takes on a GPU, from its data sheet: an estimate, since nothing is run.

The roofline (Williams, Waterman, Patterson 2009): a step lasts as long as its slower half, moving bytes or arithmetic.
Both halves are divided by the share of the sheet's figure that servers reach, and each step has a cost of its own.
Those three constants were set so that the estimates come near what others have measured with vLLM and this
architecture: on an H200 a median of 36 ms to the first token of 342 tokens in BF16 and 5 to 6 ms for each further one
under light load (docs.gpustack.ai, performance lab), on a GB10 6,265 prompt tokens/s (vLLM's recipe).
"""

from __future__ import annotations

from dataclasses import dataclass

from understudy.engine.catalogue.schema import Checkpoint, Model
from understudy.engine.plan.hardware import Gpu

BANDWIDTH_SHARE = 0.7
ARITHMETIC_SHARE = 0.4
STEP_SECONDS = 0.002  # scheduling, starting the kernels, sampling, one answer over HTTP
PARALLEL_SHARE = 0.8  # what is left of each further GPU when several work on one token and talk over PCIe
CONTEXT = 4096  # tokens that a generated one looks back on here
PROMPTS = (64, 2048, 8192)  # tokens that are not in the cache: a keystroke, a new file, a task


@dataclass(frozen=True, slots=True)
class Speed:
    """What the weights run on. `bandwidth`: bytes/s; `bf16`, `fp8`: operations/s; both as on the sheet."""

    bandwidth: float
    bf16: float
    fp8: float = 0.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """Seconds. `first`: to the first token, for each of `PROMPTS`; `each`: for each token after it."""

    first: tuple[float, ...]
    each: float

    def line(self, tokens: int) -> float:
        """Seconds for a completion of `tokens` after a keystroke."""
        return self.first[0] + self.each * (tokens - 1)


def gpu_speed(gpu: Gpu, count: int = 1, share: float = 1.0) -> Speed:
    """`count` equal GPUs that work together, of which this engine gets `share`."""
    times = share * (1 if count == 1 else count * PARALLEL_SHARE)
    return Speed(gpu.bandwidth * 1e12 * times, gpu.bf16 * 1e12 * times, gpu.fp8 * 1e12 * times)


def cpu_speed(cores: int) -> Speed:
    """A desktop's two channels of DDR4-3200, and 16-bit products of AVX-512; rough, since CPUs differ widely."""
    return Speed(51e9, cores * 0.1e12)


def estimate(model: Model, checkpoint: Checkpoint, speed: Speed) -> Estimate:
    """Seconds for one request that is alone on the engine."""
    first = tuple(floor(model, checkpoint, speed, tokens, achieved=True) + STEP_SECONDS for tokens in PROMPTS)
    return Estimate(first, floor(model, checkpoint, speed, 1, achieved=True) + STEP_SECONDS)


def floor(model: Model, checkpoint: Checkpoint, speed: Speed, tokens: int, *, achieved: bool = False) -> float:
    """Seconds that no server can beat for one step over `tokens`, or that a good one achieves.

    `tokens` read at most as many times what one reads, since each may need other experts, and never more than all.
    """
    weights = min(checkpoint.weights, checkpoint.active * tokens) * 1e9
    # A recurrent state is read and written in each step; the cache of what went before is read.
    moved = weights + model.cache_per_token * CONTEXT + 2 * model.state_per_request
    eight = checkpoint.precision == "fp8" and speed.fp8 > 0
    operations = 2 * model.active_parameters * 1e9 * tokens
    bytes_share, arithmetic_share = (BANDWIDTH_SHARE, ARITHMETIC_SHARE) if achieved else (1.0, 1.0)
    moving = moved / (speed.bandwidth * bytes_share)
    return max(moving, operations / ((speed.fp8 if eight else speed.bf16) * arithmetic_share))
