"""What vLLM's log says: how far the start is, and which failure a user can do something about.

The lines are those of vLLM 0.32; a line that a later version words differently costs a step of the bar, nothing else.
Percentages follow the times of a start on two CPU cores, where imports take most of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from understudy.engine.base import Progress


@dataclass(frozen=True, slots=True)
class Step:
    """A line that `pattern` matches starts at `percent`; a first group is a share of 100 of the way to `until`."""

    pattern: re.Pattern[str]
    percent: int
    message: str
    until: int = 0


STEPS = (
    Step(re.compile(r"\bversion \d+\.\d+"), 12, "Reading the model's configuration"),
    Step(re.compile(r"Resolved architecture"), 30, "Starting the engine's processes"),
    Step(re.compile(r"Initializing a V1 LLM engine"), 45, "Starting the engine's processes"),
    Step(re.compile(r"Time spent downloading weights|Fetching \d+ files"), 65, "Downloading the model"),
    Step(re.compile(r"Starting to load model"), 70, "Loading the weights"),
    Step(re.compile(r"checkpoint shards:\s+(\d+)%"), 70, "Loading the weights", until=82),
    Step(re.compile(r"Loading weights took"), 82, "Preparing the cache"),
    Step(re.compile(r"torch\.compile takes|Compiling a graph"), 84, "Compiling the model"),
    Step(re.compile(r"KV cache size"), 88, "Warming up"),
    Step(re.compile(r"Capturing CUDA graphs.*?\s(\d+)%"), 88, "Capturing CUDA graphs", until=95),
    Step(re.compile(r"init engine .* took"), 95, "Opening the server"),
    Step(re.compile(r"Application startup complete"), 99, "Answering soon"),
)


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure that trying again does not mend: what is wrong and what to do."""

    problem: str
    remedy: str


_SMALLER = "Choose a smaller or quantised model, or a shorter context (`--max-model-len` in `engine.arguments`)."
_SHORTER = 'Set `engine.arguments` to `["--max-model-len", "4096"]`, or choose a smaller or quantised model.'
# The first row that matches any line wins, so that the cause stands above its consequences.
FAILURES: tuple[tuple[re.Pattern[str], Failure], ...] = (
    (re.compile(r"No space left on device"), Failure("The disk is full.", "Make room and start the engine again.")),
    (
        re.compile(r"Free memory on device .* is less than desired GPU memory utilization"),
        Failure(
            "Other programs use too much of the GPU's memory.",
            'End them, or set `engine.arguments` to `["--gpu-memory-utilization", "0.5"]`.',
        ),
    ),
    (
        re.compile(r"Available memory on node .* is less than desired CPU memory utilization"),
        Failure(
            "Other programs use too much of this machine's memory.",
            'End them, or set `engine.arguments` to `["--gpu-memory-utilization", "0.5"]`, which vLLM also heeds on '
            "a CPU.",
        ),
    ),
    (
        re.compile(r"model's max seq len|larger than the (?:available KV cache memory|maximum number of tokens)"),
        Failure("The memory is too small for this model's context.", _SHORTER),
    ),
    (
        re.compile(r"User-specified max_model_len .* is greater than the derived"),
        Failure("`engine.arguments` asks for a longer context than the model has.", "Lower `--max-model-len` there."),
    ),
    (
        re.compile(r"libnuma\.so\.1: cannot open"),
        Failure(
            "The system library libnuma.so.1 is missing.",
            "Install it (Debian and Ubuntu: `apt-get install libnuma1`).",
        ),
    ),
    (
        re.compile(r"No available memory for the cache blocks"),
        Failure("The model leaves no memory free to work in.", _SMALLER),
    ),
    (
        re.compile(r"CUDA out of memory|CUDA error: out of memory|OutOfMemoryError"),
        Failure("The GPU's memory is too small for this model.", _SMALLER),
    ),
    (
        re.compile(r"DefaultCPUAllocator: can't allocate memory"),
        Failure("This machine's memory is too small for this model.", _SMALLER),
    ),
    (
        re.compile(r"Bfloat16 is only supported on GPUs"),
        Failure("This GPU cannot compute in bfloat16.", 'Set `engine.arguments` to `["--dtype", "half"]`.'),
    ),
    (
        re.compile(r"NVIDIA driver on your system is too old|driver version is insufficient"),
        Failure(
            "The GPU's driver is too old for this vLLM.",
            "Update the driver, or run `understudy engine install --device cpu`.",
        ),
    ),
    (
        re.compile(r"architectures? .* (?:is|are) not supported|does not recognize this architecture", re.DOTALL),
        Failure("This vLLM does not know the model's architecture.", "Choose another model in `engine.model`."),
    ),
    (
        re.compile(r"is not a local folder and is not a valid model identifier|RepositoryNotFound|GatedRepo"),
        Failure(
            "The model hub has no such model, or asks for a login.",
            "Check `engine.model`, or download the model and give its folder.",
        ),
    ),
    (
        re.compile(r"couldn't connect to|LocalEntryNotFound|Cannot send a request|offline mode is enabled"),
        Failure(
            "The model is not on this machine and the model hub cannot be reached.",
            "Check the network, or give the folder of a downloaded model in `engine.model`.",
        ),
    ),
    (
        re.compile(r"Cannot find any model weights|no file named .*safetensors|SafetensorError|HeaderTooLarge"),
        Failure("The model's weights are missing or damaged.", "Download the model again."),
    ),
    (
        re.compile(r"api_server\.py: error: (?P<words>.+)"),
        Failure(
            "vLLM does not accept its arguments.", "Correct `engine.arguments`; `understudy engine logs` shows why."
        ),
    ),
    (
        re.compile(r"No module named '?vllm|No module named '?torch"),
        Failure("The engine's environment is damaged.", "Run `understudy engine install --again`."),
    ),
)


def progress_of(line: str) -> Progress | None:
    """How far the start is when vLLM prints `line`; None if the line says nothing about it."""
    for step in STEPS:
        if found := step.pattern.search(line):
            share = int(found.group(1)) / 100 if step.until else 0
            return Progress(step.message, round(step.percent + (step.until - step.percent) * share))
    return None


def failure_of(lines: Iterable[str]) -> Failure | None:
    """The failure that the last lines of a log tell of, if a user can do something about it."""
    text = "\n".join(lines)
    return next((failure for pattern, failure in FAILURES if pattern.search(text)), None)


def last_error(lines: Iterable[str]) -> str:
    """The last line that names an error, without vLLM's prefix; empty if there is none."""
    for line in reversed(list(lines)):
        if found := re.search(r"(?:^|\s)((?:\w+\.)*\w*(?:Error|Exception): .+)", line):
            return found.group(1).strip()[:300]
    return ""
