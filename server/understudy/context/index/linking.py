"""How strongly one file leans on others: the reference graph that ranking walks on.

The idea is that of aider's repository map: a file leans on those that define the names it uses. Here a name counts by
the root of how often it is used, is shared among its definers, and not at all when many files define it or this file
itself does; a file that is imported counts several times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import sqrt
from typing import TypeVar

from understudy.context.index.record import FileRecord

MOST_DEFINERS = 16
"""A name that more files define says nothing about which of them is meant."""
MOST_LINKS = 64
SHORTEST_NAME = 3
IMPORTED = 4.0
"""A definer that the file imports counts so many times."""
PRIVATE = 0.1
"""The share of a name that begins with an underscore, which is seldom meant for other files."""

Name = TypeVar("Name")
File = TypeVar("File")


def used(record: FileRecord) -> list[tuple[str, int]]:
    """The names by which a file may lean on others, and how often it uses each."""
    own = {definition.name for definition in record.definitions}
    return [
        (name, len(rows)) for name, rows in record.references.items() if len(name) >= SHORTEST_NAME and name not in own
    ]


def weight(name: str, times: int) -> float:
    """What the uses of a name in one file weigh together."""
    return sqrt(times) * (PRIVATE if name.startswith("_") else 1.0)


def links(
    uses: Iterable[tuple[Name, float]],
    definers: Callable[[Name], Sequence[File]],
    imported: Sequence[File],
) -> dict[File, float]:
    """The files that one leans on, the strongest first, at most `MOST_LINKS`.

    `uses` are the names it uses with their weights; `definers` tells the files that define a name (sorted, each once;
    more than `MOST_DEFINERS` need not be told), `imported` those that it imports.
    """
    found = dict.fromkeys(imported, 1.0)
    close = set(imported)
    for name, weighs in uses:
        files = definers(name)
        if not 0 < len(files) <= MOST_DEFINERS:
            continue
        for file in files:
            share = weighs / len(files)
            found[file] = found.get(file, 0.0) + (share * IMPORTED if file in close else share)
    strongest = sorted(found.items(), key=lambda entry: -entry[1])  # stable: equals stay in the order they were met
    return dict(strongest[:MOST_LINKS])
