"""Which replica a workspace keeps to."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.errors import EngineUnavailable
from understudy.core.settings import EngineSettings
from understudy.engine.rendezvous import addresses, ranked
from understudy.engine.source import source_for

URLS = st.lists(
    st.from_regex(r"http://[a-z]{1,12}(\.[a-z]{2,5})?:[1-9][0-9]{0,3}/v1", fullmatch=True),
    min_size=2,
    max_size=8,
    unique=True,
)
WORKSPACES = st.text(max_size=60)


@given(URLS, WORKSPACES, st.randoms())
def test_the_order_in_which_replicas_are_named_makes_no_difference(urls, workspace, random) -> None:
    shuffled = random.sample(urls, len(urls))
    assert ranked(workspace, shuffled) == ranked(workspace, urls)
    assert sorted(ranked(workspace, urls)) == sorted(urls)


@given(URLS, WORKSPACES, st.data())
def test_a_replica_that_goes_moves_only_its_own_workspaces(urls, workspace, data) -> None:
    gone = data.draw(st.sampled_from(urls))
    before, after = ranked(workspace, urls), ranked(workspace, [url for url in urls if url != gone])
    assert after == tuple(url for url in before if url != gone), "and the ranks of the others stay"


@given(URLS, WORKSPACES, st.from_regex(r"http://new-[a-z]{1,8}:8000/v1", fullmatch=True))
def test_a_replica_that_comes_takes_only_what_becomes_its_own(urls, workspace, new) -> None:
    before, after = ranked(workspace, urls)[0], ranked(workspace, [*urls, new])[0]
    assert after in (before, new)


def test_workspaces_are_spread_evenly() -> None:
    urls = [f"http://gpu{number}:8000/v1" for number in range(4)]
    own = Counter(ranked(f"file:///home/user{number}/project", urls)[0] for number in range(4000))
    # A fair share is 1000; its standard deviation is 27.
    assert all(860 < count < 1140 for count in own.values()), own


def test_a_newcomer_takes_its_share_and_no_more() -> None:
    urls = [f"http://gpu{number}:8000/v1" for number in range(5)]
    names = [f"file:///home/user{number}/project" for number in range(4000)]
    moved = sum(ranked(name, urls)[0] != ranked(name, urls[:4])[0] for name in names)
    assert 680 < moved < 920, "a fifth of them"


def test_users_with_passwords_of_their_own_share_a_replica() -> None:
    hosts = ("a", "b", "c", "d")
    plain = ranked("w", [f"http://{host}/v1" for host in hosts])
    mine = ranked("w", [f"http://me:secret@{host}/v1/" for host in hosts])
    assert [url.replace("me:secret@", "").rstrip("/") for url in mine] == list(plain)


def test_each_server_is_named_once() -> None:
    settings = EngineSettings(url="http://a/v1", urls=("http://b/v1", "http://me:x@a/v1/", "http://c/v1"))
    assert addresses(settings) == ("http://a/v1", "http://b/v1", "http://c/v1")
    assert addresses(EngineSettings(urls=("http://b/v1",))) == ("http://b/v1",)
    assert addresses(EngineSettings()) == ()


async def test_a_url_that_is_none_is_one_sentence_when_it_is_connected_to() -> None:
    source = source_for(EngineSettings(urls=("http://b/v1", "gpu2:8000")), workspace="w")
    with pytest.raises(EngineUnavailable, match="not an http or https address"):
        await source.ensure(lambda _: None)
    await source.aclose()
