"""One run: the cases of a language through the systems, and what each found."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bench.recall import sample
from bench.recall.case import Case, Project, found
from bench.recall.score import Share, share
from bench.recall.systems import SYSTEMS
from bench.recall.tokens import size

BUDGETS = (512, 1024, 2048)


@dataclass
class Tally:
    """What one system found with one budget. `lines` has (found, looked for) of each case, `kinds` and `origins` count
    identifiers, `tokens` are those of each case."""

    lines: list[tuple[int, int]] = field(default_factory=list)
    kinds: dict[str, list[bool]] = field(default_factory=dict)
    origins: dict[str, int] = field(default_factory=dict)
    tokens: list[int] = field(default_factory=list)
    misses: list[tuple[Case, str]] = field(default_factory=list)

    @property
    def share(self) -> Share:
        """Of all identifiers."""
        return share(self.lines)


Tallies = dict[tuple[str, int], Tally]


async def run(
    known: Sequence[Project], *, limit: int, seed: int, systems: Sequence[str], budgets: Sequence[int] = BUDGETS
) -> Tallies:
    """Every system with every budget on the same cases, about `limit` lines of these packages."""
    drawn = sample.cases(known, limit=limit, seed=seed)
    tallies: Tallies = {(name, budget): Tally() for name in systems for budget in budgets}
    for project in known:
        for name in systems:
            sys.stderr.write(f"{project.name}: {name}\n")
            await _system(name, project, drawn[project.name], tallies)
    return tallies


async def _system(name: str, project: Project, cases: Iterable[Case], tallies: Tallies) -> None:
    budgets = [budget for it, budget in tallies if it == name]
    async with SYSTEMS[name](project) as gather:
        for case in cases:
            for budget in budgets:
                tally = tallies[name, budget]
                shown = await gather(case, budget)
                tally.tokens.append(size(shown))
                assert all(it.path != case.path for it in shown)
                hits = 0
                for target in case.targets:
                    excerpt = found(target, shown)
                    hits += excerpt is not None
                    tally.kinds.setdefault(target.kind, []).append(excerpt is not None)
                    if excerpt is not None:
                        why = excerpt.reason(target)
                        tally.origins[why] = tally.origins.get(why, 0) + 1
                    else:
                        tally.misses.append((case, target.name))
                tally.lines.append((hits, len(case.targets)))
