"""Token counts: exact for what was learned, additive over lines, cheap, and never too small for a learned text."""

from __future__ import annotations

import time
from dataclasses import dataclass
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.core.errors import EngineRefused, EngineUnavailable
from understudy.core.text import split_lines
from understudy.engine.base import Tokens
from understudy.engine.counter import FIRST_RATIO, LONGEST_LEARNED, MARGIN, TokenCounter
from understudy.engine.scripted import ScriptedEngine, split

code = st.text("abc def()=:+\"'\n\r\té€𝛑", max_size=200)


class Wordless(ScriptedEngine):
    """An engine that gives ids and not what they stand for."""

    async def tokenize(self, text: str) -> Tokens:
        return Tokens((await super().tokenize(text)).ids)


class Normalising(ScriptedEngine):
    """A tokenizer that composes characters first."""

    async def tokenize(self, text: str) -> Tokens:
        return await super().tokenize(normalize("NFC", text))


@dataclass
class Failing(ScriptedEngine):
    error: Exception

    async def tokenize(self, text: str) -> Tokens:
        raise self.error


@settings(deadline=None)
@given(texts=st.lists(code, max_size=4), learned=code)
async def test_counts_add_up_over_lines(texts: list[str], learned: str) -> None:
    counter = TokenCounter()
    await counter.learn(ScriptedEngine(), learned)
    # The pieces before must end their line, and in LSP's sense: "\r" and "\n" would become one line end.
    lines = [line for text in texts for line in split_lines(text + "\n")]
    assert counter.count("".join(lines)) == sum(map(counter.count, lines))


@settings(deadline=None)
@given(text=code)
async def test_a_learned_text_is_not_counted_below_its_true_number(text: str) -> None:
    counter = TokenCounter()
    await counter.learn(ScriptedEngine(), text)
    assert counter.count(text) >= len(split(text))


@settings(deadline=None)
@given(lines=st.lists(st.text("abc()= ", min_size=1, max_size=30).map(str.strip).filter(bool), min_size=1, unique=True))
async def test_a_learned_text_of_different_lines_is_counted_exactly(lines: list[str]) -> None:
    text = "\n".join(lines) + "\n"
    counter = TokenCounter()
    await counter.learn(ScriptedEngine(), text)
    assert counter.count(text) == len(split(text))
    assert not counter.wants(text)


@settings(deadline=None)
@given(text=code)
def test_the_first_estimate_follows_the_bytes(text: str) -> None:
    counter = TokenCounter()
    size = len(text.encode())
    assert size / FIRST_RATIO <= counter.count(text) <= size / FIRST_RATIO + len(split_lines(text))


async def test_an_unknown_line_is_estimated_by_what_was_learned() -> None:
    counter = TokenCounter()
    await counter.learn(ScriptedEngine(), "abcdefgh\n" * 10)
    assert counter.bytes_per_token == pytest.approx(9 / 2 * MARGIN)


async def test_a_line_seen_with_several_counts_has_the_largest() -> None:
    counter = TokenCounter()
    # The scripted tokenizer takes line ends together: the empty line is part of the token before it.
    await counter.learn(ScriptedEngine(), "a\n\nb\n")
    assert [counter.count(line) for line in ("a\n", "\n", "b\n")] == [2, 0, 2]
    await counter.learn(ScriptedEngine(), "\na\n")
    assert [counter.count(line) for line in ("a\n", "\n", "b\n")] == [2, 1, 2]


async def test_the_lines_that_were_learned_last_are_kept() -> None:
    counter = TokenCounter(known_lines=3)
    engine = ScriptedEngine()
    await counter.learn(engine, "a a a\nb b b\nc c c\n")
    await counter.learn(engine, "a a a\n")
    await counter.learn(engine, "d d d\n")
    known = [line for line in ("a a a\n", "b b b\n", "c c c\n", "d d d\n") if not counter.wants(line)]
    assert known == ["a a a\n", "c c c\n", "d d d\n"]


async def test_without_pieces_the_lines_share_the_tokens() -> None:
    counter = TokenCounter()
    text = "abcdefgh\n" * 10
    await counter.learn(Wordless(), text)
    assert counter.bytes_per_token == pytest.approx(4.5 * MARGIN)
    assert counter.count(text) == 20
    assert not counter.wants(text)


async def test_a_tokenizer_that_normalises_counts_by_line_all_the_same() -> None:
    counter = TokenCounter()
    await counter.learn(Normalising(), "e\u0301 = 1\nx\n")
    assert [counter.count(line) for line in ("e\u0301 = 1\n", "x\n")] == [6, 2]


async def test_an_engine_that_cannot_tokenise_is_not_asked_again() -> None:
    counter = TokenCounter()
    await counter.learn(Failing(EngineRefused(404, "no")), "a\n")
    assert not counter.wants("a\n")
    assert counter.bytes_per_token == FIRST_RATIO


async def test_an_engine_that_is_away_is_asked_again() -> None:
    counter = TokenCounter()
    await counter.learn(Failing(EngineUnavailable("away")), "a\n")
    assert counter.wants("a\n")


async def test_a_very_long_text_is_learned_by_its_beginning() -> None:
    counter = TokenCounter()
    text = "".join(f"name_{number} = {number}\n" for number in range(LONGEST_LEARNED // 10))
    await counter.learn(ScriptedEngine(), text)
    assert not counter.wants(text)


async def test_counting_a_file_of_two_thousand_lines_is_cheap() -> None:
    counter = TokenCounter()
    text = "".join(f"    result_{number} = compute(value, {number}, flag=True)\n" for number in range(2000))
    known, unknown = TokenCounter(), counter
    await known.learn(ScriptedEngine(), text)
    for which in (known, unknown):
        times = []
        for _ in range(20):
            began = time.perf_counter()
            which.count(text)
            times.append(time.perf_counter() - began)
        assert min(times) < 0.002
