"""What is served, as the completion needs to know it: the model, its prompt format, where answers end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from understudy.core.errors import EngineRefused
from understudy.engine.base import Engine, ModelInfo
from understudy.engine.fim import FimFormat
from understudy.engine.fim_formats import FORMATS, choose

# vLLM: VLLM_MAX_STOP_STRINGS; OpenAI's API has the same limit. Token ids have none.
MOST_STOP_STRINGS = 4


@dataclass(frozen=True, slots=True)
class Served:
    """`fim` is None where no fill-in-the-middle format fits. `stop` holds what could not be said by token id."""

    info: ModelInfo
    fim: FimFormat | None
    stop_token_ids: tuple[int, ...] = ()
    stop: tuple[str, ...] = ()


async def describe(engine: Engine, fim_override: str = "auto") -> Served:
    """Ask the engine what it serves. Raises `EngineError`: it cannot be asked, or `fim_override` names no format."""
    info = await engine.model()
    found: dict[str, int] = {}
    fim = choose(info.id, info.root, fim_override, found.__contains__)
    if fim is None:
        found = await _token_ids(engine, tuple(dict.fromkeys(token for row in FORMATS for token in row.written)))
        fim = choose(info.id, info.root, fim_override, found.__contains__)
    if fim is None:
        return Served(info, None)
    found = await _token_ids(engine, fim.stops)
    spelled = (*fim.stop_strings, *(token for token in fim.stops if token not in found))
    return Served(info, fim, tuple(found.values()), spelled[:MOST_STOP_STRINGS])


async def _token_ids(engine: Engine, tokens: tuple[str, ...]) -> dict[str, int]:
    """The ids of those of `tokens` that are one token to the model; none where the engine cannot tokenise."""
    try:
        first = await engine.tokenize(tokens[0])
    except EngineRefused:
        return {}
    splits = (first, *await asyncio.gather(*(engine.tokenize(token) for token in tokens[1:])))
    # A tokenizer that lacks the token may give one "unknown" for it.
    return {
        token: split.ids[0]
        for token, split in zip(tokens, splits, strict=True)
        if len(split.ids) == 1 and split.pieces in ((), (token,))
    }
