"""What `understudy engine start` does where the user names no model: the plan for this machine, if they agree."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from understudy.cli.plan import this_machine
from understudy.cli.terminal import note
from understudy.core.errors import StartFailed
from understudy.core.settings import Settings
from understudy.engine import environment
from understudy.engine.catalogue import load_catalogue
from understudy.engine.choices import hub_cache
from understudy.engine.plan.choose import make_plan
from understudy.engine.plan.hardware import Hardware
from understudy.engine.plan.result import Plan, PlannedEngine
from understudy.engine.plan.saved import forget_plan, gpus_of, save_plan, saved_plan, settings_with_plan

BUNDLED = "Starting the bundled demonstration model."
FOR_THE_CPU = f"vLLM is installed for the CPU alone; `understudy engine install --device gpu` changes that. {BUNDLED}"
# A download counts as a part of the start: at 4 MB/s, the slowest that anybody would wait for, a GB takes this long.
SECONDS_PER_GB = 250


def settled(
    settings: Settings, *, yes: bool, hardware: Hardware | None = None, answer: Callable[[], str] | None = None
) -> Settings:
    """`settings` with the models to start; unchanged, which means the bundled model, where no plan is carried out.

    That is the plan of before on the same GPUs, else a new one for `hardware` (this machine), if its models are here
    or the user agrees to their download. `yes`: they have agreed; `answer`: reads what they type, by default from the
    terminal, if there is one. Raises `EngineError`: the disk is too full, vLLM is not installed.
    """
    gpu = environment.find_installed().gpu
    hardware = hardware or this_machine()
    kept = saved_plan()
    if kept.gpus and kept.gpus == gpus_of(hardware) and not gpu:
        forget_plan()
        note(f"The plan of before is for a GPU. {FOR_THE_CPU}")
        return settings
    if kept.engines and kept.gpus == gpus_of(hardware):
        # A download that was interrupted goes on.
        left = [each.model for each in kept.engines if not is_here(each.model, hub_cache())]
        return _patient(settings_with_plan(settings), sum(map(_download, left)))
    plan = make_plan(hardware, load_catalogue())
    if not plan.engines:
        note(f"No model of the catalogue fits this machine (`understudy plan` says why). {BUNDLED}")
        return settings
    if any(engine.placement.gpus for engine in plan.engines) and not gpu:
        note(FOR_THE_CPU)
        return settings
    missing = [engine for engine in plan.engines if not is_here(engine.checkpoint.model, hub_cache())]
    if missing and not (yes or _agrees(plan, missing, answer or _keyboard())):
        return settings
    size = sum(engine.download for engine in missing)
    refuse_full_disk(size, hub_cache())
    save_plan(plan)
    return _patient(settings_with_plan(settings), size)


def _patient(settings: Settings, size: float) -> Settings:
    """`settings` that leave the engine the time to download so many GB."""
    patience = settings.engine.start_seconds + size * SECONDS_PER_GB
    return settings.model_copy(update={"engine": settings.engine.model_copy(update={"start_seconds": patience})})


def _download(model: str) -> float:
    """GB of the files of a checkpoint by its hub name; 0 for one that the catalogue no longer lists."""
    found = load_catalogue().checkpoint(model)
    return (found[1].download or found[1].weights) if found else 0.0


def is_here(model: str, cache: Path) -> bool:
    """Whether the hub's cache holds a whole model: an interrupted download leaves a file that ends in .incomplete."""
    folder = cache / f"models--{model.replace('/', '--')}"
    weights = any(folder.glob("snapshots/*/*.safetensors"))
    return weights and not any(folder.glob("blobs/*.incomplete"))


def _agrees(plan: Plan, missing: list[PlannedEngine], answer: Callable[[], str] | None) -> bool:
    """Say what would be started and downloaded, and ask where somebody can answer."""
    size = sum(engine.download for engine in missing)
    lanes = "; ".join(f"{engine.checkpoint.model} for {' and '.join(engine.lanes)}" for engine in plan.engines)
    note(f"The plan for this machine: {lanes}. `understudy plan` says more.")
    note(f"To be downloaded: {size:.1f} GB to {hub_cache()}.")
    if answer is None:
        note(f"`understudy engine start --yes` does that. {BUNDLED}")
        return False
    sys.stderr.write("Go on? [y/N] ")
    sys.stderr.flush()
    if answer().strip().lower() in ("y", "yes"):
        return True
    note(f"Type `understudy engine start` again for the plan. {BUNDLED}")
    return False


def _keyboard() -> Callable[[], str] | None:
    return sys.stdin.readline if sys.stdin.isatty() and sys.stderr.isatty() else None


def refuse_full_disk(size: float, cache: Path) -> None:
    """Raise `StartFailed` where so many GB have no room on the disk of `cache`."""
    there = next(place for place in (cache, *cache.absolute().parents) if place.exists())
    free = shutil.disk_usage(there).free / 1e9
    if size > free:
        raise StartFailed(
            f"{size:.1f} GB are to be downloaded to {cache}, which has {free:.1f} GB free.",
            "Make room, or set HF_HOME to a folder on a larger disk.",
        )
