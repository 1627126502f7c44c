"""Every query compiles, captures what is known, and finds in one small source per language what stands beside it.

To change what is expected, change `expected.toml` by hand: it says what a reader of the sample would say.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
import tree_sitter

from grammars import rendering
from understudy.context.index.extract import extract
from understudy.context.index.record import FileRecord
from understudy.context.syntax.grammar import Grammar, grammar_for
from understudy.context.syntax.grammar_files import grammar_root
from understudy.context.syntax.languages import LANGUAGES
from understudy.context.syntax.place import kind_at, scopes_at
from understudy.context.syntax.source import Source

HERE = Path(__file__).parent
SAMPLES = {path.parent.name: path for path in sorted(HERE.glob("*/sample.*"))}
KNOWN = {
    "scope": {"scope.definition", "scope.name", "scope.body", "block", "comment", "string", "interpolation"},
    "imports": {
        "import",
        *("import.module", "import.name", "import.alias", "import.path", "import.default", "import.everything"),
        *("import.prefix", "import.within"),
    },
    "tags": {
        *(f"definition.{kind}" for kind in ("class", "function", "method", "constant", "field", "attribute", "body")),
        *("name", "base", "doc", "parent", "decoration"),
        *("extension", "namespace", "local", "local.scope", "package"),
        *("reference.name", "reference.field", "reference.type"),
    },
}


def load(language: str) -> tuple[Grammar, Source, dict[str, Any]]:
    path = SAMPLES[language]
    grammar = grammar_for(str(path))
    assert grammar is not None
    expected = tomllib.loads((path.parent / "expected.toml").read_text(encoding="utf-8"))
    return grammar, Source.parse(grammar, path.read_text(encoding="utf-8")), expected


def record(language: str) -> FileRecord:
    return extract(load(language)[1], "sample")


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
def test_definitions(language: str) -> None:
    assert rendering.definitions(record(language)).splitlines() == load(language)[2]["definitions"].splitlines()


@pytest.mark.parametrize("language", SAMPLES)
def test_references(language: str) -> None:
    assert rendering.references(record(language)).splitlines() == load(language)[2]["references"].splitlines()


@pytest.mark.parametrize("language", SAMPLES)
def test_imports(language: str) -> None:
    found = record(language)
    assert rendering.imports(found).splitlines() == load(language)[2]["imports"].splitlines()
    assert found.package == load(language)[2].get("package", "")


@pytest.mark.parametrize("language", SAMPLES)
def test_import_statements(language: str) -> None:
    _, source, expected = load(language)
    nodes = source.captures("imports", 0, len(source.data)).get("import", [])
    assert [source.node_text(node).strip().split("\n")[0] for node in nodes] == expected["statements"]
    at_the_top = [node for node in nodes if node.start_point.column == 0]
    assert source.captures("imports", 0, len(source.data), depth=1).get("import", []) == at_the_top


@pytest.mark.parametrize("language", SAMPLES)
def test_every_kind_of_definition_is_in_the_sample(language: str) -> None:
    kinds = {it.kind for it in record(language).definitions}
    missing = {"bash": {"class", "method", "field"}, "lua": {"class"}, "java": {"function", "constant"}}
    missing |= {"csharp": {"function", "constant"}, "c": {"method"}, "tsx": {"method"}}
    assert kinds == {"class", "function", "method", "constant", "field"} - missing.get(language, set())


@pytest.mark.parametrize("language", SAMPLES)
def test_a_signature_is_made_of_whole_lines(language: str) -> None:
    lines = load(language)[1].text.split("\n")
    for it in record(language).definitions:
        signature = it.signature.split("\n")
        assert any(lines[row : row + len(signature)] == signature for row in range(it.first, it.last)), it.qualified


@pytest.mark.parametrize("language", SAMPLES)
def test_scopes_comments_and_strings(language: str) -> None:
    _, source, expected = load(language)
    for mark, scopes in expected["scopes"].items():
        inside = source.text.index(mark + "\n" if source.text.count(mark) > 1 else mark) + 2
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
    assert "def main() -> None:" in headers
    assert "class Shelf(rooms.Furniture, Holder[Book], metaclass=Meta):" in headers


@pytest.mark.parametrize("language", SAMPLES)
def test_an_empty_file_gives_an_empty_record(language: str) -> None:
    found = extract(Source.parse(load(language)[0], ""), "empty")
    assert found == FileRecord("empty", language)


@pytest.mark.parametrize("language", SAMPLES)
def test_the_rest_of_a_file_in_the_middle_of_which_is_typed(language: str) -> None:
    """A call that is begun in the last function costs no definition above it."""
    grammar, source, _ = load(language)
    whole = extract(source, "sample")
    last = [it for it in whole.definitions if not it.parent and it.kind in ("class", "function")][-1]
    lines = source.text.split("\n")
    cut = max(last.first + 1, last.last - 1)
    broken = "\n".join([*lines[:cut], "    shelf.put(", *lines[cut:]])
    found = extract(Source.parse(grammar, broken), "sample")
    above = [it.qualified for it in whole.definitions if it.last <= last.first]
    assert above == [it.qualified for it in found.definitions][: len(above)]
    assert len(above) > 1


@pytest.mark.parametrize("language", SAMPLES)
def test_a_file_of_5000_lines(language: str) -> None:
    grammar, source, _ = load(language)
    times = 5000 // source.text.count("\n") + 6
    # Kotlin's imports stand at the top of a file and nowhere else.
    again = source.text[source.text.index("/** How many") :] if language == "kotlin" else source.text
    found = extract(Source.parse(grammar, source.text + again * times, within=30), "sample")
    once = [it for it in extract(source, "sample").definitions if it.kind in ("function", "method")]
    assert found.rows > 5000
    assert len([it for it in found.definitions if it.kind in ("function", "method")]) == (times + 1) * len(once)
