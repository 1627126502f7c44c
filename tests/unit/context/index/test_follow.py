"""A record that follows the edits of a document is the record of its text."""

from __future__ import annotations

from pathlib import Path
from time import thread_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from understudy.context.grammar import grammar_for
from understudy.context.index.extract import extract
from understudy.context.index.follow import begin, follow
from understudy.context.source import Source
from understudy.core.text import Span

SAMPLES = {path.parent.name: path for path in sorted((Path(__file__).parents[3] / "grammars").glob("*/sample.*"))}
PIECES = st.sampled_from(
    [
        *("x", " ", "\n", "\n\n", "    ", "(", ")", "{", "}", ":", ";", '"', "# a\n", "// a\n", "@a\n", "#[a]\n"),
        *("", "", "def g():\n    pass\n", "class A:\n    b = 1\n", "\ud800", "é", "import a\n", '"""a"""\n', "end\n"),
    ]
)
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), PIECES), min_size=1, max_size=6)


def parsed(language: str, text: str) -> Source:
    grammar = grammar_for(str(SAMPLES[language]))
    assert grammar is not None
    return Source.parse(grammar, text)


@pytest.mark.parametrize("language", SAMPLES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(edits=EDITS)
def test_it_is_the_record_of_the_text(language: str, edits: list[tuple[float, int, str]]) -> None:
    source = parsed(language, SAMPLES[language].read_text(encoding="utf-8"))
    now = begin(source, "sample")
    for place, length, piece in edits:
        start = int(place * len(source.text))
        source = source.edited(Span(start, min(start + length, len(source.text))), piece)
        now = follow(now, source)
        assert now.record == extract(source, "sample")
