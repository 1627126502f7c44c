"""What was measured, so that the figures can be read later: engine, model, flags, versions, date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import understudy
from understudy.core.errors import EngineUnavailable, UsageError
from understudy.core.settings import EngineSettings
from understudy.engine import environment
from understudy.engine.address import without_credentials
from understudy.engine.base import ModelInfo
from understudy.engine.state import engine_folder, read_status
from understudy.evaluation.git import git

# Words of vLLM's command line that differ from start to start, or that `model` says already.
PASSING = ("--port", "--host", "--model", "--served-model-name")


def engine_identity(settings: EngineSettings, info: ModelInfo, script: Path | None) -> dict[str, Any]:
    """What answers depend on: which model, where it is served, with which flags. `script`: a scripted engine's."""
    model = {"model": info.id, "root": info.root, "context": info.context}
    if script is not None:
        return {**model, "engine": "scripted"}
    urls = settings.urls or ((settings.url,) if settings.url else ())
    if urls:
        return {**model, "engine": [without_credentials(url) for url in urls]}
    return {**model, "engine": "local", "vllm": _local_vllm(), "flags": local_flags() or list(settings.arguments)}


def about_now() -> dict[str, Any]:
    """The commit of Understudy where it runs from a checkout, and the date."""
    return {
        "commit": commit(Path(understudy.__file__).parent),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def commit(folder: Path) -> str | None:
    """The commit of the checkout that `folder` belongs to, with `+changes` where files differ from it; None where it
    belongs to none."""
    try:
        found = git(folder, "rev-parse", "HEAD").strip()
        return found + ("+changes" if git(folder, "status", "--porcelain", "--", ".") else "")
    except UsageError:
        return None


def local_flags() -> list[str] | None:
    """The words that the local engine was started with, as the system tells them; None where it does not."""
    status = read_status(engine_folder())
    if status is None or status.pid is None:
        return None
    try:
        words = Path(f"/proc/{status.pid}/cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]
    except OSError:
        return None
    return flags(words)


def flags(words: list[str]) -> list[str]:
    """The flags of a command line, less those that differ from start to start."""
    first = next((place for place, word in enumerate(words) if word.startswith("--")), len(words))
    kept, skip = [], False
    for word in words[first:]:
        if not skip and word not in PASSING:
            kept.append(word)
        skip = word in PASSING
    return kept


def _local_vllm() -> str | None:
    try:
        return environment.find_installed().folder.name
    except EngineUnavailable:
        return None


def named(identity: Mapping[str, Any]) -> str:
    """An engine in a few words."""
    where = identity["engine"] if isinstance(identity["engine"], str) else ", ".join(identity["engine"])
    return f"{identity['model']} ({where}{', ' + identity['vllm'] if identity.get('vllm') else ''})"
