"""The words of source code, for finding similar text: whole identifiers and their parts, in lower case."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

IDENTIFIER = re.compile(r"[^\W\d]\w+")
PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")  # of ASCII; other letters have no such habits
SHORTEST = 2
LONGEST = 48  # longer ones are data: hashes, encoded pictures


@lru_cache(maxsize=1 << 15)
def spelled(identifier: str) -> tuple[str, ...]:
    """An identifier in lower case, then its parts: `getUserName` is `getusername`, `get`, `user`, `name`."""
    if len(identifier) > LONGEST:
        return ()
    whole = identifier.strip("_").lower()
    parts = PART.findall(identifier) if identifier.isascii() else identifier.split("_")
    return tuple(it for it in dict.fromkeys([whole, *map(str.lower, parts)]) if len(it) >= SHORTEST)


def words(text: str) -> set[str]:
    """The different words of a text."""
    return set().union(*map(spelled, set(IDENTIFIER.findall(text))))


def asked(identifiers: Iterable[str]) -> list[str]:
    """The words to look for, each once, in the order of `identifiers`."""
    found: dict[str, None] = {}
    for text in identifiers:
        for identifier in IDENTIFIER.findall(text):
            found.update(dict.fromkeys(spelled(identifier)))
    return list(found)
