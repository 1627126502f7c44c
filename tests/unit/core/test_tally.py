"""The figures of a conversation."""

from __future__ import annotations

from understudy.core.statistics import Acceptance, Answer, NullRecorder, Retention, Suggested
from understudy.core.tally import RECENT, Figures, Tallied, Tally


def answer(milliseconds: float, first: float | None = 1.0) -> Answer:
    return Answer("engine", offered=True, language="python", total_ms=milliseconds, first_token_ms=first)


def test_nothing_yet() -> None:
    assert Tally().figures() == Figures(None, 0, 0)


def test_counts_over_several_recorders() -> None:
    tally = Tally()
    for recorder in (Tallied(tally, NullRecorder()), Tallied(tally, NullRecorder())):
        recorder.record(Suggested("python"))
        recorder.record(Suggested("python"))
        recorder.record(Acceptance("python", whole=True, length=3))
        recorder.record(Retention("python", 30, 1.0))
        recorder.close()
    assert tally.figures() == Figures(None, 4, 2)


def test_the_median_of_what_was_new_to_the_engine() -> None:
    tally = Tally()
    for milliseconds in (900, 100, 300):
        tally.count(answer(milliseconds))
    tally.count(answer(1, first=None))  # remembered, or waited for with another request
    tally.count(Answer("too slow", offered=False, language="python", total_ms=4000, first_token_ms=5.0))
    assert tally.figures().latency_ms == 300


def test_only_the_last_ones_count() -> None:
    tally = Tally()
    for milliseconds in [1000] * RECENT + [10] * RECENT:
        tally.count(answer(milliseconds))
    assert tally.figures().latency_ms == 10
