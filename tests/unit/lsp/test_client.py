"""What is read from `initialize`, whatever is missing or odd in it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.lsp.client import Client, read_client
from understudy.lsp.convert import Encoding

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["capabilities", "general", "x"]), inner)
    ),
    max_leaves=8,
)
KEYS = ["capabilities", "processId", "initializationOptions", "workspaceFolders", "rootUri", "clientInfo", "x"]


@given(JSON | st.dictionaries(st.sampled_from(KEYS), JSON))
def test_nothing_that_a_client_says_breaks_it(params: Any) -> None:
    assert isinstance(read_client(params), Client)


@pytest.mark.parametrize("params", [None, {}, {"capabilities": {}}, {"capabilities": None, "processId": True}])
def test_a_client_that_says_nothing(params: Any) -> None:
    client = read_client(params)
    assert (client.encoding, client.inline, client.configuration, client.progress, client.status) == (
        Encoding.UTF16,
        False,
        False,
        False,
        False,
    )


def test_folders_before_the_root() -> None:
    folders = [{"uri": "file:///a"}, {"uri": "file:///b"}, {"name": "odd"}]
    assert read_client({"rootUri": "file:///r", "workspaceFolders": folders}).roots == ("file:///a", "file:///b")
    assert read_client({"rootUri": "file:///r", "workspaceFolders": None}).roots == ("file:///r",)


@pytest.mark.parametrize(
    "params",
    [{"capabilities": {"experimental": {"understudy": True}}}, {"initializationOptions": {"understudyClient": True}}],
)
def test_a_client_that_wants_the_status(params: Any) -> None:
    assert read_client(params).status
