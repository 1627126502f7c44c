"""Every query compiles, captures what is known, and finds in one small source per language what stands beside it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
import tree_sitter

from understudy.context.grammar import Grammar, grammar_for
from understudy.context.grammar_files import grammar_root
from understudy.context.languages import LANGUAGES
from understudy.context.place import kind_at, scopes_at
from understudy.context.source import Source

HERE = Path(__file__).parent
SAMPLES = {path.parent.name: path for path in sorted(HERE.glob("*/sample.*"))}
KNOWN = {
    "scope": {"scope.definition", "scope.name", "scope.body", "block", "comment", "string", "interpolation"},
    "imports": {"import"},
    "tags": {"definition.function", "definition.class", "definition.method", "name", "reference.call"},
}
KINDS = ("function", "class", "method")


def load(language: str) -> tuple[Grammar, Source, dict[str, Any]]:
    path = SAMPLES[language]
    grammar = grammar_for(str(path))
    assert grammar is not None
    expected = tomllib.loads((path.parent / "expected.toml").read_text(encoding="utf-8"))
    return grammar, Source.parse(grammar, path.read_text(encoding="utf-8")), expected


def test_every_language_has_a_sample_and_provenance() -> None:
    assert set(SAMPLES) == {row.name for row in LANGUAGES}
    for row in LANGUAGES:
        assert (grammar_root() / row.folder / "PROVENANCE.md").is_file()


def test_every_folder_belongs_to_a_language() -> None:
    folders = {path.name for path in grammar_root().iterdir() if path.is_dir()}
    assert folders == {row.folder for row in LANGUAGES}


@pytest.mark.parametrize("language", SAMPLES)
@pytest.mark.parametrize("query", KNOWN)
def test_query_compiles_and_captures_what_is_known(language: str, query: str) -> None:
    grammar, _, _ = load(language)
    compiled = getattr(grammar, query)
    assert isinstance(compiled, tree_sitter.Query)
    names = {compiled.capture_name(index) for index in range(compiled.capture_count)}
    assert {name for name in names if not name.startswith("_")} <= KNOWN[query]


@pytest.mark.parametrize("language", SAMPLES)
def test_sample_parses(language: str) -> None:
    _, source, _ = load(language)
    assert source.errors == ()


@pytest.mark.parametrize("language", SAMPLES)
def test_definitions_and_calls(language: str) -> None:
    _, source, expected = load(language)
    found: dict[str, list[tuple[int, str]]] = {kind: [] for kind in (*KINDS, "call")}
    for captures in source.matches("tags", 0, len(source.data)):
        for kind in KINDS:
            if f"definition.{kind}" in captures:
                (name,) = captures["name"]
                found[kind].append((name.start_byte, source.node_text(name)))
        found["call"] += [(node.start_byte, source.node_text(node)) for node in captures.get("reference.call", ())]
    assert {kind: [name for _, name in sorted(pairs)] for kind, pairs in found.items()} == {
        kind: expected[kind] for kind in found
    }


@pytest.mark.parametrize("language", SAMPLES)
def test_imports(language: str) -> None:
    _, source, expected = load(language)
    nodes = source.captures("imports", 0, len(source.data)).get("import", [])
    assert [source.node_text(node).strip().split("\n")[0] for node in nodes] == expected["imports"]
    assert source.captures("imports", 0, len(source.data), depth=1).get("import", []) == nodes


@pytest.mark.parametrize("language", SAMPLES)
def test_scopes_comments_and_strings(language: str) -> None:
    _, source, expected = load(language)
    for mark, scopes in expected["scopes"].items():
        inside = source.text.index(mark) + 2
        assert kind_at(source, inside) == "comment"
        code = source.text.rindex("\n", 0, inside) + 8
        assert [name for name, _ in scopes_at(source, code)] == scopes
    quotes = [index for index, character in enumerate(source.text) if character in "\"'"]
    first = next(index for index in quotes if kind_at(source, index + 1) != "comment")
    assert kind_at(source, first + 2) == "string"


def test_a_scope_body_leaves_the_header() -> None:
    _, source, _ = load("python")
    headers = [
        source.data[captures["scope.definition"][0].start_byte : captures["scope.body"][0].start_byte].decode().strip()
        for captures in source.matches("scope", 0, len(source.data))
        if "scope.body" in captures
    ]
    assert headers == ["class Shelf:", "def put(self, book: str) -> None:", "def main() -> None:"]
