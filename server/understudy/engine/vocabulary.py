"""Which spellings are one token to the model that is served."""

from __future__ import annotations

import asyncio

from understudy.core.errors import EngineRefused
from understudy.engine.base import Engine


async def token_ids(engine: Engine, spellings: tuple[str, ...]) -> dict[str, int]:
    """The ids of those of `spellings` that are one token, in their order; none where the engine cannot tokenise.

    One question where the engine says which token is which text, else one for each spelling.
    """
    try:
        together = await engine.tokenize("\n".join(spellings))
    except EngineRefused:
        return {}
    if together.pieces:
        found = dict(zip(together.pieces, together.ids, strict=True))
        return {spelling: found[spelling] for spelling in spellings if spelling in found}
    splits = await asyncio.gather(*(engine.tokenize(spelling) for spelling in spellings))
    # A tokenizer that lacks the token may give one "unknown" for it.
    return {
        spelling: split.ids[0]
        for spelling, split in zip(spellings, splits, strict=True)
        if len(split.ids) == 1 and split.pieces in ((), (spelling,))
    }
