"""The bundled demonstration model: a few million parameters, trained from scratch by the scripts in this folder.

It shows that the wiring works with no download. It is no coding assistant: `bundled/README.md` says how to get a real
model.
"""

from __future__ import annotations

from pathlib import Path


def model_path() -> Path:
    """The folder with the demonstration model's weights, configuration and tokenizer, as vLLM's `--model` takes it."""
    return Path(__file__).parent / "model"
