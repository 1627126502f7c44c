"""The command line and the environment of a local vLLM: pure functions from the model and the hardware."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from understudy.engine.checkpoint import Checkpoint

HOST = "127.0.0.1"
PORT = "{port}"  # stands in a command for the port that the keeper finds free
KEY_VARIABLE = "VLLM_API_KEY"  # an argument would be readable by every user of the machine
# vLLM asks for its key only below /v1, /v2 and /inference; /invocations and /tokenize would be open to every user.
GATE = "understudy_gate.RequireKey"
LONGEST_CONTEXT = 16384
# Variables of the caller's own Python that would mislead the engine's.
FOREIGN_VARIABLES = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__")


@dataclass(frozen=True, slots=True)
class Launch:
    """How to start an engine: `command` holds `PORT`, `environment` joins the caller's, `name` is what is served."""

    command: tuple[str, ...]
    model: str
    name: str
    environment: Mapping[str, str] = field(default_factory=dict)


def vllm_launch(
    python: Path,
    checkpoint: Checkpoint,
    *,
    gpu: bool,
    row: tuple[str, ...] = (),
    variables: Mapping[str, str] = MappingProxyType({}),
    extra: tuple[str, ...] = (),
    inside: Path,
) -> Launch:
    """vLLM on `checkpoint`, run by `python` of the engine's environment.

    `row`, `variables`: what the catalogue says for it. `extra` comes last, and so wins. `inside`: the folder of the
    modules that vLLM loads from us.
    """
    # The keeper reads launches and makes none: it does without the settings that the chunks follow.
    from understudy.engine.chunks import chunk_arguments, uncapped

    model, name = checkpoint.model, checkpoint.name
    shared = ("--model", model, "--served-model-name", name, "--host", HOST, "--port", PORT)
    limit = _context_arguments(checkpoint.context, gpu=gpu)
    command = (str(python), "-m", "vllm.entrypoints.openai.api_server", *shared, *SERVING, *GUARDED, *limit)
    environment = {
        "PYTHONPATH": str(inside),
        "PYTHONUNBUFFERED": "1",
        "VLLM_HOST_IP": HOST,
        "VLLM_NO_USAGE_STATS": "1",
        "VLLM_DO_NOT_TRACK": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "TOKENIZERS_PARALLELISM": "false",
    }
    if Path(model).is_absolute():
        environment |= {"HF_HUB_OFFLINE": "1"}
    environment |= GPU_ENVIRONMENT if gpu else CPU_ENVIRONMENT
    environment |= variables
    hardware = (*GPU, *chunk_arguments(GPU_STEP, checkpoint.context)) if gpu else CPU
    command = (*command, *hardware, *row, *extra)
    return Launch((*command, *uncapped(command)), model, name, environment)


SERVING = (
    *("--scheduling-policy", "priority"),
    "--enable-prefix-caching",
    "--enable-prompt-tokens-details",
    # A checkpoint's own sampling defaults would change what a request asks for.
    *("--generation-config", "vllm"),
)
GUARDED = ("--middleware", GATE, "--disable-fastapi-docs", "--disable-uvicorn-access-log")
# Blocks of 32 tokens rather than the CPU's 128: the prefix cache works in whole blocks.
CPU = ("--enforce-eager", "--max-num-seqs", "8", "--block-size", "32")
CPU_CACHE_GIB = 1
CPU_ENVIRONMENT = {"VLLM_CPU_KVCACHE_SPACE": str(CPU_CACHE_GIB), "VLLM_CPU_OMP_THREADS_BIND": "auto"}
GPU_STEP = 8192  # tokens in one step
# Left alone, CUDA counts the fastest GPU first, where the driver and so a plan's --device-ids count along the bus.
GPU_ENVIRONMENT = {"CUDA_DEVICE_ORDER": "PCI_BUS_ID"}
# A desktop needs some of the GPU's memory too, so less than vLLM's own share of 0.92.
GPU = ("--max-num-seqs", "32", "--gpu-memory-utilization", "0.85", "--performance-mode", "interactivity")


def _context_arguments(context: int | None, *, gpu: bool) -> tuple[str, ...]:
    """A completion never needs a context of 262,144 tokens, and memory for it is often not there."""
    if context is not None:
        return ("--max-model-len", str(min(context, LONGEST_CONTEXT)))
    return ("--max-model-len", "auto") if gpu else ()


def engine_environment(inherited: Mapping[str, str], launch: Launch, key: str) -> dict[str, str]:
    """The environment of the engine's process: the caller's without its Python and our keys, `launch`'s, the key."""
    kept = {
        name: value
        for name, value in inherited.items()
        if name not in FOREIGN_VARIABLES and not name.startswith("UNDERSTUDY_")
    }
    return {**kept, **launch.environment, KEY_VARIABLE: key}


def with_port(launch: Launch, port: int) -> tuple[str, ...]:
    """The command with its port."""
    return tuple(part.replace(PORT, str(port)) for part in launch.command)
