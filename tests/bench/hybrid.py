"""A tiny hybrid model, made on the spot with random weights: only what its prefix cache finds and its times count.

`Qwen3NextForCausalLM` has the Gated DeltaNet layers of Qwen3.5 and 3.6 and needs no library for images to load. Its
sizes are such that the state of one of these layers is as large as that of 1,056 tokens in a layer of attention, as in
Qwen3.6-35B-A3B: vLLM makes that the block of its prefix cache, unless it is told to match in smaller units.
"""

from __future__ import annotations

from pathlib import Path

from bench.tiny import make_tiny_model

ARCHITECTURE = {
    "architectures": ["Qwen3NextForCausalLM"],
    "model_type": "qwen3_next",
    "num_hidden_layers": 4,
    "layer_types": ["linear_attention", "linear_attention", "linear_attention", "full_attention"],
    "linear_conv_kernel_dim": 4,
    "linear_key_head_dim": 128,
    "linear_value_head_dim": 128,
    "linear_num_key_heads": 1,
    "linear_num_value_heads": 2,
    "num_experts": 2,
    "num_experts_per_tok": 1,
    "moe_intermediate_size": 64,
    "shared_expert_intermediate_size": 64,
}
MATCH_UNIT = ("--prefix-match-unit", "16")
"""As the catalogue has it for hybrid models."""


def make_hybrid_model(folder: Path) -> Path:
    """Write the model to `folder`: the bundled model's tokenizer, three layers of Gated DeltaNet and one of attention,
    no weights. It is served with `ARGUMENTS` of `bench.tiny`."""
    return make_tiny_model(folder, ARCHITECTURE)
