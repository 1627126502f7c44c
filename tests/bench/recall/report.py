"""The figures as lines."""

from __future__ import annotations

import random

from bench.figures import row, say
from bench.recall.keystrokes import FILES_TOKENS, Changes
from bench.recall.measure import BUDGETS, Tallies, Tally
from bench.recall.systems import OURS

GOALS = {"python": 1.5, "typescript": 1.5}  # times the best of the others; elsewhere, more than each of them


def table(language: str, split: str, tallies: Tallies) -> None:
    """Each system with each budget, then how ours compares with the best of the others."""
    systems = list(dict.fromkeys(name for name, _ in tallies))
    lines = next(iter(tallies.values())).lines
    say(f"{language}, {split}: {len(lines)} lines, {sum(all_ for _, all_ in lines)} identifiers of other files")
    for name in systems:
        for budget in BUDGETS:
            it = tallies[name, budget]
            tokens = sum(it.tokens) / (len(it.tokens) or 1)
            kinds = "  ".join(f"{kind} {sum(hits) / len(hits):.0%}" for kind, hits in sorted(it.kinds.items()))
            say(f"  {name:<6} {budget:>5} {it.share}  {tokens:6.0f} tokens  {kinds}")
    others = [name for name in systems if name != OURS]
    if OURS in systems and others:
        for budget in BUDGETS:
            best = max(others, key=lambda name: tallies[name, budget].share.value)
            theirs, mine = tallies[best, budget].share.value, tallies[OURS, budget].share.value
            ratio = f"{mine / theirs:.1f} times {best}" if theirs else "the others found nothing"
            least = GOALS.get(language, 1.0)
            row(f"ours at {budget} tokens", ratio, f"> {least} times the best", met=mine > least * theirs)


def keys(language: str, split: str, changes: dict[tuple[str, str], Changes]) -> None:
    """What a keystroke changes of the prompt."""
    typed = len(next(iter(changes.values())).keys)
    say(f"{language}, {split}: {typed} keys typed, {FILES_TOKENS} tokens of other files")
    for (name, order), it in changes.items():
        say(f"  {name:<6} {order:<9} {it.share:6.1%} of the prompt's tokens change, median {it.median} tokens")


def origins(tally: Tally) -> None:
    """For what ours found: why it was there."""
    total = sum(tally.origins.values())
    for origin, hits in sorted(tally.origins.items(), key=lambda it: -it[1]):
        say(f"    found by {origin or '?':<10} {hits:>5} {hits / total:6.1%}")


def misses(tally: Tally, most: int) -> None:
    """Some of what ours did not find, drawn by a fixed seed: where, the line, what, and where it is."""
    drawn = random.Random(0).sample(tally.misses, min(most, len(tally.misses)))
    for case, name in drawn:
        target = next(it for it in case.targets if it.name == name)
        say(f"    {case.where}: {case.line.strip()[:90]}")
        say(f"      {name} ({target.kind}) is in " + ", ".join(f"{path}: {line[:60]}" for path, line in target.places))
