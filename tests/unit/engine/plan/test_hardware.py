"""A machine from what its driver says, and from words."""

from __future__ import annotations

import pytest

from understudy.core.errors import UsageError
from understudy.engine.plan.hardware import Reading, described, gpu_from, machine, visible
from understudy.engine.plan.nvml import read_gpus

# What `nvidia-smi -q` shows of an RTX 4090 and of an H200, less what the driver keeps.
RTX_4090 = Reading("NVIDIA GeForce RTX 4090", 25_390 * 10**6, 10**9, 8.9, 384, 10501, "GPU-aaaa1111")
H200 = Reading("NVIDIA H200", 150_000 * 10**6, 0, 9.0, 6144, 3201, "GPU-bbbb2222")


def test_a_known_gpu_has_its_data_sheets_figures() -> None:
    gpu = gpu_from(RTX_4090)
    assert (gpu.bandwidth, gpu.bf16, gpu.known) == (1.008, 165.2, True)
    assert gpu.size == 24
    assert (gpu.memory, gpu.used) == pytest.approx((25.39, 1.0))


def test_the_memorys_clock_and_width_give_the_data_sheets_bandwidth() -> None:
    """So that a GPU which the table lacks has a bandwidth that means something."""
    for reading in (RTX_4090, H200):
        unknown = gpu_from(Reading("Mystery 9", reading.memory, 0, 9.0, reading.bus, reading.clock))
        assert not unknown.known
        assert unknown.bandwidth == pytest.approx(gpu_from(reading).bandwidth, rel=0.03)


def test_a_gpu_of_which_nothing_is_known_is_taken_for_slow() -> None:
    gpu = gpu_from(Reading("Mystery 9", 10**10, 0, 7.5))
    assert (gpu.bandwidth, gpu.fp8, gpu.capability) == (0.25, 0, 7.5)
    assert "Mystery 9 is not in the table" in machine((Reading("Mystery 9", 10**10, 0, 7.5),), {}).notes[0]


@pytest.mark.parametrize(
    ("devices", "names"),
    [
        (None, ["NVIDIA GeForce RTX 4090", "NVIDIA H200"]),
        ("1,0", ["NVIDIA H200", "NVIDIA GeForce RTX 4090"]),
        ("1", ["NVIDIA H200"]),
        ("GPU-bbbb", ["NVIDIA H200"]),
        ("", []),
        ("-1", []),
        ("0,9,1", ["NVIDIA GeForce RTX 4090"]),
    ],
)
def test_only_gpus_that_cuda_would_see_count(devices: str | None, names: list[str]) -> None:
    assert [reading.name for reading in visible((RTX_4090, H200), devices)] == names


def test_this_machine_has_memory_and_cores() -> None:
    here = machine((RTX_4090,), {"CUDA_VISIBLE_DEVICES": "0"})
    assert here.ram > 0.5
    assert here.cores >= 1
    assert not here.described
    assert [gpu.name for gpu in here.gpus] == ["NVIDIA GeForce RTX 4090"]


def test_no_driver_means_no_gpu() -> None:
    """Also holds on a machine with one: what it reads is a tuple then, and no error."""
    assert isinstance(read_gpus(), tuple)


def test_words_make_a_machine() -> None:
    two = described("4090", 2, None, 64)
    assert [gpu.name for gpu in two.gpus] == ["RTX 4090", "RTX 4090"]
    assert two.gpus[0].size == 24
    assert (two.ram, two.described, two.notes) == (64, True, ())
    assert described("none", 1, None, 16).gpus == ()
    assert described("RTX 4060 Ti", 1, 16, 32).gpus[0].size == 16


def test_what_was_assumed_is_said() -> None:
    unknown = described("Mystery 9", 1, 16, None)
    assert not unknown.gpus[0].known
    assert len(unknown.notes) == 2
    with pytest.raises(UsageError, match="--vram"):
        described("Mystery 9", 1, None, 16)
