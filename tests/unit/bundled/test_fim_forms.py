"""The splits and the forms that the demonstration model is trained on; no torch needed."""

from __future__ import annotations

from random import Random

import pytest

from understudy.bundled import fim

SOURCE = '''"""A greeting."""

import sys


def greet(name: str) -> str:
    # Say it politely.
    if not name:
        return "Hello!"
    return f"Hello, {name}!"


print(greet(sys.argv[1]))
'''


def holes(text: str, number: int = 400) -> list[fim.Hole]:
    random = Random(3)
    return [hole for _ in range(number) if (hole := fim.cut(text, random)) is not None]


def test_psm_is_prefix_then_suffix_then_middle() -> None:
    assert fim.prompt("a", "b", "psm") == "<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|>"


def test_spm_lets_the_middle_follow_the_prefix() -> None:
    assert fim.prompt("a", "b", "spm") == "<|fim_prefix|><|fim_suffix|>b<|fim_middle|>a"


def test_an_unknown_order_is_refused() -> None:
    with pytest.raises(ValueError, match="order"):
        fim.prompt("a", "b", "msp")


def test_the_repository_form_is_qwens() -> None:
    head = fim.repository_head("shop", [("shop/cart.py", "x = 1\n")], "shop/till.py")
    assert head == "<|repo_name|>shop\n<|file_sep|>shop/cart.py\nx = 1\n<|file_sep|>shop/till.py\n"


def test_prefix_and_middle_are_the_text_and_the_suffix_goes_on_from_there() -> None:
    for hole in holes(SOURCE):
        assert SOURCE.startswith(hole.prefix + hole.middle + hole.suffix)


def test_most_middles_end_at_a_line_end_and_many_begin_a_statement() -> None:
    found = holes(SOURCE)
    at_line_end = [SOURCE[len(hole.prefix + hole.middle) :].startswith("\n") for hole in found]
    at_statement = [not hole.prefix.rpartition("\n")[2].strip() for hole in found]
    assert sum(at_line_end) > 0.8 * len(found)
    assert 0.3 * len(found) < sum(at_statement) < 0.8 * len(found)


def test_some_suffixes_are_empty_and_some_middles_have_several_lines() -> None:
    found = holes(SOURCE)
    assert any(not hole.suffix for hole in found)
    assert any("\n" in hole.middle for hole in found)
    assert any(not hole.middle for hole in found)


def test_a_hole_never_begins_in_a_line_without_code() -> None:
    for hole in holes(SOURCE):
        row = hole.prefix.count("\n")
        line = SOURCE.split("\n")[row].strip()
        assert line
        assert not line.startswith("#")


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n"])
def test_text_without_code_has_no_hole(text: str) -> None:
    assert fim.cut(text, Random(1)) is None


def test_the_same_seed_cuts_the_same_holes() -> None:
    assert holes(SOURCE, 20) == holes(SOURCE, 20)


@pytest.mark.parametrize(("text", "lines"), [("a\nb\n", ["a", "b"]), ("a\n\nb", ["a", "", "b"]), ("a", ["a"])])
def test_lines_are_found_with_and_without_a_last_line_end(text: str, lines: list[str]) -> None:
    starts = fim.line_starts(text)
    assert [fim.line_at(text, starts, row) for row in range(len(starts))] == lines
