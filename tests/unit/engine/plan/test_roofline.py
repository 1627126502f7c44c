"""The estimates against figures that were computed or measured elsewhere for the same model."""

from __future__ import annotations

import pytest

from understudy.engine.plan.hardware import described
from understudy.engine.plan.roofline import cpu_speed, estimate, floor, gpu_speed
from unit.engine.plan.machines import catalogue


def of(checkpoint: str, gpu: str, tokens: int) -> float:
    """Milliseconds that no server can beat."""
    found = catalogue().checkpoint(checkpoint)
    assert found is not None
    return floor(*found, gpu_speed(described(gpu, 1, None, 64).gpus[0]), tokens) * 1000


FP8, BF16 = "Qwen/Qwen3.6-35B-A3B-FP8", "Qwen/Qwen3.6-35B-A3B"


@pytest.mark.parametrize(("checkpoint", "milliseconds"), [(BF16, 1.27), (FP8, 0.77)])
def test_a_token_takes_what_its_bytes_take(checkpoint: str, milliseconds: float) -> None:
    """6.11 and 3.69 GB for each token after 4,096 others, over 4.8 TB/s."""
    assert of(checkpoint, "H200", 1) == pytest.approx(milliseconds, rel=0.02)


def test_a_long_prompt_takes_the_longer_of_bytes_and_arithmetic() -> None:
    """2,048 tokens on an H200: all weights over 4.8 TB/s, 7.2 to 7.5 ms; their arithmetic alone is 6 ms in 8 bits and
    12 ms in 16, which is then the slower half."""
    assert of(FP8, "H200", 2048) == pytest.approx(7.5, rel=0.06)
    assert of(BF16, "H200", 2048) == pytest.approx(14.5, rel=0.06)
    assert of(BF16, "H200", 8192) == pytest.approx(48.8, rel=0.06)


def test_the_estimate_is_near_what_was_measured() -> None:
    """36 ms to the first of 342 tokens and 6.4 ms for each further one, in BF16 on an H200 under light load."""
    found = catalogue().checkpoint(BF16)
    assert found is not None
    guess = estimate(*found, gpu_speed(described("H200", 1, None, 64).gpus[0]))
    assert 18 < guess.first[0] * 1000 < 36
    assert 3 < guess.each * 1000 < 6.4


def test_estimates_grow_with_the_prompt_and_shrink_with_the_gpu() -> None:
    found = catalogue().checkpoint("Qwen/Qwen2.5-Coder-1.5B")
    assert found is not None
    guesses = [estimate(*found, gpu_speed(described(gpu, 1, None, 64).gpus[0])) for gpu in ("4060", "4090", "H200")]
    for guess in guesses:
        assert list(guess.first) == sorted(guess.first)
        assert guess.line(16) == pytest.approx(guess.first[0] + 15 * guess.each)
    assert guesses[0].each > guesses[1].each > guesses[2].each
    assert estimate(*found, cpu_speed(8)).each > guesses[0].each
    assert estimate(*found, cpu_speed(8)).first[1] > estimate(*found, cpu_speed(16)).first[1]


def test_two_gpus_are_faster_than_one_and_slower_than_twice_as_fast() -> None:
    gpu = described("4090", 1, None, 64).gpus[0]
    one, two = gpu_speed(gpu), gpu_speed(gpu, 2)
    assert one.bandwidth < two.bandwidth < 2 * one.bandwidth
    assert gpu_speed(gpu, share=0.5).bandwidth == one.bandwidth / 2
