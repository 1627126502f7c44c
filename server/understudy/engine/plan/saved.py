"""The plan that `understudy engine start` has carried out, kept so that every front door starts the same engines.

It stands in for what the user leaves empty: a word of theirs on the model or the address of the engine wins. A plan of
another machine, which came along with the folder of settings, counts for nothing.
"""

from __future__ import annotations

import contextlib
import json
import platform
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from understudy.core.paths import config_file
from understudy.core.settings import Settings

if TYPE_CHECKING:  # a server that starts reads the file, and has no use for what wrote it
    from understudy.engine.plan.hardware import Hardware
    from understudy.engine.plan.result import Plan


@dataclass(frozen=True, slots=True)
class SavedEngine:
    """An engine of the plan: its lanes, the hub name of its model, what the hardware adds to vLLM's arguments."""

    lanes: tuple[str, ...]
    model: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """The engines of a plan, and what it was made for: a machine, and its GPUs by name and size."""

    engines: tuple[SavedEngine, ...] = ()
    gpus: tuple[str, ...] = ()
    machine: str = ""


def plan_file() -> Path:
    """Where it is kept: beside the user's settings, since it is a decision of theirs."""
    return config_file().with_name("plan.json")


def save_plan(plan: Plan) -> None:
    """Keep `plan`. Raises `OSError`."""
    engines = tuple(SavedEngine(engine.lanes, engine.checkpoint.model, engine.own_arguments) for engine in plan.engines)
    text = json.dumps(asdict(SavedPlan(engines, gpus_of(plan.hardware), platform.node())), indent=2)
    file = plan_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(".new")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(file)


def forget_plan() -> bool:
    """Keep it no longer. False: there was none."""
    try:
        plan_file().unlink()
    except FileNotFoundError:
        return False
    return True


def saved_plan() -> SavedPlan:
    """The plan that is kept for this machine; an empty one where there is none, or none that can be read."""
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        raw = json.loads(plan_file().read_text(encoding="utf-8"))
        engines = tuple(
            SavedEngine(tuple(row["lanes"]), str(row["model"]), tuple(map(str, row["arguments"])))
            for row in raw["engines"]
        )
        if raw["machine"] == platform.node():
            return SavedPlan(engines, tuple(raw["gpus"]), raw["machine"])
    return SavedPlan()


def gpus_of(hardware: Hardware) -> tuple[str, ...]:
    """What makes a plan another one when it changes."""
    return tuple(f"{gpu.name}, {gpu.size} GB" for gpu in hardware.gpus)


def says_which(settings: Settings) -> bool:
    """Whether the user says which engine to use, so that no plan is asked."""
    return bool(settings.engine.url or settings.engine.urls or settings.engine.model)


def settings_with_plan(settings: Settings) -> Settings:
    """`settings`, in which the kept plan fills what they leave empty: the models and their arguments."""
    if says_which(settings):
        return settings
    engine, work = settings.engine, settings.work
    for planned in saved_plan().engines:
        if "typing" in planned.lanes:
            arguments = (*planned.arguments, *engine.arguments)  # the user's come last, and so win
            engine = engine.model_copy(update={"model": planned.model, "arguments": arguments})
        elif not (work.url or work.urls or work.model):
            work = work.model_copy(update={"model": planned.model, "arguments": (*planned.arguments, *work.arguments)})
    return settings.model_copy(update={"engine": engine, "work": work})
