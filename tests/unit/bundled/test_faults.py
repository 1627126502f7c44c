"""Faults put into source: each is one that a checker sees, and is undone by its own fix."""

from __future__ import annotations

import ast
from random import Random

import pytest

from understudy.bundled import faults

SOURCE = '''\
"""Orders of a shop."""

from __future__ import annotations

import json
import os
from collections import Counter, OrderedDict
from pathlib import Path


class Orders:
    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)
        self.counts = Counter()
        self.latest = OrderedDict()

    def read(self, number: int) -> dict:
        name = os.path.join(self.folder, str(number))
        with open(name) as file:
            order = json.load(file)
        self.counts[order["item"]] += 1
        self.latest[number] = order
        return order

    def total(self, numbers: list) -> int:
        result = 0
        for number in numbers:
            order = self.read(number)
            if order["count"] > 0:
                result += order["price"] * order["count"]
        return result
'''
SYNTAX = ("unclosed bracket", "missing colon")


def source(text: str = SOURCE) -> faults.Source:
    read = faults.source(text)
    assert read is not None
    return read


def many(kind: str, number: int = 60) -> list[faults.Fault]:
    random = Random(4)
    found = [faults.inject(kind, source(), random) for _ in range(number)]
    return [fault for fault in found if fault is not None]


@pytest.mark.parametrize("kind", faults.KINDS)
def test_every_kind_finds_places_and_its_fix_undoes_it(kind: str) -> None:
    found = many(kind)
    assert len(found) > 30
    for fault in found:
        assert fault.kind == kind
        assert fault.text != SOURCE
        if kind == "missing import":
            assert sorted(fault.fixed.splitlines()) == sorted(SOURCE.splitlines())
            assert compile(fault.fixed, "<fixed>", "exec")
        else:
            assert fault.fixed == SOURCE


@pytest.mark.parametrize("kind", faults.KINDS)
def test_what_the_fix_quotes_stands_once(kind: str) -> None:
    for fault in many(kind):
        lines = fault.text.split("\n")
        places = [at for at in range(len(lines)) if tuple(lines[at : at + len(fault.search)]) == fault.search]
        assert len(places) == 1
        assert any(line.strip() for line in fault.search)


@pytest.mark.parametrize("kind", faults.KINDS)
def test_only_faults_of_the_syntax_break_it(kind: str) -> None:
    for fault in many(kind):
        if kind in SYNTAX:
            with pytest.raises(SyntaxError):
                ast.parse(fault.text)
        else:
            ast.parse(fault.text)


@pytest.mark.parametrize("kind", ["misspelt name", "misspelt attribute"])
def test_a_misspelt_word_is_one_that_nothing_has(kind: str) -> None:
    for fault in many(kind):
        assert fault.name not in source().words
        assert fault.name in fault.text.split("\n")[fault.row]


def test_a_missing_import_is_missed_where_the_row_says() -> None:
    for fault in many("missing import"):
        assert fault.name in fault.text.split("\n")[fault.row]
        assert not any(fault.name in line.split() for line in fault.text.splitlines() if line.startswith("import"))


def test_an_import_is_put_beside_another_one_in_its_order() -> None:
    text = "import json\nimport os\n\nprint(json, os)\n"
    fault = next(it for it in (faults.inject("missing import", source(text), Random(seed)) for seed in range(9)) if it)
    assert fault.fixed == text


def test_a_neighbour_is_quoted_where_a_line_stands_twice() -> None:
    text = "import os\nfrom typing import Any\nfrom typing import Any, List\n\nprint(os, Any, List)\n"
    found = [faults.inject("missing import", source(text), Random(seed)) for seed in range(40)]
    doubled = [fault for fault in found if fault is not None and fault.name == "List"]
    assert doubled
    for fault in doubled:
        assert fault.search == ("from typing import Any", "from typing import Any")
        assert fault.fixed == text


def test_an_anchor_of_unused_lines_is_the_line_alone() -> None:
    for kind in ("unused import", "unused variable"):
        for fault in many(kind):
            assert len(fault.text.split("\n")) - len(SOURCE.split("\n")) in (0, 1)


def test_the_same_seed_gives_the_same_faults() -> None:
    for kind in faults.KINDS:
        assert many(kind, 10) == many(kind, 10)


def test_a_file_that_does_not_parse_is_refused() -> None:
    assert faults.source("def broken(:\n") is None


@pytest.mark.parametrize("kind", faults.KINDS)
def test_a_file_without_a_place_for_it_has_none(kind: str) -> None:
    assert faults.inject(kind, source("1\n"), Random(1)) is None


def test_a_slip_is_an_identifier_and_another_word() -> None:
    random = Random(5)
    for word in ("Path", "for_each", "x1", "is"):
        for _ in range(200):
            wrong = faults.misspelt(word, random)
            assert wrong is None or (wrong.isidentifier() and wrong != word and abs(len(wrong) - len(word)) <= 1)
