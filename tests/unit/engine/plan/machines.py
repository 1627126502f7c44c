"""The machines that plans are made for in tests, and the catalogue as it comes."""

from __future__ import annotations

from functools import cache

from understudy.engine.catalogue import Catalogue
from understudy.engine.catalogue.load import built_in
from understudy.engine.plan.choose import make_plan
from understudy.engine.plan.hardware import Hardware, described
from understudy.engine.plan.result import Plan


@cache
def catalogue() -> Catalogue:
    return Catalogue(tuple(built_in()))


def plan(gpu: str | None, count: int = 1, vram: float | None = None, ram: float = 64) -> Plan:
    return make_plan(described(gpu, count, vram, ram), catalogue())


# From a laptop to eight GPUs: name of the golden file, and the words of the command.
MACHINES: dict[str, Hardware] = {
    "none-4": described("none", 1, None, 4),
    "none-16": described("none", 1, None, 16),
    "8-rtx-4060-laptop": described("RTX 4060 Laptop", 1, None, 32),
    "12-rtx-3060": described("RTX 3060", 1, None, 32),
    "16-rtx-4080": described("RTX 4080", 1, None, 64),
    "24-rtx-4090": described("RTX 4090", 1, 24, 64),
    "24-l4": described("L4", 1, None, 64),
    "32-rtx-5090": described("RTX 5090", 1, None, 64),
    "48-l40s": described("L40S", 1, None, 128),
    "80-a100": described("A100", 1, 80, 128),
    "80-h100": described("H100", 1, None, 128),
    "141-h200": described("H200", 1, None, 256),
    "192-b200": described("B200", 1, 192, 256),
    "2x24-rtx-4090": described("RTX 4090", 2, None, 64),
    "2x80-h100": described("H100", 2, None, 256),
    "8x24-rtx-3090": described("RTX 3090", 8, None, 256),
    "8x80-h100": described("H100", 8, None, 512),
    "16-unknown": described("Mystery 9", 1, 16, None),
}


def argument_lists() -> dict[str, list[str]]:
    """What each plan would give to vLLM, by a name that says what."""
    return {
        f"{machine}: {engine.checkpoint.model}": ["--model", engine.checkpoint.model, *engine.arguments]
        for machine, hardware in MACHINES.items()
        for engine in make_plan(hardware, catalogue()).engines
    }
