"""Writes and reads the network as a Qwen3ForCausalLM checkpoint folder, which vLLM and transformers load as it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from understudy.bundled import fim
from understudy.bundled.network import Shape, Weights

_END_ID = fim.SPECIAL_TOKENS.index(fim.END)


def config(shape: Shape) -> dict[str, Any]:
    """`config.json`: Qwen3's fields, and under `fim_token_ids` the ids of the fill-in-the-middle tokens."""
    names = ("prefix", "middle", "suffix", "pad", "repo_name", "file_sep")
    tokens = (fim.PREFIX, fim.MIDDLE, fim.SUFFIX, fim.PAD, fim.REPOSITORY, fim.FILE)
    return {
        "architectures": ["Qwen3ForCausalLM"],
        "attention_bias": False,
        "attention_dropout": 0.0,
        "bos_token_id": _END_ID,
        "eos_token_id": _END_ID,
        "fim_token_ids": {name: fim.SPECIAL_TOKENS.index(token) for name, token in zip(names, tokens, strict=True)},
        "head_dim": shape.head_width,
        "hidden_act": "silu",
        "hidden_size": shape.width,
        "initializer_range": 0.02,
        "intermediate_size": shape.hidden,
        "max_position_embeddings": shape.context,
        "max_window_layers": shape.layers,
        "model_type": "qwen3",
        "num_attention_heads": shape.heads,
        "num_hidden_layers": shape.layers,
        "num_key_value_heads": shape.kv_heads,
        "pad_token_id": _END_ID,
        "rms_norm_eps": shape.eps,
        "rope_scaling": None,
        "rope_theta": shape.rope_theta,
        "sliding_window": None,
        "tie_word_embeddings": True,
        "torch_dtype": "bfloat16",
        "use_cache": True,
        "use_sliding_window": False,
        "vocab_size": shape.vocab,
    }


def write(weights: Weights, shape: Shape, folder: Path) -> None:
    """Writes `config.json`, `generation_config.json` and the weights in bfloat16; the tokenizer has its own `save`."""
    folder.mkdir(parents=True, exist_ok=True)
    stops = [_END_ID, *(fim.SPECIAL_TOKENS.index(token) for token in (fim.TURN_END, fim.FILE, fim.REPOSITORY))]
    generation = {"bos_token_id": _END_ID, "do_sample": False, "eos_token_id": stops, "pad_token_id": _END_ID}
    for name, content in (("config.json", config(shape)), ("generation_config.json", generation)):
        (folder / name).write_text(json.dumps(content, indent=2) + "\n")
    small = {name: tensor.to("cpu", torch.bfloat16).contiguous() for name, tensor in weights.items()}
    save_file(small, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)


def read(folder: Path) -> tuple[Weights, Shape]:
    """Weights in float32 and the sizes; raises KeyError or FileNotFoundError for a folder that `write` did not make."""
    found = json.loads((folder / "config.json").read_text())
    shape = Shape(
        vocab=found["vocab_size"],
        width=found["hidden_size"],
        layers=found["num_hidden_layers"],
        heads=found["num_attention_heads"],
        kv_heads=found["num_key_value_heads"],
        head_width=found["head_dim"],
        hidden=found["intermediate_size"],
        context=found["max_position_embeddings"],
        rope_theta=found["rope_theta"],
        eps=found["rms_norm_eps"],
    )
    return {name: tensor.float() for name, tensor in load_file(folder / "model.safetensors").items()}, shape
