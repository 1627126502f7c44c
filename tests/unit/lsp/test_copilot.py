"""What plugins say that were written for Copilot's language server, read and translated."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from understudy.lsp.client import read_client
from understudy.lsp.convert import Encoding
from understudy.lsp.copilot import (
    KINDS,
    REMEMBERED,
    Memory,
    Offered,
    model_of,
    plugin_of,
    read_place,
    status_json,
)
from understudy.lsp.ext import State, Status

AT = {"line": 1, "character": 4}
PLUGIN = {"editorPluginInfo": {"name": "copilot.lua", "version": "1"}}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["uri", "position", "line", "character", "version", "name", "x"]), inner)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "params",
    [
        {"doc": {"uri": "u", "version": 7, "position": AT}, "_": True},
        {"doc": {"uri": "u", "version": 7, "position": AT}, "textDocument": {"uri": "v"}, "position": {"line": 9}},
        {"textDocument": {"uri": "u", "version": 7}, "position": AT},
        {"doc": {"uri": 3}, "textDocument": {"uri": "u", "version": 7}, "position": AT},
    ],
)
def test_a_place(params: Any) -> None:
    place = read_place(params)
    assert place is not None
    assert (place.uri, place.version, place.position) == ("u", 7, types.Position(1, 4))


@pytest.mark.parametrize(
    "position",
    [
        None,
        {},
        {"line": 1},
        {"line": -1, "character": 0},
        {"line": True, "character": 0},
        {"line": 2**31, "character": 0},
    ],
)
def test_no_place(position: Any) -> None:
    assert read_place({"doc": {"uri": "u", "position": position}}) is None


@given(
    JSON | st.dictionaries(st.sampled_from(["doc", "textDocument", "position", "editorPluginInfo", "settings"]), JSON)
)
def test_nothing_that_a_plugin_says_breaks_it(params: Any) -> None:
    read_place(params)
    model_of(params)
    if isinstance(params, dict):
        plugin_of(params)
    read_client({"initializationOptions": params})


def test_a_plugin_is_known_by_its_introduction() -> None:
    """It computes UTF-16, also where the editor that it rides on offers something else first."""
    offers = {"general": {"positionEncodings": ["utf-8"]}}
    client = read_client({"capabilities": offers, "initializationOptions": PLUGIN})
    assert (client.copilot, client.encoding, plugin_of(client.options)) == (True, Encoding.UTF16, "copilot.lua")
    client = read_client({"capabilities": offers, "initializationOptions": {"editorPluginInfo": "copilot.lua"}})
    assert (client.copilot, client.encoding) == (False, Encoding.UTF8)


@pytest.mark.parametrize(
    ("plugin", "units", "length"),
    [
        ("copilot.el", 6, 1),  # of the line "  x😀", five units long, and "ab😀c" behind it
        ("copilot.el", 9, 3),
        ("copilot.el", 10, None),
        ("copilot.el", 5, 0),
        ("copilot.el", 2, 0),
        ("copilot.vim", 1, 1),
        ("copilot.vim", 4, 3),
        ("copilot.vim", 5, None),
        ("copilot.lua", 10, 0),
        ("copilot.vim", None, None),
        ("copilot.vim", "3", None),
        ("copilot.vim", True, None),
    ],
)
def test_how_much_was_accepted(plugin: str, units: Any, length: int | None) -> None:
    memory = Memory()
    memory.keep("item", Offered("  x😀", "ab😀c"))
    assert memory.accepted("item", units, plugin) == length
    assert memory.accepted("other", units, plugin) is None


def test_items_are_forgotten_the_oldest_first() -> None:
    memory = Memory()
    for number in range(REMEMBERED + 1):
        memory.keep(str(number), Offered("", "ab"))
    assert memory.accepted("0", 1, "") is None
    assert memory.accepted("1", 1, "") == 1


def test_every_state_is_one_of_copilots() -> None:
    assert set(KINDS) == set(get_args(State))
    assert {kind for _, kind in KINDS.values()} <= {"Normal", "Error", "Warning", "Inactive"}


def test_a_status_as_copilots_plugins_know_it() -> None:
    assert status_json(Status("starting", "Loading the model", 40)) == {
        "busy": True,
        "kind": "Normal",
        "status": "InProgress",
        "message": "Loading the model (40 %)",
    }
    assert status_json(Status("problem", "No.")) == {
        "busy": False,
        "kind": "Error",
        "status": "Error",
        "message": "No.",
    }


@pytest.mark.parametrize(
    "said", [None, {}, {"settings": None}, {"settings": {"github": {"copilot": {"selectedCompletionModel": 1}}}}]
)
def test_no_model_is_chosen(said: Any) -> None:
    assert model_of(said) == ""


def test_a_model_is_chosen() -> None:
    assert model_of({"settings": {"github": {"copilot": {"selectedCompletionModel": "m"}}}}) == "m"
