"""The map of a repository: the definitions that its files lean on most, in a budget of tokens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import sqrt

from understudy.context.arrange import Shown, rendered
from understudy.context.budget import Count, fit
from understudy.context.graph import RESTART, personalised, shares
from understudy.context.index.base import Index
from understudy.context.index.record import Definition
from understudy.context.pieces import Piece

ROUNDS = 20  # after which what is still on its way is (1 - RESTART)**20, about 1 %
NEAR_PUSHES = 2000
FILES = 200  # of the highest ranks, from which definitions are taken
MEMBER = 0.5  # what a member of a class is worth beside a definition at the top of its file
USERS = 64


def ranked_map(index: Index, near: Iterable[str] = ()) -> list[Piece]:
    """The definitions of the highest worth, the best first: a file's rank, shared among its definitions by the root of
    how many files use their names. `near`: files that the walk begins in; without them it begins everywhere."""
    seeds = {path: 1.0 for path in near if path in index}
    ranks = personalised(index.links, seeds, pushes=NEAR_PUSHES, remainder=1e-5) if seeds else everywhere(index)
    found: list[tuple[float, Definition]] = []
    for path in list(ranks)[:FILES]:
        record = index.record(path)
        them = [it for it in record.definitions if it.kind != "field"] if record is not None else []
        worths = [_worth(it, index) for it in them]
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


def _worth(it: Definition, index: Index) -> float:
    """How much other files use a definition's name. That of a name of many definitions is nobody's in particular."""
    users = sum(use.path != it.path for use in index.using(it.name, USERS))
    sharing = len(index.defined(it.name, USERS))
    return (MEMBER if it.parent else 1.0) * sqrt(users / max(1, sharing))
