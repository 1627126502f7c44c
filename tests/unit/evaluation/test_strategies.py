"""How a hole is asked for and where its answer ends."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest
from own_problems import PROBLEMS, engine

from understudy.core.errors import EngineBroken, EngineRefused, UsageError
from understudy.engine.base import Chunk, ModelInfo, TextRequest
from understudy.engine.script import Answer, Disconnect, Fail, Say
from understudy.engine.scripted import ScriptedEngine
from understudy.evaluation.problems import BENCHMARKS, Benchmark
from understudy.evaluation.strategies import Filled, Strategy, fill, first_line, strategies

SINGLE, MULTI = BENCHMARKS[0], BENCHMARKS[1]
PROBLEM = PROBLEMS[0]


@pytest.mark.parametrize(
    ("text", "end"),
    [("    x = 1\n    y\n", 10), ("\n\n  x\ny", 6), ("x", None), ("\n\n", None), ("", None), ("a\n", 2)],
)
def test_the_first_line(text: str, end: int | None) -> None:
    assert first_line(text) == end


async def one(played: ScriptedEngine, name: str = "fim") -> Strategy:
    (strategy,), _ = await strategies(played, [name])
    return strategy


async def filled(answer: Answer, benchmark: Benchmark = SINGLE, max_tokens: int = 50) -> tuple[Filled, ScriptedEngine]:
    played = ScriptedEngine([answer])
    return await fill(played, await one(played), PROBLEM, benchmark, max_tokens), played


async def test_the_prompt_is_the_formats_own() -> None:
    it, played = await filled(Answer((Say("    result = 2 * number\n"),)), max_tokens=77)
    (seen,) = played.seen
    assert seen.prompt == f"<|fim_prefix|>{PROBLEM.prompt}<|fim_suffix|>{PROBLEM.suffix}<|fim_middle|>"
    assert seen.request.max_tokens == 77
    assert seen.request.temperature == 0
    assert it.text == "    result = 2 * number\n"
    assert it.first_ms is not None
    assert 0 <= it.first_ms <= it.total_ms


async def test_an_answer_of_one_line_is_ended_there() -> None:
    it, played = await filled(Answer((Say("    a\n    b"), Say("\n    c\n"))))
    assert (it.text, it.truncated) == ("    a\n", False)
    assert played.seen[0].ended == "aborted", "no token is paid for that is cut anyway"
    assert (await filled(Answer((Say("    a"),))))[0].text == "    a\n", "a line has an end"


async def test_an_answer_of_several_lines_ends_where_the_model_says() -> None:
    it, played = await filled(Answer((Say("    a\n    b"), Say("\n"))), MULTI)
    assert (it.text, played.seen[0].ended) == ("    a\n    b\n", "played")
    assert it.usage is not None
    assert it.usage.completion > 0


@pytest.mark.parametrize(("benchmark", "cut"), [(MULTI, True), (SINGLE, False)])
async def test_what_was_cut_off_is_counted(benchmark: Benchmark, cut: bool) -> None:
    """Not where the line had come to its end before."""
    it, _ = await filled(Answer((Say("    a\n    b"),), finish="length"), benchmark)
    assert it.truncated is cut


class Brisk(ScriptedEngine):
    """Says how an answer ended together with its last text, as vLLM does."""

    async def stream(self, request: TextRequest) -> AsyncGenerator[Chunk, None]:
        del request
        yield Chunk("    a\n    b", finish="length")


@pytest.mark.parametrize(("benchmark", "cut"), [(MULTI, True), (SINGLE, False)])
async def test_also_where_the_end_comes_with_the_text(benchmark: Benchmark, cut: bool) -> None:
    played = Brisk()
    assert (await fill(played, await one(played), PROBLEM, benchmark, 50)).truncated is cut


async def test_a_prompt_that_does_not_fit_is_an_answer_of_its_own() -> None:
    it, _ = await filled(Answer((Fail(400, "too long"),)))
    assert "too long" in it.refused
    with pytest.raises(EngineRefused):
        await filled(Answer((Fail(500, "broken"),)))
    with pytest.raises(EngineRefused):
        await filled(Answer((Fail(401, "who are you"),)))
    with pytest.raises(EngineBroken):
        await filled(Answer((Disconnect(),)))


async def test_a_strategy_that_comes_to_the_same_is_asked_once() -> None:
    found, notes = await strategies(engine(), ["auto", "fim", "qwen", "hole", "hole"])
    assert [(strategy.name, strategy.fim.name) for strategy in found] == [("auto", "qwen"), ("hole", "hole")]
    assert len(notes) == 2
    assert notes[0] == "fim is qwen with this model, as auto is: asked once."


async def test_fim_means_the_models_own_tokens_also_where_completions_ask_in_words() -> None:
    """This is what is to be compared for a chat model that has the tokens, and whose maker says nothing of them."""
    played = ScriptedEngine(model=ModelInfo("google/gemma-4-31B-it", 4096))
    found, notes = await strategies(played, ["auto", "fim"])
    assert [(strategy.name, strategy.fim.name) for strategy in found] == [("auto", "hole"), ("fim", "qwen")]
    assert not notes


class Wordless(ScriptedEngine):
    """A model whose tokenizer has no special tokens at all."""

    async def tokenize(self, text: str) -> object:  # type: ignore[override]
        return await super().tokenize(text.replace("|", "/"))


async def test_a_model_without_such_tokens() -> None:
    with pytest.raises(UsageError, match="no fill-in-the-middle format"):
        await strategies(Wordless(), ["fim"])
