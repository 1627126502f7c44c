"""Diagnostics as other servers make them, read without complaint."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.checking.diagnostic import Diagnostic, Related
from understudy.core.text import Span
from understudy.lsp.convert import Encoding
from understudy.lsp.diagnostics import read_diagnostics, read_range
from understudy.lsp.sync import Buffer

TEXT = "one\n'😀' two\nthree\n"
PLACE = {"start": {"line": 1, "character": 5}, "end": {"line": 1, "character": 8}}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["start", "end", "line", "character", "uri", "range", "value"]), inner)
    ),
    max_leaves=6,
)
FIELDS = ["range", "message", "severity", "code", "source", "tags", "relatedInformation", "data"]


def buffer() -> Buffer:
    return Buffer("file:///a.py", 1, "python", TEXT, Encoding.UTF16)


def read(**fields: Any) -> Diagnostic:
    ((found, sent),) = read_diagnostics([{"range": PLACE, "message": "m", **fields}], buffer()).items()
    assert sent == {"range": PLACE, "message": "m", **fields}
    return found


def test_all_that_one_can_say() -> None:
    place = {"uri": "file:///b%20c.py", "range": PLACE}
    found = read(
        message="Undefined name `two`",
        source="Ruff",
        code="F821",
        severity=2,
        tags=[1, 2],
        relatedInformation=[{"location": place, "message": "here"}, {"location": {"uri": 3}}, None],
    )
    assert TEXT[found.span.start : found.span.end] == "two"
    assert found == Diagnostic(
        Span(8, 11), "Undefined name `two`", "Ruff", "F821", "warning", (Related("/b c.py", 1, "here"),), True
    )


def test_what_servers_make_of_it() -> None:
    assert read(code=7).code == "7"
    assert read(code={"value": "E1", "target": "https://…"}).code == "E1"
    assert read(code=None, source=None, severity=None, tags=None) == Diagnostic(Span(8, 11), "m")
    assert [read(severity=it).severity for it in (1, 2, 3, 4, 0, 9, "1", True)] == [
        *("error", "warning", "information", "hint"),
        *["error"] * 4,
    ]
    assert read(message={"kind": "markdown", "value": "*m*"}).message == "*m*"
    assert not read(tags=[2]).unnecessary


def test_what_has_no_place_or_no_message_is_passed_over() -> None:
    odd = [
        None,
        3,
        {},
        {"message": "m"},
        {"range": PLACE},
        {"range": PLACE, "message": ""},
        {"range": 1, "message": "m"},
    ]
    assert read_diagnostics(odd, buffer()) == {}
    assert read_diagnostics("odd", buffer()) == {}
    assert read_range({"start": {"line": 0, "character": -1}, "end": {"line": 0, "character": 1}}) is None
    assert read_range({"start": {"line": True, "character": 0}, "end": {"line": 0, "character": 1}}) is None


def test_a_place_behind_the_text_is_its_end() -> None:
    far = {"start": {"line": 1, "character": 5}, "end": {"line": 9, "character": 9}}
    ((found, _),) = read_diagnostics([{"range": far, "message": "m"}], buffer()).items()
    assert found.span == Span(8, len(TEXT))


@pytest.mark.parametrize("most", [2**31 - 1, 2**32 - 1, 2**53 - 1, 2**80])
def test_the_end_of_a_line_is_a_large_number_to_some(most: int) -> None:
    found = read(range={"start": PLACE["start"], "end": {"line": 1, "character": most}})
    assert TEXT[found.span.start : found.span.end] == "two"
    found = read(range={"start": PLACE["start"], "end": {"line": most, "character": 0}})
    assert found.span.end == len(TEXT)


@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), JSON) | JSON, max_size=3))
def test_nothing_breaks_it(values: Any) -> None:
    read_diagnostics(values, buffer())
    read_diagnostics([{"range": PLACE, "message": "m"} | it for it in values if isinstance(it, dict)], buffer())
