"""What NVIDIA's data sheets say of each GPU (`gpus.toml`), found by whatever a driver or a person calls it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

GPU_FILE = Path(__file__).with_name("gpus.toml")
# Words that make another GPU of it: none of them may stand in a name and not in the row.
TELLING = {"ti", "super", "laptop", "mobile", "ada", "d", "mig"}
# Words that tell no two GPUs of the table apart.
NOISE = {"nvidia", "geforce", "rtx", "blackwell"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One GPU. `memory`: the sizes sold, GB of 2^30 bytes; `bandwidth`: TB/s; `bf16` to `fp4`: dense tensor TFLOPS."""

    name: str
    memory: tuple[float, ...]
    bandwidth: float
    bf16: float
    fp8: float
    fp4: float
    capability: float
    desktop: bool
    source: str


@cache
def sheets() -> tuple[Sheet, ...]:
    """All rows of the table."""
    content: dict[str, Any] = tomllib.loads(GPU_FILE.read_text(encoding="utf-8"))
    return tuple(
        Sheet(
            row["name"],
            tuple(row["memory"]),
            row["bandwidth"],
            row["bf16"],
            row.get("fp8", 0),
            row.get("fp4", 0),
            family["capability"],
            family["desktop"],
            family["source"],
        )
        for family in content["family"]
        for row in family["gpus"]
    )


@cache
def find_sheet(name: str, memory: float | None = None) -> Sheet | None:
    """The row for a name such as `4090` or `NVIDIA A100-SXM4-80GB`, if there is one. `memory`: its GB, where known."""
    said = _words(name) | ({f"{memory:.0f}gb"} if memory else set())
    rows = [row for row in sheets() if _words(row.name) <= said and not (said - _words(row.name)) & TELLING]
    # Of `H100` and `H100 PCIe`, both of which stand in `NVIDIA H100 PCIe`, the longer.
    return max(rows, key=lambda row: len(_words(row.name)), default=None)


def _words(name: str) -> set[str]:
    spaced = re.sub(r"rtx(?=\d)|(?<=\d)(?=ti\b)", r"\g<0> ", name.lower())
    return set(re.split(r"[^a-z0-9]+", spaced)) - NOISE - {""}
