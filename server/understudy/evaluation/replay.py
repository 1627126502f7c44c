"""`understudy eval replay`: commits of a repository are typed again, key by key; what is offered is judged by them."""

from __future__ import annotations

import argparse
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from understudy.context.workspace import Workspace
from understudy.core.errors import EngineRefused, UsageError
from understudy.core.settings import Settings
from understudy.core.statistics import NullRecorder
from understudy.engine.base import Engine, Load
from understudy.engine.scripted import ScriptedSource
from understudy.evaluation.commits import Typing, typings
from understudy.evaluation.journal import Record
from understudy.evaluation.metrics import Percentiles
from understudy.evaluation.table import Circumstances, Plan, Report
from understudy.evaluation.typist import Asked, WatchedEngine, type_text
from understudy.features.completion.complete import Completer
from understudy.features.completion.watch import Watch

CHARACTERS = 900


def add_words(parser: argparse.ArgumentParser) -> None:
    """Add the words of `replay`."""
    parser.add_argument(
        "--repo", type=Path, required=True, metavar="PATH", help="the repository whose commits are typed"
    )
    parser.add_argument(
        "--characters",
        type=int,
        default=CHARACTERS,
        metavar="N",
        help="how much is typed (%(default)s, some three minutes)",
    )
    parser.add_argument(
        "--language", action="append", metavar="ID", help="only files of this language; may be repeated"
    )
    parser.add_argument(
        "--speed", type=float, default=1.0, metavar="X", help="of typing: 2 is twice as fast (%(default)s)"
    )


async def prepare(given: Circumstances) -> Plan:
    """Choose what is typed."""
    words = given.words
    if words.characters < 1 or not 0 < words.speed < math.inf:  # NaN is in no order
        raise UsageError("Nothing would be typed.", "Give --characters and --speed above 0.")
    root = words.repo.resolve()
    wanted = (lambda name: name in words.language) if words.language else (lambda _: True)
    chosen = typings(root, characters=words.characters, wanted=wanted, seed=words.seed)[: words.limit]
    if not chosen:
        raise UsageError(f"No commit of {root} adds lines that could be typed.", "Give another --repo or --language.")
    by_key = {f"{typing.commit} {typing.path}": typing for typing in chosen}
    session = Session(await given.connect(), given.settings)

    async def ask(key: str) -> Record:
        return await session.record(by_key[key], words.speed, words.seed)

    return Plan(
        list(by_key),
        ask,
        summarise,
        identity={
            "pieces": [[typing.commit, typing.path, typing.offset, len(typing.text)] for typing in chosen],
            "completion": given.settings.completion.model_dump(mode="json"),  # as a file gives it back
            "fim": given.settings.engine.fim,
            "speed": words.speed,
            "seed": words.seed,
        },
        about={"repository": str(root)},
        aclose=session.aclose,
    )


class Session:
    """One workspace that everything is typed in, with the settings of the user."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.engine = WatchedEngine(engine)
        self._completer = Completer(
            # Who types nothing themselves may have switched completions off.
            settings.completion.model_copy(update={"enabled": True}),
            ScriptedSource(self.engine),
            workspace=Workspace(),
            watch=Watch(NullRecorder()),
            fim=settings.engine.fim,
        )

    async def record(self, typing: Typing, speed: float = 1.0, seed: int = 7) -> Record:
        """Type one piece, and say how that went. `engine` is what it counted meanwhile, of everybody's requests."""
        asked = self.engine.asked = Asked()
        before = await load_of(self.engine)
        tally = await type_text(self._completer, typing, speed=speed, seed=seed)
        after = await load_of(self.engine)
        counted = None
        if before is not None and after is not None:
            counted = {
                "prompt_tokens": after.prompt_tokens - before.prompt_tokens,
                "cached_tokens": after.cached_tokens - before.cached_tokens,
            }
        return {
            **tally.figures(),
            "typed": len(typing.text),
            "requests": asked.requests,
            "usages": [[usage.prompt, usage.cached] for usage in asked.usages],
            "first_token_ms": [round(value, 1) for value in asked.first_token_ms],
            "total_ms": [round(value, 1) for value in asked.total_ms],
            "engine": counted,
        }

    async def aclose(self) -> None:
        """Close what is open, save the engine."""
        await self._completer.aclose()


