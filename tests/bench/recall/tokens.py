"""One count of tokens for all systems: the bundled model's own vocabulary."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from tokenizers import Tokenizer

from bench.recall.case import Excerpt
from understudy import bundled

VOCABULARY = Path(bundled.__file__).parent / "model" / "tokenizer.json"
_tokenizer = Tokenizer.from_file(str(VOCABULARY))


def ids(text: str) -> list[int]:
    """The tokens of a text."""
    numbers: list[int] = _tokenizer.encode(text, add_special_tokens=False).ids
    return numbers


@lru_cache(maxsize=100_000)
def count(text: str) -> int:
    """How many tokens a text has."""
    return len(ids(text))


def size(shown: Sequence[Excerpt]) -> int:
    """What excerpts cost in a prompt: their lines and the line of their path, whatever else a format puts between."""
    return sum(count(f"{it.path}\n") + count(it.text) for it in shown)


def filled(ranked: Sequence[Excerpt], limit: int) -> tuple[Excerpt, ...]:
    """The best excerpts that fit in `limit` tokens. The first that does not fit is shortened to its first lines.

    That is to the advantage of the systems that show large windows.
    """
    shown: list[Excerpt] = []
    left = limit
    for it in ranked:
        cost = size([it])
        if cost <= left:
            shown.append(it)
            left -= cost
            continue
        lines = it.text.split("\n")
        kept = next((n for n in range(len(lines), 0, -1) if size([_first(it, n)]) <= left), 0)
        if kept:
            shown.append(_first(it, kept))
        break
    return tuple(shown)


def _first(excerpt: Excerpt, lines: int) -> Excerpt:
    return Excerpt(excerpt.path, "\n".join(excerpt.text.split("\n")[:lines]))
