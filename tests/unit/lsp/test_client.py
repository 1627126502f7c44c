"""What is read from `initialize`, whatever is missing or odd in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.lsp.client import Client, Edits, Menu, read_client
from understudy.lsp.convert import Encoding

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["capabilities", "general", "x"]), inner)
    ),
    max_leaves=8,
)
CLIENTS = Path(__file__).parents[2] / "e2e" / "clients"
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


@pytest.mark.parametrize(
    ("said", "known"),
    [
        (True, (True, False, False, False)),
        ({"show": True, "input": True}, (False, True, True, False)),
        ({"status": True, "show": 1, "input": None, "applyEdit": True, "later": True}, (True, False, False, True)),
        ({}, (False, False, False, False)),
        (None, (False, False, False, False)),
    ],
)
def test_what_a_client_knows_beyond_lsp(said: Any, known: tuple[bool, ...]) -> None:
    for params in (
        {"capabilities": {"experimental": {"understudy": said}}},
        {"initializationOptions": {"understudyClient": said}},
    ):
        client = read_client(params)
        assert (client.status, client.shows, client.asks, client.edits.applied) == known


@pytest.mark.parametrize(
    ("name", "menu", "edits"),
    [
        ("vscode", Menu(*[True] * 7), Edits(*[True] * 4)),
        # It leaves out `documentChanges`, and knows them.
        ("neovim", Menu(*[True] * 5, generated=False, annotations=True), Edits(*[True] * 4)),
        (
            "emacs",
            Menu(literals=True, data=True, resolves=True, preferred=True),
            Edits(applied=True, versioned=True),
        ),
        (
            "helix",
            Menu(literals=True, data=True, resolves=True, disabled=True, preferred=True),
            Edits(applied=True, versioned=True, creates=True),
        ),
        ("copilot.el", Menu(), Edits()),
    ],
)
def test_what_recorded_clients_know_of_code_actions(name: str, menu: Menu, edits: Edits) -> None:
    client = read_client(json.loads((CLIENTS / f"{name}.json").read_text()))
    assert (client.menu, client.edits) == (menu, edits)
