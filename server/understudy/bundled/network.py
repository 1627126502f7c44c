"""The network: a small Qwen3 decoder written as plain functions over a dictionary of tensors.

The dictionary has the names and the shapes of Qwen3ForCausalLM checkpoints, so that saving it is the export.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as fn

Weights = dict[str, Any]
"""Tensor name (as in the checkpoint file) to tensor."""


@dataclass(frozen=True)
class Shape:
    """The sizes of a network; all are counts except `rope_theta` and `eps`."""

    vocab: int
    width: int = 256
    layers: int = 6
    heads: int = 4
    kv_heads: int = 2
    head_width: int = 64
    hidden: int = 768
    context: int = 4096
    rope_theta: float = 10_000.0
    eps: float = 1e-6


def layer_shapes(shape: Shape) -> dict[str, tuple[int, int]]:
    """The matrices of one decoder layer: name inside the layer to (rows out, columns in)."""
    queries, keys = shape.heads * shape.head_width, shape.kv_heads * shape.head_width
    return {
        "self_attn.q_proj": (queries, shape.width),
        "self_attn.k_proj": (keys, shape.width),
        "self_attn.v_proj": (keys, shape.width),
        "self_attn.o_proj": (shape.width, queries),
        "mlp.gate_proj": (shape.hidden, shape.width),
        "mlp.up_proj": (shape.hidden, shape.width),
        "mlp.down_proj": (shape.width, shape.hidden),
    }


def fresh_weights(shape: Shape, seed: int) -> Weights:
    """Random float32 weights; what writes to the residual stream is zero, so each layer begins as a no-op."""
    source = torch.Generator().manual_seed(seed)
    weights: Weights = {"model.embed_tokens.weight": torch.randn(shape.vocab, shape.width, generator=source) * 0.02}
    for index in range(shape.layers):
        layer = f"model.layers.{index}."
        for name, (rows, columns) in layer_shapes(shape).items():
            scale = 0.0 if name.endswith(("o_proj", "down_proj")) else 1 / math.sqrt(columns)
            weights[f"{layer}{name}.weight"] = torch.randn(rows, columns, generator=source) * scale
        for name, size in (("input_layernorm", shape.width), ("post_attention_layernorm", shape.width)):
            weights[f"{layer}{name}.weight"] = torch.ones(size)
        for name in ("self_attn.q_norm", "self_attn.k_norm"):
            weights[f"{layer}{name}.weight"] = torch.ones(shape.head_width)
    weights["model.norm.weight"] = torch.ones(shape.width)
    return weights


def count(weights: Weights) -> int:
    """How many parameters there are; the output matrix is the embedding and counts once."""
    return sum(int(tensor.numel()) for tensor in weights.values())


def rotary(shape: Shape, length: int) -> tuple[Any, Any]:
    """Cosines and sines, each (length, head_width) in float32."""
    steps = torch.arange(0, shape.head_width, 2, dtype=torch.float32) / shape.head_width
    angles = torch.arange(length, dtype=torch.float32)[:, None] * shape.rope_theta ** -steps[None, :]
    angles = torch.cat((angles, angles), dim=-1)
    return angles.cos(), angles.sin()


def _norm(values: Any, gain: Any, eps: float) -> Any:
    wide = values.float()
    return (wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + eps) * gain).to(values.dtype)


def _turn(values: Any, cosines: Any, sines: Any) -> Any:
    left, right = values.chunk(2, dim=-1)
    return (values * cosines + torch.cat((-right, left), dim=-1) * sines).to(values.dtype)


def hidden_states(weights: Weights, shape: Shape, tokens: Any, dtype: Any) -> Any:
    """The last layer's normalised states, (rows, length, width) in `dtype`, for tokens (rows, length) of int64."""
    rows, length = tokens.shape
    cosines, sines = (table.to(tokens.device) for table in rotary(shape, length))
    stream = fn.embedding(tokens, weights["model.embed_tokens.weight"]).to(dtype)
    for index in range(shape.layers):
        own = {name: weights[f"model.layers.{index}.{name}.weight"].to(dtype) for name in layer_shapes(shape)}
        gains = {
            name: weights[f"model.layers.{index}.{name}.weight"]
            for name in ("input_layernorm", "post_attention_layernorm", "self_attn.q_norm", "self_attn.k_norm")
        }
        inward = _norm(stream, gains["input_layernorm"], shape.eps)
        query = fn.linear(inward, own["self_attn.q_proj"]).view(rows, length, shape.heads, shape.head_width)
        key = fn.linear(inward, own["self_attn.k_proj"]).view(rows, length, shape.kv_heads, shape.head_width)
        value = fn.linear(inward, own["self_attn.v_proj"]).view(rows, length, shape.kv_heads, shape.head_width)
        query = _turn(_norm(query, gains["self_attn.q_norm"], shape.eps).transpose(1, 2), cosines, sines)
        key = _turn(_norm(key, gains["self_attn.k_norm"], shape.eps).transpose(1, 2), cosines, sines)
        share = shape.heads // shape.kv_heads
        key = key.repeat_interleave(share, dim=1)
        value = value.transpose(1, 2).repeat_interleave(share, dim=1)
        mixed = fn.scaled_dot_product_attention(query, key, value, is_causal=True)
        stream = stream + fn.linear(mixed.transpose(1, 2).reshape(rows, length, -1), own["self_attn.o_proj"])
        inward = _norm(stream, gains["post_attention_layernorm"], shape.eps)
        gated = fn.silu(fn.linear(inward, own["mlp.gate_proj"])) * fn.linear(inward, own["mlp.up_proj"])
        stream = stream + fn.linear(gated, own["mlp.down_proj"])
    return _norm(stream, weights["model.norm.weight"], shape.eps)


def logits(weights: Weights, shape: Shape, tokens: Any, dtype: Any) -> Any:
    """Scores of the next token, (rows, length, vocab) in `dtype`."""
    return fn.linear(hidden_states(weights, shape, tokens, dtype), weights["model.embed_tokens.weight"].to(dtype))


def weighted_loss(weights: Weights, shape: Shape, rows: Any, share: Any, dtype: Any) -> Any:
    """Mean cross-entropy in nats per unit of weight.

    `rows` is (n, length + 1) of int64: each token predicts the next. `share` is (n, length): each target's weight.
    """
    scores = logits(weights, shape, rows[:, :-1], dtype).flatten(0, 1).float()
    each = fn.cross_entropy(scores, rows[:, 1:].flatten(), reduction="none")
    return (each * share.flatten()).sum() / share.sum()
