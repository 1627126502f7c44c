"""What a keeper is told on its standard input: which engine to run, and how patient to be."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from understudy.engine.launch import Launch
from understudy.engine.state import EngineFolder


@dataclass(frozen=True, slots=True)
class Pace:
    """Times in seconds. An engine that was ready may crash `crashes` times in `crash_window`, else `early_crashes`."""

    idle: float = 900.0
    ready: float = 600.0
    grace: float = 8.0
    poll: float = 0.25
    probe: float = 5.0
    probe_timeout: float = 3.0
    failed_probes: int = 10
    first_delay: float = 1.0
    longest_delay: float = 60.0
    crashes: int = 5
    crash_window: float = 600.0
    early_crashes: int = 2


@dataclass(frozen=True, slots=True)
class Order:
    """Run `launch` for the users registered in `folder`. `ledger`: the statistics file that the GPUs' energy is added
    to; None: statistics are switched off. `gpu`: whether it computes on GPUs."""

    folder: EngineFolder
    launch: Launch
    pace: Pace = Pace()
    ledger: Path | None = None
    gpu: bool = True


def to_json(order: Order) -> str:
    """`order` as a keeper reads it."""
    return json.dumps(
        {
            "folder": str(order.folder.root),
            "launch": asdict(order.launch),
            "pace": asdict(order.pace),
            "ledger": None if order.ledger is None else str(order.ledger),
            "gpu": order.gpu,
        }
    )


def from_json(text: str) -> Order:
    """The order that `to_json` wrote."""
    raw: dict[str, Any] = json.loads(text)
    launch = Launch(**{**raw["launch"], "command": tuple(raw["launch"]["command"])})
    ledger = None if raw["ledger"] is None else Path(raw["ledger"])
    return Order(EngineFolder(Path(raw["folder"])), launch, Pace(**raw["pace"]), ledger, raw["gpu"])


def delay_before_restart(crashes: tuple[float, ...], now: float, *, was_ready: bool, pace: Pace) -> float | None:
    """Seconds to wait after the last of `crashes` (times), doubling with each in the window; None: give up.

    An engine that never became ready will most likely not become so later, and each attempt costs the user a minute.
    """
    if not was_ready:
        return pace.first_delay if len(crashes) < pace.early_crashes else None
    recent = [crash for crash in crashes if now - crash < pace.crash_window]
    if len(recent) >= pace.crashes:
        return None
    return min(pace.first_delay * 2.0 ** max(len(recent) - 1, 0), pace.longest_delay)
