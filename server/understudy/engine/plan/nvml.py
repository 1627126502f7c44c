"""What the NVIDIA driver says of this machine's GPUs, through its management library. No driver means no GPU."""

from __future__ import annotations

from typing import Any

from understudy.engine.plan.gpus import find_sheet
from understudy.engine.plan.hardware import Reading


def read_gpus(nvml: Any = None) -> tuple[Reading, ...]:
    """The GPUs in PCI order, in which an engine of Understudy counts them too. Empty without a driver, or where it
    fails. `nvml`: the module `pynvml`, or what stands in for it."""
    if nvml is None:
        import pynvml

        nvml = pynvml
    try:
        nvml.nvmlInit()
    except nvml.NVMLError:
        return ()
    try:
        return tuple(_reading(nvml, index) for index in range(nvml.nvmlDeviceGetCount()))
    except nvml.NVMLError:
        return ()
    finally:
        nvml.nvmlShutdown()


def _reading(nvml: Any, index: int) -> Reading:
    device = nvml.nvmlDeviceGetHandleByIndex(index)
    name = nvml.nvmlDeviceGetName(device)
    total, used = _memory(nvml, device, name)
    major, minor = nvml.nvmlDeviceGetCudaComputeCapability(device)
    return Reading(
        name,
        total,
        used,
        float(f"{major}.{minor}"),
        _or_zero(nvml, nvml.nvmlDeviceGetMemoryBusWidth, device),
        _or_zero(nvml, nvml.nvmlDeviceGetMaxClockInfo, device, nvml.NVML_CLOCK_MEM),
        nvml.nvmlDeviceGetUUID(device),
    )


def _memory(nvml: Any, device: Any, name: str) -> tuple[int, int]:
    """Bytes that CUDA can use, and those in use. A GPU that shares the machine's RAM does not say: its sheet does."""
    try:
        memory = nvml.nvmlDeviceGetMemoryInfo(device, version=nvml.nvmlMemory_v2)
        return memory.total - memory.reserved, memory.used
    except nvml.NVMLError:
        sheet = find_sheet(name)
        if sheet is None:
            raise
        return int(sheet.memory[0] * 2**30), 0


def _or_zero(nvml: Any, ask: Any, *arguments: Any) -> int:
    try:
        return int(ask(*arguments))
    except nvml.NVMLError:
        return 0
