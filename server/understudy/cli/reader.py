"""Who counts tokens for a command that asks the model nothing: an engine that runs already, else an estimate."""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from understudy.cli.services import engine_source
from understudy.context.privacy.secrets import masked
from understudy.core.errors import EngineError
from understudy.core.settings import Settings
from understudy.engine.base import Engine, EngineSource
from understudy.engine.counter import TokenCounter
from understudy.engine.served import Served, describe

ESTIMATE = "an estimate, since no engine runs"
MOST_TOKENS = 1_000_000


@dataclass(frozen=True, slots=True)
class Reader:
    """Counts in the tokens of what `engine` serves, where there is one."""

    engine: Engine | None = None
    served: Served | None = None
    _counter: TokenCounter = field(default_factory=TokenCounter)

    @property
    def name(self) -> str:
        """By whom tokens are counted."""
        return self.served.info.id if self.served is not None else ESTIMATE

    def count(self, text: str) -> int:
        """Tokens of `text`: exact for what was learned, else estimated."""
        return self._counter.count(text)

    async def learn(self, text: str) -> None:
        """Count `text`, less its secrets, in the model's own tokens from now on, if there is a model."""
        if self.engine is not None:
            await self._counter.learn(self.engine, masked(text))


@asynccontextmanager
async def reading_engine(settings: Settings) -> AsyncIterator[Reader]:
    """The engine of the settings if it runs; it is not started for this."""
    source = engine_source(settings.engine.model_copy(update={"start": False}))
    try:
        yield await _reader(source, settings.engine.fim)
    finally:
        await source.aclose()


async def _reader(source: EngineSource, fim: str) -> Reader:
    try:
        engine = await source.ensure(lambda _: None)
        return Reader(engine, await describe(engine, fim))
    except EngineError:
        return Reader()


def add_budget_word(parser: argparse.ArgumentParser, default: str) -> None:
    """Add `--budget`; `default` says what holds without it."""
    parser.add_argument("--budget", type=_tokens, metavar="N", help=f"tokens at most (default: {default})")


def _tokens(word: str) -> int:
    """A number of tokens. Raises `argparse.ArgumentTypeError`."""
    if not word.isascii() or not word.isdigit() or not 0 < int(word) <= MOST_TOKENS:
        raise argparse.ArgumentTypeError(f"a budget is a number of tokens from 1 to {MOST_TOKENS}, not {word}")
    return int(word)
