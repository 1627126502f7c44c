"""The ways to have a hole filled, each of which `engine.fim` can name, and the filling itself."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from time import perf_counter

from understudy.core.errors import EngineRefused, UsageError
from understudy.engine.base import Engine, Usage
from understudy.engine.fim import FimFormat, FimPrompt
from understudy.engine.fim_formats import AUTOMATIC, CHAT_NAMES, FORMATS, NAMES, choose
from understudy.engine.served import Served, asking, describe, text_request
from understudy.engine.vocabulary import token_ids
from understudy.evaluation.problems import Benchmark, Problem

TOKENS = "fim"
STRATEGIES = (AUTOMATIC, TOKENS, *CHAT_NAMES, *NAMES)
"""`auto`, as completions do; `fim`, the model's own tokens; the two chats; a format by name."""

PATH = "solution.py"
TOO_MUCH = (400, 413, 422)  # statuses with which servers refuse a prompt that does not fit


@dataclass(frozen=True, slots=True)
class Strategy:
    """`name`: as the user said it. `fim`: what it came to with this model."""

    name: str
    served: Served
    fim: FimFormat


@dataclass(frozen=True, slots=True)
class Filled:
    """A hole's text. `truncated`: the answer was cut off at its longest; `refused`: why there is none, if so."""

    text: str = ""
    first_ms: float | None = None
    total_ms: float = 0.0
    usage: Usage | None = None
    truncated: bool = False
    refused: str = ""


async def strategies(engine: Engine, names: Sequence[str]) -> tuple[tuple[Strategy, ...], tuple[str, ...]]:
    """The strategies that `names` come to, and sentences about those that are left out as the same as one before.
    Raises `UsageError`: the model cannot be asked so."""
    found: dict[str, Strategy] = {}
    notes = []
    for name in dict.fromkeys(names):
        served = await _own_tokens(engine) if name == TOKENS else await describe(engine, name)
        if served.fim is None:
            raise UsageError(
                f"{served.info.id} has no fill-in-the-middle format that is known.",
                f"Name one with --strategy, or ask it in words: {' or '.join(CHAT_NAMES)}.",
            )
        if (same := found.get(served.fim.name)) is not None:
            notes.append(f"{name} is {served.fim.name} with this model, as {same.name} is: asked once.")
        else:
            found[served.fim.name] = Strategy(name, served, served.fim)
    return tuple(found.values()), tuple(notes)


async def _own_tokens(engine: Engine) -> Served:
    """The model in the format of its own special tokens, also where completions would ask it in words."""
    served = await describe(engine)
    if served.fim is not None and served.fim.name not in CHAT_NAMES:
        return served
    had = await token_ids(engine, tuple(dict.fromkeys(token for row in FORMATS for token in row.written)))
    row = choose(served.info.id, served.info.root, AUTOMATIC, had.__contains__)
    return Served(served.info, None) if row is None else await describe(engine, row.name)


async def fill(engine: Engine, strategy: Strategy, problem: Problem, benchmark: Benchmark, max_tokens: int) -> Filled:
    """Ask for the text of a hole. Raises `EngineError`, save where the prompt alone is refused."""
    prompt = FimPrompt(problem.prompt, problem.suffix, PATH)
    request = text_request(strategy.served, strategy.fim, prompt, max_tokens=max_tokens)
    ending = strategy.fim.ending(prompt)
    text, usage, first, cut = "", None, None, False
    began = perf_counter()
    finish = None
    try:
        async with aclosing(asking(engine, strategy.fim).stream(request)) as stream:
            async for chunk in stream:
                if chunk.text and first is None:
                    first = _since(began)
                text += chunk.text
                usage, finish = chunk.usage or usage, chunk.finish or finish
                ends = (ending(text), first_line(text) if benchmark.line else None)
                if (end := min((each for each in ends if each is not None), default=None)) is not None:
                    text, cut = text[:end], True
                    break
    except EngineRefused as error:
        if error.status not in TOO_MUCH:
            raise
        return Filled(refused=error.problem, total_ms=_since(began))
    total = _since(began)
    text = strategy.fim.finish(text, prompt)
    if benchmark.line:
        # The hole is a whole line, whoever writes its end.
        text = text[: first_line(text) or len(text)].rstrip("\n") + "\n"
    return Filled(text, first, total, usage, truncated=finish == "length" and not cut)


def first_line(text: str) -> int | None:
    """Where the first line that is not blank ends, with its line end; None as long as it goes on."""
    begins = len(text) - len(text.lstrip())
    end = text.find("\n", begins)
    return None if end < 0 else end + 1


def _since(began: float) -> float:
    return (perf_counter() - began) * 1000
