"""How the recall bench cuts, fits and counts."""

from __future__ import annotations

import pytest

from bench.recall import tokens
from bench.recall.case import Excerpt, Target, cut, found
from bench.recall.peers import by_file
from bench.recall.score import share
from bench.recall.tabs import nearest

TARGET = Target("weigh", "import", (("stock.py", "def weigh(crate):"),))
LONG = "def weigh(" + ", ".join(f"argument{n}: int" for n in range(9)) + "):"


def test_a_line_is_cut_from_its_first_character_on() -> None:
    case = cut("shop", "till.py", "def pay():\n    return weigh(1)\n\nx = 1\n", 1, (TARGET,))
    assert case.text == "def pay():\n    \n\nx = 1\n"
    assert (case.text[: case.offset], case.line) == ("def pay():\n    ", "return weigh(1)")
    assert case.lines_before(2) == ["def pay():", "    "]


@pytest.mark.parametrize(
    ("path", "text", "there"),
    [
        ("stock.py", "class Crate:\n    def weigh(crate):\n        ...", True),
        ("stock.py", "⋮\n│    def weigh(crate):\n⋮", True),
        ("stock.py", "def weigh(crate): ...", False),
        ("stock.py", "weigh(crate)", False),
        ("other.py", "def weigh(crate):", False),  # the same line of another file is another definition
    ],
)
def test_found_is_the_definition_s_own_line_in_its_own_file(path: str, text: str, there: bool) -> None:
    assert (found(TARGET, (Excerpt(path, text),)) is not None) is there


def test_a_line_that_a_map_shortens_counts() -> None:
    target = Target("weigh", "import", (("stock.py", LONG),))
    assert found(target, (Excerpt("stock.py", LONG[:100]),)) is not None
    assert found(target, (Excerpt("stock.py", LONG[:20]),)) is None


def test_what_does_not_fit_is_shortened_and_nothing_comes_after_it() -> None:
    ranked = [Excerpt("a.py", "one = 1\n" * 5), Excerpt("b.py", "two = 2\n" * 50), Excerpt("c.py", "x")]
    shown = tokens.filled(ranked, 60)
    assert [it.path for it in shown] == ["a.py", "b.py"]
    assert shown[0] == ranked[0]
    assert 0 < shown[1].text.count("\n") < 50
    assert 50 < tokens.size(shown) <= 60


def test_the_nearest_files_are_those_of_the_same_folder() -> None:
    assert nearest("a/b/x.py", ["y.py", "a/c/z.py", "a/b/w.py", "a/v.py"]) == [
        "a/b/w.py",
        "a/v.py",
        "a/c/z.py",
        "y.py",
    ]


def test_a_map_is_read_file_by_file() -> None:
    shown = "\na.py\n\nb/c.py:\n⋮\n│def weigh(crate):\n⋮\n"
    assert [(path, text.strip()) for path, text in by_file(shown, {"a.py", "b/c.py"})] == [
        ("a.py", ""),
        ("b/c.py", "⋮\n│def weigh(crate):\n⋮"),
    ]


def test_a_share_counts_identifiers_and_draws_lines() -> None:
    it = share([(1, 1), (0, 3)] * 50)
    assert it.value == 0.25
    assert 0.15 < it.low < 0.25 < it.high < 0.35
