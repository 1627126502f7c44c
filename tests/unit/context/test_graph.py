"""Personalised PageRank: as the walk defines it, from few looks at the graph, and always the same."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.context.graph import RESTART, personalised, shares

Graph = Mapping[str, Mapping[str, float]]


def exact(graph: Graph, seeds: Mapping[str, float]) -> dict[str, float]:
    """The ranks by iteration over the whole graph, until nothing moves."""
    start = shares(seeds)
    ranks = dict(start)
    for _ in range(300):
        passed = {path: RESTART * share for path, share in start.items()}
        for path, rank in ranks.items():
            for other, share in (shares(graph.get(path, {})) or start).items():
                passed[other] = passed.get(other, 0.0) + (1 - RESTART) * rank * share
        ranks = passed
    return ranks


GRAPHS = st.dictionaries(
    st.sampled_from("abcdefg"), st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0, 5), max_size=5), max_size=7
)


@given(GRAPHS, st.dictionaries(st.sampled_from("abc"), st.floats(0.1, 3), min_size=1))
def test_the_ranks_are_those_of_the_walk(graph: Graph, seeds: Mapping[str, float]) -> None:
    found = personalised(lambda path: graph.get(path, {}), seeds, pushes=5000, remainder=1e-9)
    truth = exact(graph, seeds)
    assert all(abs(found.get(path, 0.0) - rank) < 1e-5 for path, rank in truth.items())
    assert sum(found.values()) == pytest.approx(1, abs=1e-5)
    assert list(found.values()) == sorted(found.values(), reverse=True)


@given(GRAPHS, st.integers(0, 12))
def test_few_pushes_rank_nothing_too_high(graph: Graph, pushes: int) -> None:
    truth = exact(graph, {"a": 1.0})
    found = personalised(lambda path: graph.get(path, {}), {"a": 1.0}, pushes=pushes)
    assert all(rank <= truth.get(path, 0.0) + 1e-9 for path, rank in found.items())


def test_only_so_many_files_are_looked_at() -> None:
    looked: list[str] = []

    def links(path: str) -> Mapping[str, float]:
        looked.append(path)
        return {f"{path}{number}": 1.0 for number in range(3)}

    personalised(links, {"a": 1.0}, pushes=10)
    assert len(looked) == 10
    assert looked[:4] == ["a", "a0", "a1", "a2"], "the largest remainder first, equals by path"


def test_the_order_of_what_is_given_changes_nothing() -> None:
    """Sums of floats and ties hang on the order in which they are met, which must not be that of a hash."""
    graph = {name: {other: 1e16 if other == "a" else 1.0 for other in "abcdef"} for name in "abcdef"}
    backwards = {name: dict(reversed(links.items())) for name, links in reversed(graph.items())}
    seeds = {"b": 0.7, "a": 0.1, "c": 0.2}
    one = personalised(lambda path: graph[path], seeds, pushes=7)
    other = personalised(lambda path: backwards[path], dict(reversed(seeds.items())), pushes=7)
    assert list(one.items()) == list(other.items())


def test_a_second_definer_is_not_weighed_less_than_the_first() -> None:
    """In aider's map the root is taken once more for each further definer of a name."""
    ranks = personalised(lambda path: {"one": 2.0, "two": 2.0, "three": 2.0} if path == "a" else {}, {"a": 1.0})
    assert [ranks["two"], ranks["three"]] == pytest.approx([ranks["one"]] * 2)
    assert ranks["one"] > 0


def test_nothing_comes_of_nothing() -> None:
    assert personalised(lambda _: {}, {}) == {}
    assert personalised(lambda _: {}, {"a": 1.0}) == {"a": pytest.approx(1, abs=0.01)}
    assert personalised(lambda _: {"b": -1.0, "c": 0.0}, {"a": 1.0}).keys() == {"a"}