async def load_of(engine: Engine) -> Load | None:
    """The engine's counts; None where it has none that are known."""
    try:
        return await engine.load()
    except EngineRefused:
        return None


def total(records: Sequence[Record]) -> dict[str, Any]:
    """The records of several pieces as one: numbers added, lists joined."""
    added: dict[str, Any] = {}
    for record in records:
        for name, value in record.items():
            if isinstance(value, dict):
                added[name] = added.get(name, Counter()) + Counter(value)
            elif value is not None:
                added[name] = added[name] + value if name in added else value
    return added


def summarise(records: Sequence[Record]) -> Report:
    """The figures of a replay."""
    whole = total(records)
    keys, requests = max(1, whole["keys"]), max(1, whole["requests"])
    usages = whole["usages"]
    computed = [prompt - cached for prompt, cached in usages if cached is not None]
    wrong = whole["offered"] - whole["agreed"]
    engine = whole.get("engine")
    figures = {
        "keystrokes": whole["keys"],
        "characters": whole["typed"],
        "outcomes": {name: count / keys for name, count in Counter(whole["outcomes"]).most_common()},
        "without_new_request": 1 - whole["requests"] / keys,
        "without_wrong_suggestion": 1 - wrong / keys,
        "shown": whole["shown"],
        "accepted_by_oracle": share(whole["accepted"], whole["shown"]),
        "kept_characters": share(whole["kept"], whole["suggested"]),
        "kept_of_typed": share(whole["kept"], whole["typed"]),
        "next_key_foretold": share(whole["agreed"], whole["offered"]),
        "requests": whole["requests"],
        "prompt_tokens": as_json(Percentiles.of([prompt for prompt, _ in usages])),
        "computed_tokens": as_json(Percentiles.of(computed)),
        "computed_tokens_per_request": (engine["prompt_tokens"] - engine["cached_tokens"]) / requests
        if engine
        else None,
        "computed_share": share(engine["prompt_tokens"] - engine["cached_tokens"], engine["prompt_tokens"])
        if engine
        else None,
        "first_token_ms": as_json(Percentiles.of(whole["first_token_ms"])),
        "total_ms": as_json(Percentiles.of(whole["total_ms"])),
    }
    return Report(figures, lines(figures))


LINES = (
    ("keystrokes answered without a new engine request", "without_new_request", "share"),
    ("keystrokes without a wrong suggestion", "without_wrong_suggestion", "share"),
    ("suggestions shown", "shown", "count"),
    ("… whole, as they were typed afterwards", "accepted_by_oracle", "share"),
    ("… characters of them that were typed afterwards", "kept_characters", "share"),
    ("offers whose next character was typed next", "next_key_foretold", "share"),
    ("prompt tokens per new request", "prompt_tokens", "percentiles"),
    ("… of them computed, not cached (streams that the model ended)", "computed_tokens", "percentiles"),
    ("… by the engine's own count, mean of all requests", "computed_tokens_per_request", "count"),
    ("… as a share of the prompts", "computed_share", "share"),
    ("first token, ms", "first_token_ms", "percentiles"),
    ("whole reply, ms", "total_ms", "percentiles"),
)
"""What is shown of the figures: the words, the name of the figure, how it is written."""


def lines(figures: Mapping[str, Any]) -> list[str]:
    """The figures for people."""
    shown = [f"{words:<64}{written(figures[name], form)}" for words, name, form in LINES if figures[name] is not None]
    return [f"{'keystrokes':<64}{figures['keystrokes']}", *outcome_lines(figures), *shown]


def outcome_lines(figures: Mapping[str, Any]) -> list[str]:
    """How the keystrokes were answered."""
    return [f"    {name:<60}{count:.0%}" for name, count in figures["outcomes"].items()]


def written(value: Any, form: str) -> str:
    """A figure as it is read."""
    if form == "share":
        return f"{value:.0%}"
    if form == "count":
        return f"{value:.0f}"
    return f"p50 {value['p50']:.1f}, p95 {value['p95']:.1f} (n = {value['count']})"


def share(part: float, whole: float) -> float | None:
    """A share; None of nothing."""
    return part / whole if whole else None


def as_json(figures: Percentiles) -> dict[str, float] | None:
    """Percentiles for programs; None where nothing was measured."""
    return asdict(figures) if figures.count else None
