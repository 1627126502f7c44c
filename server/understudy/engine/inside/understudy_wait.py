"""Lets vLLM's processes sleep while they wait for each other on the CPU; a plugin that vLLM loads in each of them.

There the engine and its worker hand each other every token through shared memory, and the one that waits spins on
`sched_yield`. That takes a core from the editor, and on some Linux kernels the spinning starves every other process,
vLLM's own HTTP server too: the first token of the next request came up to 16 seconds late.
"""

from __future__ import annotations

import importlib
import time

SLEEP_SECONDS = 50e-6
SPINNING = "vllm.distributed.device_communicators.shm_broadcast"


def install() -> None:
    """Replace the yield by a short sleep where vLLM runs on the CPU. Without effect the second time."""
    if importlib.import_module("vllm.platforms").current_platform.is_cpu():
        importlib.import_module(SPINNING).sched_yield = nap  # type: ignore[attr-defined]


def nap() -> None:
    """Give the core away for a moment that is short against the time of a token, about 5 ms for the smallest model."""
    time.sleep(SLEEP_SECONDS)
