"""What the matcher makes of edits whose quotes are spoilt as models spoil them, and how long it takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from time import perf_counter

from bench.figures import Percentiles, row, say
from bench.matcher_faults import KINDS, Trial, trials
from understudy.core.text import apply
from understudy.editing.block import Patched, Unmatched
from understudy.editing.patch import patch

PER_KIND = 720  # 10,080 in all
REPAIRED = 0.99  # of the quotes that have lost their indentation; aider's own matcher: 99.8 %


@dataclass
class Tally:
    """What came of the trials of one kind. `wrong` are texts that are neither right nor untouched; `lost` are lines
    that the model did not quote and that are gone."""

    right: int = 0
    refused: int = 0
    wrong: list[Trial] = field(default_factory=list)
    lost: list[Trial] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    @property
    def count(self) -> int:
        return self.right + self.refused + len(self.wrong)


def judged(these: Iterable[Trial]) -> Tally:
    """Each trial carried out, and judged by the text that must come of it."""
    tally = Tally()
    for trial in these:
        began = perf_counter()
        outcome = patch(trial.text, [trial.block])
        tally.milliseconds.append((perf_counter() - began) * 1000)
        if isinstance(outcome, Unmatched):
            tally.refused += 1
        elif outcome.text == trial.expected and apply(trial.text, outcome.edits) == trial.expected:
            tally.right += 1
        else:
            tally.wrong.append(trial)
        if isinstance(outcome, Patched) and lines_lost(trial, outcome.text):
            tally.lost.append(trial)
    return tally


def lines_lost(trial: Trial, text: str) -> Counter[str]:
    """Lines that the text has no longer and that the block does not quote; white space at their ends left aside."""
    gone = stripped(trial.text.splitlines()) - stripped(text.splitlines())
    return gone - stripped(trial.block.search)


def stripped(lines: Iterable[str]) -> Counter[str]:
    return Counter(line.strip() for line in lines if line.strip())


async def measure() -> None:
    """Say the table."""
    tallies = {kind: judged(trials(kind, PER_KIND)) for kind in KINDS}
    say(f"  {'':<46} {'right':>8} {'refused':>8} {'wrong':>8} {'unquoted lines lost':>20}")
    for kind, tally in tallies.items():
        shares = (tally.right, tally.refused, len(tally.wrong), len(tally.lost))
        right, refused, wrong, lost = (f"{100 * share / tally.count:.2f} %" for share in shares)
        say(f"  {kind.name:<46} {right:>8} {refused:>8} {wrong:>8} {lost:>20}   must be {kind.right}")
    every = sum(tally.count for tally in tallies.values())
    wrong_places = sum(len(tally.wrong) for tally in tallies.values())
    losses = sum(len(tally.lost) for tally in tallies.values())
    row(f"of {every:,} edits: applied wrongly", wrong_places, "0", met=wrong_places == 0)
    row("lines lost that were not quoted", losses, "0", met=losses == 0)
    dedented = next(tally for kind, tally in tallies.items() if kind.name == "indentation lost")
    share = dedented.right / dedented.count
    row("lost indentation repaired", f"{100 * share:.2f} %", f"≥ {100 * REPAIRED:.0f} %", met=share >= REPAIRED)
    row("time of one edit, ms", Percentiles.of([it for tally in tallies.values() for it in tally.milliseconds]))
