"""The models to choose from on this machine: the catalogue's that fill in the middle, and what was downloaded."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from understudy.engine.base import Choice
from understudy.engine.catalogue import load_catalogue
from understudy.engine.catalogue.schema import Checkpoint, Model
from understudy.engine.checkpoint import BUNDLED_NAME
from understudy.engine.plan import placing
from understudy.engine.plan.hardware import GIB, USABLE
from understudy.engine.plan.memory import gpu_memory

BUNDLED = Choice(BUNDLED_NAME, "the bundled demonstration model, not good at code")
DOWNLOADED = "on this machine"
SIZES = (8, 12, 16, 24, 32, 48, 80, 96, 141)  # GB as GPUs are sold
_PREFIX = "models--"  # a repository's folder in the hub's cache is called models--owner--name


def local_choices() -> tuple[Choice, ...]:
    """The models for typing, those that need the least memory first, then the others in the hub's cache, by name."""
    cached = cached_models(hub_cache())
    known = tuple(known_choices())
    rows = tuple(Choice(row.model, f"{row.detail}, {DOWNLOADED}") if row.model in cached else row for row in known)
    names = {row.model for row in known}
    return rows + tuple(Choice(name, DOWNLOADED) for name in cached if name not in names)


def known_choices() -> Iterator[Choice]:
    """The bundled model and each checkpoint of a model that its maker trained for filling in the middle."""
    yield BUNDLED
    rows = (
        (model, checkpoint)
        for model in load_catalogue().models
        if "typing" in model.lanes and model.fim and model.fim.evidence == "vendor"
        for checkpoint in model.checkpoints
        if checkpoint.model != BUNDLED_NAME
    )
    for model, checkpoint in sorted(rows, key=lambda row: row[1].weights):
        yield Choice(checkpoint.model, ", ".join(_details(model, checkpoint)), here=False)


def _details(model: Model, checkpoint: Checkpoint) -> Iterator[str]:
    download = checkpoint.download or checkpoint.weights
    yield f"{download:.0f} GB" if download >= 1 else f"{download * 1000:.0f} MB"
    size = smallest_gpu(model, checkpoint)
    yield f"for a GPU with {size} GB" if size else "for several GPUs"
    if not model.commercial:
        yield "not for commercial use"


def smallest_gpu(model: Model, checkpoint: Checkpoint) -> int | None:
    """The GPU, in GB as it is sold, that holds a checkpoint and the shortest context for work, or a cache for typing
    where the model does no work: what a plan would take. An estimate. None: it takes several GPUs."""
    row = (model, checkpoint)
    if "work" in model.lanes:
        needs = placing.work_memory(row, 1, min(placing.WORK_CONTEXTS))
    else:
        cached, requests = min(placing.TYPING_CACHES), placing.TYPING_REQUESTS
        needs = gpu_memory(*row, gpus=1, cached=cached, requests=requests, batch=placing.TYPING_BATCH)
    least = max(needs.total / placing.LIMIT[True], checkpoint.minimum_memory or 0)
    return next((size for size in SIZES if least <= size * GIB * USABLE), None)


def hub_cache() -> Path:
    """Where the Hugging Face hub keeps what it has downloaded (huggingface_hub, "Environment variables")."""
    if cache := os.environ.get("HF_HUB_CACHE"):
        return Path(cache).expanduser()
    home = os.environ.get("HF_HOME") or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface"
    return Path(home).expanduser() / "hub"


def cached_models(cache: Path) -> tuple[str, ...]:
    """The hub names of the models in `cache`, sorted; none where it cannot be read."""
    try:
        folders = [folder.name for folder in cache.iterdir() if (folder / "snapshots").is_dir()]
    except OSError:
        return ()
    parts = (name.removeprefix(_PREFIX).split("--", 1) for name in sorted(folders) if name.startswith(_PREFIX))
    return tuple("/".join(part) for part in parts if len(part) == 2)  # owner and name
