"""Typing along a known text: what is shown, what of it was right, what it cost."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from repositories import repository

from understudy.core.errors import UsageError
from understudy.core.settings import CompletionSettings, Settings
from understudy.core.text import Document, Edit, Span
from understudy.engine.base import Engine, TextRequest, Usage
from understudy.engine.script import Answer, Say, parse
from understudy.engine.scripted import ScriptedEngine
from understudy.evaluation.commits import Typing
from understudy.evaluation.replay import Session, lines, prepare, summarise, total
from understudy.evaluation.table import Circumstances
from understudy.evaluation.typist import Tally, WatchedEngine, keystrokes
from understudy.features.completion.outcome import Completion, Item, Reason, Skipped, Source

BEFORE = "def add(first, second):\n"
TEXT = "    total = first + second\n    return total"
TYPING = Typing("0123456789", "a.py", "python", BEFORE + "\n", len(BEFORE), TEXT)
SETTINGS = Settings(completion=CompletionSettings(debounce_ms=0))
FAST = 20.0


def offer(text: str, source: Source = Source.ENGINE) -> Completion:
    document = Document("file:///a.py", 1, "python", "")
    return Completion(document, 0, (Item("1", Edit(Span(0, 0), text)),), source)


def test_keystrokes_are_those_of_an_editor() -> None:
    assert keystrokes("a\n    b\n\nc") == ["a", "\n    ", "b", "\n", "\n", "c"]
    assert keystrokes("    a b") == ["    ", "a", " ", "b"]
    assert "".join(keystrokes(TEXT)) == TEXT


def typed(text: str, offers: Iterator[Completion | Skipped | None]) -> Tally:
    tally = Tally()
    for place, key in enumerate(text, start=1):
        tally.add(next(offers), key, text[place:])
    return tally


def test_a_suggestion_that_is_typed_along_is_one() -> None:
    tally = typed("abcd", iter([offer("bcd"), offer("cd", Source.CACHE), offer("d", Source.CACHE), None]))
    assert (tally.keys, tally.offered, tally.agreed) == (4, 3, 3)
    assert (tally.shown, tally.accepted, tally.suggested, tally.kept) == (1, 1, 3, 3)


def test_a_suggestion_that_is_typed_against() -> None:
    tally = typed("abcd", iter([offer("xyz"), offer("cX"), Skipped(Reason.EMPTY), None]))
    assert (tally.offered, tally.agreed) == (2, 1)
    assert (tally.shown, tally.accepted, tally.suggested, tally.kept) == (2, 0, 5, 1)
    assert tally.outcomes == {"shown, from engine": 2, "the model offered nothing": 1, "cancelled by the next key": 1}


def test_what_changes_while_it_is_typed_along_is_another() -> None:
    assert typed("abcd", iter([offer("bcd"), offer("cX"), None, None])).shown == 2
    assert typed("abcd", iter([offer("bcd"), None, offer("d"), None])).shown == 2, "it had gone"


async def test_a_model_that_knows_what_comes() -> None:
    """Wherever it is asked, which depends on how fast this machine is."""
    script = [
        Answer((Say(TEXT[place:]),), when=f"{BEFORE}{TEXT[:place]}<|fim_suffix|>", always=True)
        for place in range(len(TEXT))
    ]
    session = Session(ScriptedEngine(script), SETTINGS)
    try:
        record = await session.record(TYPING, FAST)
    finally:
        await session.aclose()
    figures = summarise([record]).figures
    assert record["keys"] == len(keystrokes(TEXT))
    assert figures["shown"] >= 1
    assert figures["accepted_by_oracle"] == figures["kept_characters"] == figures["next_key_foretold"] == 1
    assert figures["without_wrong_suggestion"] == 1
    assert record["requests"] < record["keys"]


async def test_a_model_that_is_always_wrong() -> None:
    session = Session(ScriptedEngine(parse('!always\n"zebra = quagga(okapi)"\n')), SETTINGS)
    try:
        record = await session.record(TYPING, FAST)
    finally:
        await session.aclose()
    figures = summarise([record]).figures
    assert figures["shown"] > 0
    assert (figures["accepted_by_oracle"], figures["kept_characters"]) == (0, 0)
    assert figures["without_wrong_suggestion"] == 1 - record["offered"] / record["keys"] < 1


async def test_it_is_typed_even_where_completions_are_switched_off() -> None:
    off = SETTINGS.model_copy(update={"completion": CompletionSettings(debounce_ms=0, enabled=False)})
    session = Session(ScriptedEngine(parse('!always\n"total = 1"\n')), off)
    try:
        record = await session.record(TYPING, FAST)
    finally:
        await session.aclose()
    assert record["requests"] > 0


async def test_what_passes_through_the_engine_is_noted() -> None:
    watched = WatchedEngine(ScriptedEngine([Answer((Say("a"), Say("b")))]), clock=iter(range(100)).__next__)
    assert [chunk.text async for chunk in watched.stream(TextRequest("x y", 5))] == ["a", "b", ""]
    asked = watched.asked
    assert (asked.requests, asked.usages) == (1, [Usage(3, 2)])
    assert (asked.first_token_ms, asked.total_ms) == ([1000], [2000])


RECORD = {
    "keys": 10,
    "outcomes": {"shown, from engine": 4, "the model offered nothing": 6},
    "offered": 4,
    "agreed": 3,
    "shown": 2,
    "accepted": 1,
    "suggested": 40,
    "kept": 30,
    "typed": 12,
    "requests": 4,
    "usages": [[100, 80], [120, None]],
    "first_token_ms": [10.0],
    "total_ms": [20.0],
    "engine": {"prompt_tokens": 400, "cached_tokens": 300},
}


def test_pieces_add_up() -> None:
    whole = total([RECORD, RECORD, {**RECORD, "engine": None}])
    assert (whole["keys"], whole["usages"][:2], len(whole["usages"])) == (30, RECORD["usages"], 6)
    assert whole["outcomes"] == {"shown, from engine": 12, "the model offered nothing": 18}
    assert whole["engine"] == {"prompt_tokens": 800, "cached_tokens": 600}


def test_the_figures_of_a_replay() -> None:
    figures = summarise([RECORD, RECORD]).figures
    assert (figures["keystrokes"], figures["requests"], figures["shown"]) == (20, 8, 4)
    assert figures["without_new_request"] == pytest.approx(0.6)
    assert figures["without_wrong_suggestion"] == pytest.approx(0.9)
    assert (figures["accepted_by_oracle"], figures["kept_characters"]) == (0.5, 0.75)
    assert figures["computed_tokens"] == {"count": 2, "p50": 20, "p95": 20}
    assert (figures["computed_tokens_per_request"], figures["computed_share"]) == (25, 0.25)
    said = "\n".join(lines(figures))
    assert "keystrokes answered without a new engine request                60%" in said
    json.dumps(figures)


def test_a_replay_of_nothing_known() -> None:
    silent = {**RECORD, "offered": 0, "agreed": 0, "shown": 0, "suggested": 0, "kept": 0, "usages": [], "engine": None}
    figures = summarise([{**silent, "first_token_ms": [], "total_ms": []}]).figures
    assert figures["accepted_by_oracle"] is None
    assert figures["first_token_ms"] is None
    assert lines(figures)


def circumstances(repo: Path, speed: float) -> Circumstances:
    words = argparse.Namespace(repo=repo, characters=900, language=None, speed=speed, seed=1, limit=None)

    async def connect() -> Engine:
        return ScriptedEngine()

    return Circumstances(words, SETTINGS, connect, None, lambda _: None)


@pytest.mark.parametrize("speed", [0.0, -1.0, math.nan, math.inf])
async def test_a_speed_at_which_nobody_types(tmp_path: Path, speed: float) -> None:
    with pytest.raises(UsageError, match="Nothing would be typed"):
        await prepare(circumstances(tmp_path, speed))


async def test_what_a_run_is_reads_the_same_from_its_file(tmp_path: Path) -> None:
    """Else each new run is said to differ in its completions' settings from the last one."""
    plan = await prepare(circumstances(repository(tmp_path, {"a.py": BEFORE}, {"a.py": BEFORE + TEXT + "\n"}), 1.0))
    assert json.loads(json.dumps(plan.identity)) == plan.identity
