"""Over real source text, with the faults that models put into their quotes: nothing in a wrong place, no line lost.

`python -m bench matcher` prints the same as a table.
"""

from __future__ import annotations

import pytest

from bench.matcher import PER_KIND, REPAIRED, judged
from bench.matcher_faults import KINDS, Kind, trials
from understudy.editing.block import Block, Unmatched
from understudy.editing.patch import patch


def test_there_are_ten_thousand() -> None:
    assert len(KINDS) * PER_KIND >= 10_000


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_of_fault(kind: Kind) -> None:
    tally = judged(trials(kind, PER_KIND))
    assert tally.count == PER_KIND
    assert not tally.wrong, tally.wrong[0]
    assert not tally.lost, tally.lost[0]
    if kind.right == "applied":
        assert tally.right >= REPAIRED * PER_KIND
    if kind.right == "refused":
        assert tally.refused == PER_KIND


def test_the_trials_are_the_same_every_time() -> None:
    kind = KINDS[4]
    assert [trial.block for trial in trials(kind, 20)] == [trial.block for trial in trials(kind, 20)]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.right == "applied"], ids=lambda kind: kind.name)
def test_blocks_that_are_right_one_by_one_are_refused_with_one_that_is_not(kind: Kind) -> None:
    for trial in trials(kind, 20):
        outcome = patch(trial.text, [trial.block, Block(("nowhere_to_be_found()",), ("x",))])
        assert isinstance(outcome, Unmatched)
