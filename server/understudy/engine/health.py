"""How an engine is right now: what it serves, how completions are asked of it, and how busy it is.

It is for a person who looks. Nothing here is asked unless somebody does, and nothing of it computes a token.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from time import monotonic
from typing import TypeVar

from understudy.core.errors import EngineError
from understudy.engine.base import Engine, Health, Load, ModelInfo
from understudy.engine.served import Served, describe

ANSWER_SECONDS = 2.0
BETWEEN_SECONDS = 1.0
NOT_READY = {
    Health.STARTING: "It does not answer yet, or is too busy to.",
    Health.DOWN: "Nobody answers at this address.",
}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Speed:
    """Tokens per second between two looks: prompt tokens that were computed, not found in the cache; and written."""

    computed: float
    generated: float


@dataclass(frozen=True, slots=True)
class Checkup:
    """What was found within a few seconds; None for what an engine does not say, or not in time. `problem`: why
    nothing can be asked of it, in a sentence."""

    health: Health
    problem: str = ""
    info: ModelInfo | None = None
    served: Served | None = None
    load: Load | None = None
    speed: Speed | None = None


async def check(
    engine: Engine,
    fim: str | None = "auto",
    *,
    answer: float = ANSWER_SECONDS,
    between: float = BETWEEN_SECONDS,
    clock: Callable[[], float] = monotonic,
) -> Checkup:
    """Look at `engine` twice, `between` seconds apart. Each time it has `answer` seconds to say what it can. Never
    raises, and never takes longer than all of that. `fim`: the setting; None for an engine that completes nothing."""
    try:
        async with asyncio.timeout(answer):
            health = await engine.health()
            found = Checkup(health, "" if health is Health.READY else NOT_READY[health])
            if health is Health.READY:
                found = replace(found, info=await engine.model())
    except EngineError as error:
        return Checkup(Health.DOWN, str(error))
    except TimeoutError:
        return Checkup(Health.STARTING, NOT_READY[Health.STARTING])
    if found.info is None:
        return found
    describing = _nothing() if fim is None else _within(answer, describe(engine, fim))
    served, first = await asyncio.gather(describing, _within(answer, engine.load()))
    found = replace(found, served=served, load=first)
    if first is None:
        return found
    at = clock()
    await asyncio.sleep(between)
    second = await _within(answer, engine.load())
    return found if second is None else replace(found, load=second, speed=speed(first, second, clock() - at))


async def _within(seconds: float, question: Awaitable[T]) -> T | None:
    """The answer, if it comes in time and is none of those that say that there is none."""
    with suppress(TimeoutError, EngineError):
        async with asyncio.timeout(seconds):
            return await question
    return None


async def _nothing() -> None:
    return None


def speed(before: Load, after: Load, seconds: float) -> Speed | None:
    """Between two looks; None where the engine was started anew in between."""
    computed = after.computed_tokens - before.computed_tokens
    generated = after.generated_tokens - before.generated_tokens
    return Speed(computed / seconds, generated / seconds) if seconds > 0 and min(computed, generated) >= 0 else None


def hit_rate(load: Load) -> float | None:
    """The share of prompt tokens that were found in the prefix cache since the engine's start."""
    return load.cached_tokens / load.prompt_tokens if load.prompt_tokens else None


def queue_seconds(load: Load) -> float | None:
    """How long a request waited on average, since the engine's start, before the engine began with it."""
    return load.queue_seconds / load.queued if load.queued else None
