"""A tiny model with a long context, made on the spot: vLLM fills in random weights, so only its times count."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from understudy.bundled import model_path

CONTEXT = 32768
SHAPE = {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "head_dim": 32}
HEADS = {"num_attention_heads": 2, "num_key_value_heads": 1}
ARGUMENTS = ("--load-format", "dummy", "--max-model-len", str(CONTEXT))
"""What the local engine's start needs for it."""


def make_tiny_model(folder: Path, architecture: Mapping[str, object] = MappingProxyType({})) -> Path:
    """Write the model to `folder`: the bundled model's tokenizer and chat template, two layers, no weights.
    `architecture`: what else its configuration says."""
    folder.mkdir(parents=True, exist_ok=True)
    bundled = model_path()
    for name in ("tokenizer.json", "special_tokens_map.json"):
        (folder / name).write_bytes((bundled / name).read_bytes())
    _copy(bundled / "tokenizer_config.json", folder, {"model_max_length": CONTEXT})
    _copy(bundled / "config.json", folder, {**SHAPE, **HEADS, "max_position_embeddings": CONTEXT, **architecture})
    # A folder without weights is refused; `--load-format dummy` does not read these.
    (folder / "model.safetensors").write_bytes(bytes(4096))
    return folder


def _copy(source: Path, folder: Path, changes: Mapping[str, object]) -> None:
    content = json.loads(source.read_text(encoding="utf-8")) | changes
    (folder / source.name).write_text(json.dumps(content), encoding="utf-8")
