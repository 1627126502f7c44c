"""The evaluations, and what they are made of. A new one is a row here and a file with `add_words` and `prepare`."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

from understudy.core.settings import Settings
from understudy.engine.base import Engine, Progress
from understudy.evaluation.asking import Ask
from understudy.evaluation.journal import Record
from understudy.sandbox.arguments import Sandbox


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a run is given. `connect`: waits for the engine, which may have to be started; so it is called when all else
    is found in order. `sandbox` is None where the user said that generated code may run without one."""

    words: argparse.Namespace
    settings: Settings
    connect: Callable[[], Awaitable[Engine]]
    sandbox: Sandbox | None
    report: Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What a run came to: `figures` for programs, `lines` for people."""

    figures: Mapping[str, Any]
    lines: Sequence[str]


async def _nothing() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Plan:
    """A run that could begin. `keys`: its questions, each asked by `ask`. `identity`: what the answers depend on,
    besides the engine. `about`: what else is to be known. `summarise` takes the records in the order of `keys`."""

    keys: Sequence[str]
    ask: Ask
    summarise: Callable[[Sequence[Record]], Report]
    identity: Mapping[str, Any]
    about: Mapping[str, Any] = field(default_factory=dict)
    notes: Sequence[str] = ()
    aclose: Callable[[], Awaitable[None]] = _nothing


class Module(Protocol):
    """What the file of an evaluation holds."""

    def add_words(self, parser: argparse.ArgumentParser) -> None:
        """Add the words that only this evaluation takes."""
        ...

    async def prepare(self, given: Circumstances) -> Plan:
        """Read what is needed and say what would be done. Raises `UsageError`."""
        ...


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One row. `runs_code`: whether it runs what a model wrote. `most_at_once`: highest useful concurrency."""

    name: str
    help: str
    runs_code: bool
    most_at_once: int | None = None

    @property
    def module(self) -> Module:
        """The file of the same name, loaded when it is needed."""
        return cast("Module", importlib.import_module(f"understudy.evaluation.{self.name}"))


EVALUATIONS = (
    Evaluation("infill", "fill holes in functions and run their tests (HumanEval-Infilling)", runs_code=True),
    Evaluation("replay", "type the commits of a repository again, key by key", runs_code=False, most_at_once=1),
)
