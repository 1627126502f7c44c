"""The map of a repository: the definitions that its files lean on most, in a budget of tokens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import sqrt

from understudy.context.arrange import Shown, rendered
from understudy.context.budget import Count, fit
from understudy.context.graph import RESTART, personalised, shares
from understudy.context.index.base import Index
from understudy.context.index.linking import IMPORTING, speaks
from understudy.context.index.record import Definition
from understudy.context.pieces import Piece
from understudy.context.syntax.languages import family

ROUNDS = 20  # after which what is still on its way is (1 - RESTART)**20, about 1 %
NEAR_PUSHES = 2000
FILES = 200  # of the highest ranks, from which definitions are taken
MEMBER = 0.5  # what a member of a class is worth beside a definition at the top of its file
USERS = 256
FAR = 0.01  # what a file counts that uses a name and does not import its definer, where that is needed


def ranked_map(index: Index, near: Iterable[str] = ()) -> list[Piece]:
    """The definitions of the highest worth, the best first: a file's rank, shared among its definitions by the root of
    how many files use their names. `near`: files that the walk begins in; without them it begins everywhere."""
    seeds = {path: 1.0 for path in near if path in index}
    ranks = personalised(index.links, seeds, pushes=NEAR_PUSHES, remainder=1e-5) if seeds else everywhere(index)
    found: list[tuple[float, Definition]] = []
    for path in list(ranks)[:FILES]:
        record = index.record(path)
        if record is None:
            continue
        them = [it for it in record.definitions if it.kind != "field"]
        users = importing(index, path) if record.language in IMPORTING else None
        worths = [_worth(it, index, family(record.language), users) for it in them]
        whole = sum(worths)
        found += [(ranks[path] * worth / whole, it) for worth, it in zip(worths, them, strict=True) if worth]
    found.sort(key=lambda entry: (-entry[0], entry[1].path, entry[1].first))
    best = found[0][0] if found else 1.0
    headers = {(it.path, it.qualified): it.signature for _, it in found}
    return [
        Piece(
            it.path,
            it.first,
            f"{it.path}#{it.qualified}",
            (it.signature,),
            worth / best,
            "central",
            headers.get((it.path, it.parent), ""),
        )
        for worth, it in found
    ]


def laid_out(pieces: Sequence[Piece], limit: int, count: Count, name: Callable[[str], str]) -> tuple[Shown, ...]:
    """The pieces that fit, file by file: the file with the best of them first."""
    placed = fit(pieces, limit, count, name=name)
    order = {path: at for at, path in enumerate(dict.fromkeys(it.piece.path for it in placed))}
    rows = sorted(placed, key=lambda it: (order[it.piece.path], it.piece.row))
    return rendered(rows, name)


def everywhere(index: Index) -> dict[str, float]:
    """The ranks of all files by a walk that begins in each alike, the highest first (PageRank by power iteration)."""
    paths = list(index.paths())
    links = {path: shares(index.links(path)) for path in paths}
    ranks = dict.fromkeys(paths, 1 / max(1, len(paths)))
    for _ in range(ROUNDS):
        ranks = _step(ranks, links)
    return dict(sorted(ranks.items(), key=lambda item: (-item[1], item[0])))


def _step(ranks: Mapping[str, float], links: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    passed: dict[str, float] = defaultdict(float)
    lost = 0.0  # what lies at files that lean on nothing begins anew like the rest
    for path, rank in ranks.items():
        lost += 0.0 if links[path] else rank
        for other, share in links[path].items():
            passed[other] += rank * share
    begun = (RESTART + (1 - RESTART) * lost) / max(1, len(ranks))
    return {path: begun + (1 - RESTART) * passed[path] for path in ranks}


def importing(index: Index, path: str) -> frozenset[str]:
    """The files that import one, or that import what passes on its definitions."""
    direct = index.importers(path, USERS)
    passed = (it for through in direct if speaks(through) for it in index.importers(through, USERS))
    return frozenset((*direct, *passed))


def _worth(it: Definition, index: Index, kin: str, importers: frozenset[str] | None) -> float:
    """How much other files use a definition's name. That of a name of many definitions is nobody's in particular, and
    who defines a name itself, or does not import the file (`importers`, where that is needed), hardly means this one.
    """
    if it.name.startswith("__"):
        return 0.0
    known = index.defined(it.name, USERS, kin)
    definers = {other.path for other in known}
    users = [use.path for use in index.using(it.name, USERS, kin) if use.path not in definers]
    counted = sum(1.0 if importers is None or path in importers else FAR for path in users)
    return (MEMBER if it.parent else 1.0) * sqrt(counted / max(1, len(known)))
