"""How strongly one file leans on others: the reference graph that ranking walks on.

The idea is that of aider's repository map: a file leans on those that define the names it uses. Here a name counts by
the root of how often it is used, is shared among its definers in its own family of languages, and not at all when many
files define it or this file itself does. Where a language has names imported, a definer that is not imported is most
likely not what is meant (`list`, `append`): it counts a small part of one that is.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from math import sqrt
from typing import TypeVar

from understudy.context.index.record import FileRecord
from understudy.context.resolve.files import folder_of

MOST_DEFINERS = 16
"""A name that more files define says nothing about which of them is meant."""
MOST_LINKS = 64
SHORTEST_NAME = 3
IMPORTED = 4.0
"""What a definer that the file imports counts, beside one in a language that imports no names."""
FAR = 0.01
"""What one counts that is not imported, where it should be: it may still be the class of some variable."""
BESIDE_UNIMPORTED = 0.1
"""The same of one in the same folder."""
PACKAGES = frozenset({"go", "java", "kotlin"})
"""Languages in which only names of the same package, mostly a folder, need no import."""
IMPORTING = frozenset({"python", "javascript", "typescript", "tsx", "rust", "lua"})
"""Languages in which every name of another file needs one."""
PRIVATE = 0.1
"""The share of a name that begins with an underscore, which is seldom meant for other files."""
SPEAKS_FOR_FOLDER = frozenset({"__init__", "index", "mod", "lib"})
"""Files that pass on what others of their folder define: who imports one is as near to those."""

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


def speaks(path: str) -> bool:
    """Whether a file passes on what others of its folder define."""
    return path.rpartition(os.sep)[2].partition(".")[0] in SPEAKS_FOR_FOLDER


def apart(language: str, *, beside: bool, importing: bool) -> float:
    """What a definer counts that is not imported; `beside` says that it is in the same folder, `importing` that the
    file imports some other: with no import, where one is needed, it leans on none. Else the little that such names
    count would be all that it passes on in a walk."""
    if language in PACKAGES and beside:
        return 1.0
    if language in PACKAGES or language in IMPORTING:
        return (BESIDE_UNIMPORTED if beside else FAR) if importing else 0.0
    return 1.0


def passed_on(
    imported: Iterable[File], speaking: Callable[[File], bool], targets: Callable[[File], Iterable[File]]
) -> Iterator[File]:
    """The files that one imports, and those that these pass on."""
    for file in imported:
        yield file
        if speaking(file):
            yield from targets(file)


def links(
    uses: Iterable[tuple[Name, float]],
    definers: Callable[[Name], Sequence[File]],
    imported: Sequence[File],
    counts: Callable[[File], float],
) -> dict[File, float]:
    """The files that one leans on, the strongest first, at most `MOST_LINKS`.

    `uses` are the names it uses with their weights; `definers` tells the files that define a name (sorted, each once;
    more than `MOST_DEFINERS` need not be told), `imported` those that it imports, `counts` what a definer counts.
    """
    found = dict.fromkeys(imported, 1.0)
    for name, weighs in uses:
        files = definers(name)
        if not 0 < len(files) <= MOST_DEFINERS:
            continue
        shares = [counts(file) for file in files]
        if not any(shares):
            continue
        # The likelier one is meant, the more of the name is its.
        whole = weighs * max(shares) / sum(shares)
        for file, share in zip(files, shares, strict=True):
            found[file] = found.get(file, 0.0) + whole * share
    strongest = sorted(found.items(), key=lambda entry: -entry[1])  # stable: equals stay in the order they were met
    return dict(strongest[:MOST_LINKS])


def links_of(
    record: FileRecord, definers: Callable[[str], Sequence[str]], targets: Callable[[str], Sequence[str]]
) -> dict[str, float]:
    """The links of a file that is known by its record; `definers` tells those of its family."""
    imported = targets(record.path)
    near: Collection[str] = set(passed_on(imported, speaks, targets))
    folder = folder_of(record.path)
    beside, far = (apart(record.language, beside=it, importing=bool(imported)) for it in (True, False))

    def counts(path: str) -> float:
        return IMPORTED if path in near else beside if folder_of(path) == folder else far

    uses = ((name, weight(name, times)) for name, times in used(record))
    return links(uses, definers, imported, counts)
