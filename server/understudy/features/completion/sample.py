"""Further alternatives for a user who asked by hand: sampled in one request, each stopped where one would be."""

from __future__ import annotations

from contextlib import aclosing

from understudy.engine.base import Streams, TextRequest
from understudy.features.completion.generation import Stop


async def sample(engine: Streams, request: TextRequest, stop: Stop) -> tuple[str, ...]:
    """The texts of `request.alternatives` streams. The request ends as soon as each of them has come to its end."""
    texts = [""] * request.alternatives
    ended = [False] * request.alternatives
    async with aclosing(engine.stream(request)) as stream:
        async for chunk in stream:
            if ended[chunk.index]:
                continue
            texts[chunk.index] += chunk.text
            end = stop(texts[chunk.index])
            if end is not None:
                texts[chunk.index] = texts[chunk.index][:end]
            ended[chunk.index] = end is not None or chunk.finish is not None
            if all(ended):
                break
    return tuple(texts)
