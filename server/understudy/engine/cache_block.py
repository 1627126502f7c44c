"""How long the blocks of an engine's prefix cache are, learnt from what it finds of prompts that it has read.

vLLM's are of 16 or 32 tokens, those of hybrid models of 1,056 to 2,144 unless it is told otherwise. A piece of a prompt
that ends within a block is computed again from the block's beginning by the next piece, so pieces end where blocks do.
"""

from __future__ import annotations

from math import gcd

LARGEST = 2144  # tokens; vLLM 0.32 on Qwen3.6-35B-A3B with an 8-bit cache and drafts
LOSS = 64  # tokens that are computed again and do not matter
LOSSES = 2  # after which it is worth a longer piece


class CacheBlock:
    """The greatest common divisor of what was found, once that has cost something."""

    def __init__(self) -> None:
        self._divisor = 0
        self._losses = 0

    def note(self, read: int, found: int) -> None:
        """Of a prompt whose first `read` tokens were read before, the engine found the first `found`."""
        if found > 0:
            self._divisor = gcd(self._divisor, found)
        self._losses += LOSS < read - found <= LARGEST

    def border(self, begin: int, end: int) -> int:
        """Where a piece from `begin` on should end that would end at `end`: at the last border of a block within, else
        at the next one."""
        size = self._divisor
        if self._losses < LOSSES or not 1 < size <= LARGEST:
            return end
        return max(end // size, begin // size + 1) * size
