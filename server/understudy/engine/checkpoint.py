"""Which model a local engine serves, and whether its folder can be served at all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from understudy.bundled import model_path
from understudy.core.errors import StartFailed

BUNDLED_NAME = "understudy-demo"
WEIGHTS = ("*.safetensors", "*.bin", "*.gguf")
POINTER_BYTES = 1024  # a file below this is what Git LFS leaves in place of the weights


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A model to serve: an absolute folder or a hub name, a short name, and its context in tokens where known."""

    model: str
    name: str
    context: int | None = None


def find_checkpoint(model: str | None) -> Checkpoint:
    """The checkpoint that `engine.model` names: a folder, a hub name (`owner/name`), a model of the catalogue that
    comes in one precision, or the bundled model (None, or by its name).

    What can be a hub name or a model's is never looked for on the disk: an editor starts its servers in the workspace,
    and a folder that a stranger put there must not stand in for the user's model. Raises `StartFailed` for a folder
    that vLLM could not serve, and for a model of which there are several checkpoints.
    """
    model = None if model == BUNDLED_NAME else _of_the_catalogue(model) if model and _is_word(model) else model
    if model and not _is_path(model):
        return Checkpoint(model, model)
    folder = model_path() if not model else Path(model).expanduser()
    if not folder.is_dir():
        what = "The bundled model is missing from this installation." if not model else f"No such folder: {folder}."
        raise StartFailed(what, "Set `engine.model` to a model's folder or its hub name (`owner/name`).")
    name = folder.resolve().name if model else BUNDLED_NAME
    return Checkpoint(str(folder.resolve()), name, _context(folder))


def _is_word(model: str) -> bool:
    return not set(model) & set("/\\~:") and not model.startswith(".")


def _of_the_catalogue(name: str) -> str:
    """The hub name of the model that people call `name`, where it is one of the catalogue; else `name`."""
    # The catalogue takes a quarter of a second, which a keeper or a folder's name need not pay.
    from understudy.engine.catalogue import load_catalogue

    row = next((row for row in load_catalogue().models if row.name.lower() == name.lower()), None)
    if row is None or row.name == BUNDLED_NAME:
        return name
    hub = [one.model for one in row.checkpoints]
    if len(hub) == 1:
        return hub[0]
    if not hub:
        raise StartFailed(f"{row.name} is served by others only.", "Set `engine.url` to the address of one of them.")
    raise StartFailed(
        f"{row.name} comes in several precisions.",
        f"Set `engine.model` to one of {', '.join(hub)}; `understudy plan` says which fits.",
    )


def _is_path(model: str) -> bool:
    """Whether a name is meant as a folder: hub names have one slash and no dot in front."""
    return model.startswith((".", "/", "~", "\\")) or model.count("/") != 1 or "\\" in model or ":" in model


def _context(folder: Path) -> int | None:
    config = folder / "config.json"
    if not config.is_file():
        raise StartFailed(
            f"{folder} holds no model: config.json is missing.", "Give the folder of a Hugging Face checkpoint."
        )
    if not any(path.stat().st_size > POINTER_BYTES for pattern in WEIGHTS for path in folder.glob(pattern)):
        raise StartFailed(f"{folder} holds no weights (*.safetensors).", "Download the model's weights into it.")
    try:
        content = json.loads(config.read_text(encoding="utf-8"))
        content = content.get("text_config", content)
        length = content.get("max_position_embeddings")
    except (OSError, ValueError, AttributeError) as error:
        raise StartFailed(f"{config} is not readable as JSON.", "Download the model again.") from error
    return length if isinstance(length, int) else None
