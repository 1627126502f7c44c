"""The table of languages, and grammars that are not there."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from understudy.context.syntax.grammar import _load, grammar_for
from understudy.context.syntax.languages import LANGUAGES, Language, language_of


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("python", "python"),
        ("typescriptreact", "tsx"),
        ("javascriptreact", "javascript"),
        ("sh", "bash"),
        ("file:///a%20b/main.PY", "python"),
        ("/a/b.tsx", "tsx"),
        ("C:\\a\\b.rs", "rust"),
        ("file:///c%3A/a/b.cc", "cpp"),
        ("cobol", None),
        ("Makefile", None),
        ("", None),
    ],
)
def test_language_of(name: str, expected: str | None) -> None:
    row = language_of(name)
    assert (row.name if row else None) == expected


def test_no_id_and_no_suffix_stands_in_two_rows() -> None:
    names = [name for row in LANGUAGES for name in (*row.ids, *row.suffixes)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda row: row.name)
def test_every_grammar_loads(language: Language) -> None:
    assert grammar_for(language.ids[0]) is not None


@pytest.mark.parametrize(
    ("module", "factory"), [("tree_sitter_klingon", "language"), ("tree_sitter_python", "nothing"), ("json", "loads")]
)
def test_a_grammar_that_does_not_load_is_logged_once(
    module: str, factory: str, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Language("klingon", ("klingon",), (".tlh",), module, factory=factory, queries=f"{module}.{factory}")
    with caplog.at_level(logging.WARNING):
        assert _load(broken) is None
        assert _load(broken) is None
    assert [record.getMessage().split(":")[0] for record in caplog.records] == ["No syntax for klingon"]


def test_a_query_that_is_not_there_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    odd = Language("klingon", ("klingon",), (".tlh",), "tree_sitter_python")
    grammar = _load(odd)
    assert grammar is not None
    with caplog.at_level(logging.WARNING):
        assert grammar.scope is None
        assert grammar.scope is None
    assert len(caplog.records) == 1


def test_tree_sitter_and_pathspec_wait_until_they_are_needed() -> None:
    code = (
        "import sys, understudy.context.workspace as w; w.Workspace();"
        "print([name for name in sys.modules if name.startswith(('tree_sitter', 'pathspec', 'sqlite3', 'httpx'))])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert shown.stdout.strip() == "[]"
