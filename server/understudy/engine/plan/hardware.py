"""The machine that is planned for: read from the system, or described in words."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from understudy.core.errors import UsageError
from understudy.engine.plan.gpus import Sheet, find_sheet

GIB = 2**30 / 1e9  # makers count GPU memory in units of 2^30 bytes
# What CUDA can use of the memory on the box: torch says 23.6 of 24 GiB on an RTX 4090, 139.8 of 141 on an H200.
USABLE = 0.98
ASSUMED_RAM = 32.0  # GB, where a described machine says nothing
ASSUMED_CORES = 8
NO_GPU = "none"


@dataclass(frozen=True, slots=True)
class Gpu:
    """One NVIDIA GPU. `memory`: 10^9 bytes that CUDA can use; `used`: of those, taken now; the rest as in `Sheet`.

    `known`: the figures are those of its data sheet.
    """

    name: str
    memory: float
    bandwidth: float
    bf16: float
    fp8: float
    capability: float
    desktop: bool = True
    known: bool = True
    used: float = 0.0

    @property
    def size(self) -> int:
        """Its memory as the maker would write it."""
        return round(self.memory / USABLE / GIB)


@dataclass(frozen=True, slots=True)
class Hardware:
    """A machine. `ram`: 10^9 bytes; `described`: it is another one than this; `notes`: what was assumed, in sentences.

    GPUs are in the order in which CUDA counts them.
    """

    gpus: tuple[Gpu, ...] = ()
    ram: float = ASSUMED_RAM
    cores: int = ASSUMED_CORES
    platform: str = "linux"
    described: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the driver says of one GPU. Bytes; `bus`: width in bits, `clock`: MHz of its memory, 0 where unknown."""

    name: str
    memory: int
    used: int
    capability: float
    bus: int = 0
    clock: int = 0
    uuid: str = ""


# Where a GPU is not in the table: less than that of any card of the last five years.
UNKNOWN = Sheet("", (), bandwidth=0.25, bf16=25.0, fp8=0.0, fp4=0.0, capability=8.0, desktop=True, source="")


def gpu_from(reading: Reading) -> Gpu:
    """A GPU from what its driver says, and its data sheet where there is one."""
    sheet = find_sheet(reading.name, reading.memory / 2**30)
    # Memory moves twice in each cycle. Only for those that the table lacks: a laptop's clock may be lowered just now.
    measured = 2 * reading.clock * 1e6 * reading.bus / 8 / 1e12
    figures = sheet or UNKNOWN
    return Gpu(
        reading.name,
        reading.memory / 1e9,
        figures.bandwidth if sheet else measured or figures.bandwidth,
        figures.bf16,
        figures.fp8,
        reading.capability,
        figures.desktop,
        sheet is not None,
        reading.used / 1e9,
    )


def machine(readings: tuple[Reading, ...], environ: Mapping[str, str]) -> Hardware:
    """This machine. Of the GPUs that were read, those that CUDA_VISIBLE_DEVICES in `environ` lets a program see."""
    gpus = tuple(gpu_from(reading) for reading in visible(readings, environ.get("CUDA_VISIBLE_DEVICES")))
    notes = tuple(
        f"{gpu.name} is not in the table of GPUs: its speed is a cautious guess." for gpu in gpus[:1] if not gpu.known
    )
    return Hardware(gpus, _ram() / 1e9, _cores(), sys.platform, notes=notes)


def visible(readings: tuple[Reading, ...], devices: str | None) -> tuple[Reading, ...]:
    """`readings` as CUDA counts them: an index or the beginning of a UUID picks one, whatever else ends the list (CUDA
    C++ Programming Guide, "CUDA Environment Variables")."""
    if devices is None:
        return readings
    found: list[Reading] = []
    for part in (part.strip() for part in devices.split(",")):
        at = [each for index, each in enumerate(readings) if _names(part, index, each.uuid)]
        if not at:
            break
        found.append(at[0])
    return tuple(found)


def _names(part: str, index: int, uuid: str) -> bool:
    return part == str(index) or (part.startswith("GPU-") and uuid.startswith(part))


def described(gpu: str | None, count: int, vram: float | None, ram: float | None) -> Hardware:
    """The machine that the words of a command describe. Raises `UsageError`: an unknown GPU without its memory."""
    notes = [] if ram else [f"No RAM was named; {ASSUMED_RAM:.0f} GB are assumed."]
    memory = ram or ASSUMED_RAM
    if gpu is not None and gpu.lower() == NO_GPU:
        return Hardware((), memory, described=True, notes=tuple(notes))
    name = gpu or "unnamed GPU"
    sheet = find_sheet(name, vram)
    if sheet is None and vram is None:
        raise UsageError(f"The GPU {name} is not in the table.", "Say how much memory it has with --vram, in GB.")
    if sheet is None:
        notes.append(f"{name} is not in the table of GPUs: its speed and abilities are a cautious guess.")
    figures = sheet or UNKNOWN
    size = vram or figures.memory[0]
    one = Gpu(
        figures.name or name,
        size * GIB * USABLE,
        figures.bandwidth,
        figures.bf16,
        figures.fp8,
        figures.capability,
        figures.desktop,
        sheet is not None,
    )
    return Hardware((one,) * count, memory, described=True, notes=tuple(notes))


def _ram() -> int:
    """Bytes of memory of this machine, or of the container that this runs in."""
    if sys.platform == "win32":
        return _ram_on_windows()
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = Path("/sys/fs/cgroup/memory.max")
    text = limit.read_text(encoding="ascii").strip() if limit.is_file() else "max"
    return min(total, int(text)) if re.fullmatch(r"\d+", text) else total


def _ram_on_windows() -> int:
    """GlobalMemoryStatusEx, whose structure is 64 bytes long and has the total at byte 8."""
    import ctypes

    status = ctypes.create_string_buffer(64)
    ctypes.memmove(status, (64).to_bytes(4, "little"), 4)
    windows: object = getattr(ctypes, "windll", None)
    windows.kernel32.GlobalMemoryStatusEx(status)  # type: ignore[attr-defined]
    return int.from_bytes(status.raw[8:16], "little")


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
