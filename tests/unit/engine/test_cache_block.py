"""How pieces come to end where the blocks of a prefix cache do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.engine.base import ChatRequest, Chunk, Message, TextRequest
from understudy.engine.cache_block import LARGEST, LOSS, CacheBlock
from understudy.engine.lanes import shared_lanes
from understudy.engine.script import Answer, Say
from understudy.engine.scripted import ScriptedEngine, ScriptedSource

TOKENS_PER_SECOND = 50_000


@given(st.integers(1, LARGEST), st.lists(st.integers(1, 30_000), min_size=1, max_size=30), st.integers(1, 8192))
def test_a_border_is_one_of_the_engines_or_where_the_piece_would_end(size: int, reads: list[int], length: int) -> None:
    block = CacheBlock()
    for read in reads:
        block.note(read, read // size * size)
    begin = reads[-1]
    border = block.border(begin, begin + length)
    assert border == begin + length or (border > begin and border % size == 0)


def test_blocks_are_learnt_from_what_is_lost() -> None:
    block = CacheBlock()
    for read in (1500, 2500, 3700):
        assert block.border(read, read + 100) == read + 100 or read == 3700
        block.note(read, read // 1056 * 1056)
    assert block.border(3700, 3800) == 4 * 1056
    assert block.border(4 * 1056, 6500) == 6 * 1056


def test_short_blocks_are_left_alone() -> None:
    block = CacheBlock()
    for read in (1500, 2500, 3700):
        block.note(read, read // 32 * 32)
    assert LOSS > 32
    assert block.border(3700, 3777) == 3777


class Timed(ScriptedEngine):
    """Takes the time that computing takes, and counts the tokens that it has computed."""

    computed = 0

    async def stream(self, request: TextRequest) -> AsyncGenerator[Chunk, None]:
        async with aclosing(super().stream(request)) as chunks:
            async for chunk in chunks:
                if chunk.usage and chunk.usage.computed is not None:
                    self.computed += chunk.usage.computed
                    await asyncio.sleep(chunk.usage.computed / TOKENS_PER_SECOND)
                yield chunk


@pytest.mark.parametrize("block", [16, 1056, 2144])
async def test_a_long_prompt_is_computed_about_once_also_with_long_blocks(block: int) -> None:
    engine = Timed([Answer((Say("x"),), always=True)], block=block)
    lanes = shared_lanes(ScriptedSource(engine))
    work = lanes.work.current()
    assert work
    lanes.expect(0)  # somebody types, so pieces are short
    words = 20_000
    request = ChatRequest((Message("user", "a " * (words // 2)),), 4)
    async with aclosing(work.chat(request)) as chunks:
        async for _ in chunks:
            pass
    assert 0.9 * words < engine.computed < 1.6 * words
