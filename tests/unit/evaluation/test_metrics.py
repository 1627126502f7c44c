"""Figures against values that are known from elsewhere."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.evaluation.metrics import (
    Percentiles,
    common_prefix,
    common_subsequence,
    edit_similarity,
    exact_match,
    paired_difference,
    wilson,
)

WORDS = st.text(alphabet="abc \n", max_size=12)


def longest(a: str, b: str) -> int:
    """The textbook's table."""
    above = [0] * (len(b) + 1)
    for x in a:
        row = [0]
        for place, y in enumerate(b):
            row.append(above[place] + 1 if x == y else max(row[place], above[place + 1]))
        above = row
    return above[-1]


@given(WORDS, WORDS)
def test_common_subsequence_is_the_textbooks(a: str, b: str) -> None:
    assert common_subsequence(a, b) == longest(a, b)


@pytest.mark.parametrize(
    ("a", "b", "similarity"),
    [
        ("kitten", "sitting", 8 / 13),  # Levenshtein.ratio of python-Levenshtein: 0.6153…
        ("return a", "return a\n", 1.0),
        ("abc", "", 0.0),
        ("", "", 1.0),
        ("abcd", "efgh", 0.0),
        ("ab", "ba", 0.5),
    ],
)
def test_edit_similarity(a: str, b: str, similarity: float) -> None:
    assert edit_similarity(a, b) == pytest.approx(similarity)
    assert edit_similarity(b, a) == pytest.approx(similarity)


def test_exact_match_looks_inside_only() -> None:
    assert exact_match("    x = 1\n", "x = 1")
    assert not exact_match("x  = 1", "x = 1")


def test_common_prefix() -> None:
    assert [common_prefix(a, b) for a, b in (("abc", "abd"), ("", "a"), ("ab", "abc"), ("x", "y"))] == [2, 0, 2, 0]


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    # The values that statsmodels' proportion_confint(method="wilson") gives.
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (50, 100, 0.4038, 0.5962)],
)
def test_wilson(hits: int, count: int, low: float, high: float) -> None:
    interval = wilson(hits, count)
    assert (interval.low, interval.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_wilson_of_nothing_is_everything() -> None:
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0, 1)


def test_a_difference_that_is_real_and_one_that_is_not() -> None:
    better, worse = [True] * 60 + [False] * 40, [True] * 30 + [False] * 70
    margin = paired_difference(better, worse)
    # The differences are 30 ones and 70 noughts: the mean is 0.3 and its standard error 0.0458.
    assert margin.low == pytest.approx(0.3 - 1.96 * 0.0458, abs=0.02)
    assert margin.high == pytest.approx(0.3 + 1.96 * 0.0458, abs=0.02)
    one_more = paired_difference([True, *worse[1:]], [False, *worse[1:]])
    assert one_more.low <= 0 < one_more.high
    assert paired_difference(worse, worse) == paired_difference(better, better)
    assert paired_difference(better, worse) == margin, "the same for the same seed"


def test_pairs_matter() -> None:
    """The same shares differ really where one is right wherever the other is, and hardly where they are independent."""
    first = [True] * 55 + [False] * 45
    nested = [True] * 48 + [False] * 52
    apart = [False] * 40 + [True] * 48 + [False] * 12
    assert paired_difference(first, nested).low > 0
    assert paired_difference(first, apart).low < 0


def test_percentiles() -> None:
    assert Percentiles.of([float(value) for value in range(1, 101)]) == Percentiles(100, 51.0, 96.0)
    assert Percentiles.of([7.0]) == Percentiles(1, 7.0, 7.0)
    assert math.isnan(Percentiles.of([]).p50)
