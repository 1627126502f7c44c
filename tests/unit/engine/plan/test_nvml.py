"""What is read from the driver's library, of which a stand-in answers as the real one would."""

# ruff: noqa: N802, N815  (the names are the library's)

from __future__ import annotations

from types import SimpleNamespace

import pytest

from understudy.engine.plan.hardware import Reading, gpu_from
from understudy.engine.plan.nvml import read_gpus


class NvmlError(Exception):
    """The library's error."""


class Driver:
    """A machine with GPUs. `silent`: the questions that it does not answer."""

    NVMLError = NvmlError
    NVML_CLOCK_MEM = 2
    nvmlMemory_v2 = 1

    def __init__(self, *names: str, silent: tuple[str, ...] = ()) -> None:
        self._names = names
        self._silent = silent
        self.open = 0

    def nvmlInit(self) -> None:
        self._answer("init")
        self.open += 1

    def nvmlShutdown(self) -> None:
        self.open -= 1

    def nvmlDeviceGetCount(self) -> int:
        return len(self._names)

    def nvmlDeviceGetHandleByIndex(self, index: int) -> int:
        self._answer("handle")
        return index

    def nvmlDeviceGetName(self, device: int) -> str:
        return self._names[device]

    def nvmlDeviceGetMemoryInfo(self, device: int, version: int) -> SimpleNamespace:
        self._answer("memory")
        return SimpleNamespace(total=24 * 2**30, reserved=4 * 10**8, used=10**9)

    def nvmlDeviceGetCudaComputeCapability(self, device: int) -> tuple[int, int]:
        return 8, 9

    def nvmlDeviceGetMemoryBusWidth(self, device: int) -> int:
        self._answer("bus")
        return 384

    def nvmlDeviceGetMaxClockInfo(self, device: int, kind: int) -> int:
        return 10501

    def nvmlDeviceGetUUID(self, device: int) -> str:
        return f"GPU-{device}"

    def _answer(self, question: str) -> None:
        if question in self._silent:
            raise NvmlError(question)


def test_each_gpu_is_read_and_the_library_closed() -> None:
    driver = Driver("NVIDIA GeForce RTX 4090", "NVIDIA L4")
    first, second = read_gpus(driver)
    assert first == Reading("NVIDIA GeForce RTX 4090", 24 * 2**30 - 4 * 10**8, 10**9, 8.9, 384, 10501, "GPU-0")
    assert second.uuid == "GPU-1"
    assert gpu_from(first).size == 24
    assert driver.open == 0


def test_a_gpu_that_shares_the_machines_memory_has_that_of_its_data_sheet() -> None:
    (only,) = read_gpus(Driver("NVIDIA GB10", silent=("memory",)))
    assert (only.memory, only.used) == (128 * 2**30, 0)


def test_what_a_driver_may_leave_out_is_zero() -> None:
    (only,) = read_gpus(Driver("NVIDIA L4", silent=("bus",)))
    assert (only.bus, only.clock) == (0, 10501)


@pytest.mark.parametrize("silent", [("init",), ("handle",)])
def test_a_driver_that_fails_means_no_gpu(silent: tuple[str, ...]) -> None:
    driver = Driver("NVIDIA L4", silent=silent)
    assert read_gpus(driver) == ()
    assert driver.open == 0


def test_memory_of_an_unknown_gpu_that_does_not_say_is_not_guessed() -> None:
    assert read_gpus(Driver("Mystery 9", silent=("memory",))) == ()
