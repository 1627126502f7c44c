"""What an engine needs of each of several GPUs."""

from __future__ import annotations

import pytest

from understudy.engine.plan.memory import Memory, gpu_memory
from unit.engine.plan.machines import catalogue


def of(checkpoint: str, gpus: int) -> Memory:
    found = catalogue().checkpoint(checkpoint)
    assert found is not None
    return gpu_memory(*found, gpus=gpus, cached=100_000, requests=8, batch=8192)


@pytest.mark.parametrize(
    ("checkpoint", "heads"),
    [
        ("Qwen/Qwen3.6-35B-A3B-FP8", 2),
        ("Qwen/Qwen3-Coder-30B-A3B-Instruct-FP8", 4),
        ("deepseek-ai/DeepSeek-Coder-V2-Lite-Base", 1),  # multi-head latent attention: all heads share what is kept
    ],
)
def test_the_cache_is_divided_by_its_heads_and_repeated_beyond_them(checkpoint: str, heads: int) -> None:
    alone = of(checkpoint, 1)
    for gpus in (2, 4, 8):
        each = of(checkpoint, gpus)
        assert each.cache == pytest.approx(alone.cache / min(gpus, heads))
        assert (each.weights, each.state) == pytest.approx((alone.weights / gpus, alone.state / gpus))
        assert each.overhead > 1


def test_a_cache_is_counted_in_bytes_of_16_bits() -> None:
    """20,480 bytes a token (10 layers, keys and values of 2 heads of 256), 64.4 MB of recurrent state a request."""
    assert of("Qwen/Qwen3.6-35B-A3B-FP8", 1).cache == pytest.approx(2.048)
    assert of("Qwen/Qwen3.6-35B-A3B-FP8", 1).state == pytest.approx(8 * 0.0644, rel=0.001)
