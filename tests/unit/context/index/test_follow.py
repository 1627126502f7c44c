"""A record that follows the edits of a document is the record of its text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from understudy.context.index.extract import extract
from understudy.context.index.follow import begin, follow
from understudy.context.syntax.grammar import grammar_for
from understudy.context.syntax.source import Source
from understudy.core.text import Span

SAMPLES = {path.parent.name: path for path in sorted((Path(__file__).parents[3] / "grammars").glob("*/sample.*"))}
PIECES = st.sampled_from(
    [
        *("x", " ", "\n", "\n\n", "    ", "(", ")", "{", "}", ":", ";", '"', "# a\n", "// a\n", "@a\n", "#[a]\n"),
        *("", "", "def g():\n    pass\n", "class A:\n    b = 1\n", "\ud800", "é", "import a\n", '"""a"""\n', "end\n"),
    ]
)
MANY = 25
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), PIECES), min_size=1, max_size=6)


def parsed(language: str, text: str) -> Source:
    grammar = grammar_for(str(SAMPLES[language]))
    assert grammar is not None
    return Source.parse(grammar, text)


@pytest.mark.parametrize("language", SAMPLES)
@settings(max_examples=MANY, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(edits=EDITS)
def test_it_is_the_record_of_the_text(language: str, edits: list[tuple[float, int, str]]) -> None:
    source = parsed(language, SAMPLES[language].read_text(encoding="utf-8"))
    now = begin(source, "sample")
    for place, length, piece in edits:
        start = int(place * len(source.text))
        source = source.edited(Span(start, min(start + length, len(source.text))), piece)
        later = follow(now, source)
        assert later is not None
        now = later
        assert now.record == extract(source, "sample")


def test_only_what_stands_around_an_edit_is_read_again() -> None:
    text = "def f(a):\n    return a\n\n\n" * 1000
    before = begin(parsed("python", text), "a.py")
    place = text.index("return", len(text) // 2)
    source = before.source.edited(Span(place, place), "b = a\n    ")
    after = follow(before, source, at_most=20)
    assert after is not None
    assert after.record == extract(source, "a.py")
    same = sum(one is other for one, other in zip(before.part.definitions, after.part.definitions, strict=True))
    assert 490 < same < 500, "those above; those below have moved by a row"


def test_a_text_that_is_broken_at_both_ends_is_too_much_at_once() -> None:
    text = "x = )\n" + "def f(a):\n    return a\n\n\n" * 1000 + "y = 1"
    before = begin(parsed("python", text), "a.py")
    source = before.source.edited(Span(len(text), len(text)), ")\n")
    assert follow(before, source, at_most=400) is None
    whole = follow(before, source)
    assert whole is not None
    assert whole.record == extract(source, "a.py")


def test_another_language_begins_anew() -> None:
    before = begin(parsed("python", "x = 1\n"), "a")
    after = follow(before, parsed("go", "package a\n"))
    assert after is not None
    assert after.record.package == "a"
    assert follow(after, after.source) is after
