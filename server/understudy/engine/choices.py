"""The models to choose from on this machine: a short list that is known to work, and what was downloaded before."""

from __future__ import annotations

import os
from pathlib import Path

from understudy.engine.base import Choice
from understudy.engine.checkpoint import BUNDLED_NAME

KNOWN = (
    Choice(BUNDLED_NAME, "the bundled demonstration model, not good at code"),
    Choice("Qwen/Qwen2.5-Coder-1.5B", "3 GB, for a GPU with 8 GB", here=False),
    Choice("Qwen/Qwen2.5-Coder-7B", "15 GB, for a GPU with 24 GB", here=False),
)
DOWNLOADED = "on this machine"
_PREFIX = "models--"  # a repository's folder in the hub's cache is called models--owner--name


def local_choices() -> tuple[Choice, ...]:
    """The known models, then the others in the hub's cache, by name."""
    cached = cached_models(hub_cache())
    known = tuple(Choice(row.model, f"{row.detail}, {DOWNLOADED}") if row.model in cached else row for row in KNOWN)
    names = {row.model for row in KNOWN}
    return known + tuple(Choice(name, DOWNLOADED) for name in cached if name not in names)


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
