"""Which files matter near some files: personalised PageRank over what each file leans on.

A walk begins at one of the seeds, follows the links of a file with their weights, and at each step returns to the seeds
with the probability `RESTART`; a file's rank is the share of its time that the walk spends there. The ranks are
approximated by forward push (Andersen, Chung and Lang, "Local Graph Partitioning using PageRank Vectors", FOCS 2006),
here the largest remainder first: only files near the seeds are ever looked at, however many there are.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping

Links = Callable[[str], Mapping[str, float]]

RESTART = 0.2
"""Files further away than a few links say little about a cursor."""
PUSHES = 48
"""Files whose links are read for one cursor; at most, since small remainders are left alone."""
REMAINDER = 1e-3
"""So much of the walk is left lying at a file instead of being passed on."""


def personalised(
    links: Links, seeds: Mapping[str, float], *, pushes: int = PUSHES, remainder: float = REMAINDER
) -> dict[str, float]:
    """The ranks of the files that a walk from the `seeds` reaches, the highest first; together at most 1.

    `links` gives for a file how strongly it leans on others, in any unit above 0. `seeds` are weighted likewise. The
    answer hangs on the values alone: of equal remainders the path that sorts first is passed on first.
    """
    start = shares(seeds)
    ranks: dict[str, float] = {}
    left = dict(start)
    waiting = [(-share, path) for path, share in left.items()]
    heapq.heapify(waiting)
    while waiting and pushes > 0:
        share, path = heapq.heappop(waiting)
        if -share != left.get(path) or -share < remainder:
            continue  # it has grown since and waits further up, or is too little to pass on
        pushes -= 1
        left[path] = 0.0
        ranks[path] = ranks.get(path, 0.0) - share * RESTART
        # A file that leans on nothing sends the walk back to where it began.
        for other, part in (shares(links(path)) or start).items():
            left[other] = left.get(other, 0.0) - share * (1 - RESTART) * part
            heapq.heappush(waiting, (-left[other], other))
    # What was not passed on belongs at least to where it lies.
    for path, share in left.items():
        ranks[path] = ranks.get(path, 0.0) + share * RESTART
    ordered = sorted(ranks.items(), key=lambda item: (-item[1], item[0]))
    return {path: rank for path, rank in ordered if rank > 0}


def shares(weights: Mapping[str, float]) -> dict[str, float]:
    """The weights above 0 as shares of their sum, in the order of the paths: sums of floats hang on the order."""
    positive = {path: weight for path, weight in sorted(weights.items()) if weight > 0}
    whole = sum(positive.values())
    return {path: weight / whole for path, weight in positive.items()}
