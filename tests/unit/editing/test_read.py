"""Answers as models write them, and what is read from each."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.editing import words
from understudy.editing.block import Block
from understudy.editing.read import read_blocks

PLAIN = "<<<<<<< SEARCH\na = 1\n=======\na = 2\n>>>>>>> REPLACE"
READ = (("a = 1",), ("a = 2",))


def parts(answer: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    return [(block.search, block.replace) for block in read_blocks(answer)]


@pytest.mark.parametrize(
    "answer",
    [
        PLAIN,
        PLAIN + "\n",
        PLAIN.replace("\n", "\r\n"),
        f"Sure, here it is:\n\n{PLAIN}\n\nThat should do.",
        f"```\n{PLAIN}\n```",
        f"```python\n{PLAIN}\n```\nDone.",
        f"~~~\n{PLAIN}\n~~~",
        f"1. Change this:\n\n   ```\n{PLAIN}\n   ```",
        "<<<<<<< SEARCH\n```python\na = 1\n```\n=======\n```python\na = 2\n```\n>>>>>>> REPLACE",
        "<<<<<<< SEARCH\n```python\na = 1\n=======\na = 2\n```\n>>>>>>> REPLACE",
        "```python\n<<<<<<< SEARCH\na = 1\n```\n=======\n```python\na = 2\n>>>>>>> REPLACE\n```",
        "<<<<< SEARCH\na = 1\n=====\na = 2\n>>>>> REPLACE",
        "<<<<<<<<< SEARCH\na = 1\n=========\na = 2\n>>>>>>>>> REPLACE",
        "<<<<<<<SEARCH\na = 1\n=======\na = 2\n>>>>>>>REPLACE",
        "<<<<<<< SEARCH:\na = 1\n=======\na = 2\n>>>>>>> REPLACE",
        "<<<<<<< search\na = 1\n=======\na = 2\n>>>>>>> replace",
        "<<<<<<< ORIGINAL\na = 1\n=======\na = 2\n>>>>>>> UPDATED",
        "<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> fixed",
        "<<<<<<<\na = 1\n=======\na = 2\n>>>>>>>",
        "------- SEARCH\na = 1\n=======\na = 2\n+++++++ REPLACE",
        "<<<<<<< SEARCH  \t\na = 1\n=======  \na = 2\n>>>>>>> REPLACE   ",
        "<<<<<<< SEARCH\na = 1\n======\na = 2\n>>>>>>>> REPLACE",
        "<<<<<<< SEARCH\na = 1\n=======\na = 2\n<<<<<<< REPLACE",
        "<<<<<<< SEARCH\na = 1\n=======\na = 2\n>>>>>>> REPLACE\n>>>>>>> REPLACE",
        "<<<<<<< SEARCH\na = 1\n=======\na = 2",
        "<<<<<<< SEARCH\na = 1\n=======\na = 2\n\n",
        "```python\n<<<<<<< SEARCH\na = 1\n=======\na = 2\n```\nI have changed the number.",
        f"<think>\nThe number is wrong.\n{PLAIN.replace('2', '3')}\nNo.\n</think>\n\n{PLAIN}",
        f"The number is wrong, so\n{PLAIN.replace('2', '3')}\nNo.\n</think>\n\n{PLAIN}",
    ],
)
def test_forms_of_one_block(answer: str) -> None:
    assert parts(answer) == [READ]


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "The code is right as it is.",
        "a = 2",
        "```python\na = 2\n```",
        "<<<<<<< SEARCH\na = 1",
        "<<<<<<< SEARCH\na = 1\n>>>>>>> REPLACE",
        "a = 1\n=======\na = 2\n>>>>>>> REPLACE",
        "I would write a <<<<<<< SEARCH block.\n=======\n",
        f"<think>\nIt never ends\n{PLAIN}",
        f"{PLAIN}\n<<<<<<< SEARCH\nb = 1",
        "<<<<<<< SEARCH\na = 1\n=======\na = 2\n" + PLAIN,
        "```md\n<<<<<<< SEARCH\na\n=======\n```py\nb\n```\n```",
        "-------\na = 1\n=======\na = 2\n+++++++",
        '<<<<<<< SEARCH\ns = """\n=======\ns = """\n>>>>>>> REPLACE\n"""\n>>>>>>> REPLACE',
    ],
)
def test_what_cannot_be_told_is_not_guessed(answer: str) -> None:
    assert read_blocks(answer) == ()


def test_several_blocks_in_their_order() -> None:
    answer = f"{PLAIN}\n\nand\n\n{PLAIN.replace('a', 'b')}\n{PLAIN.replace('a', 'c')}"
    assert [block.search[0] for block in read_blocks(answer)] == ["a = 1", "b = 1", "c = 1"]


def test_lines_are_kept_to_the_last_blank() -> None:
    answer = "<<<<<<< SEARCH\n\n\tx  \n  y\n=======\n\n>>>>>>> REPLACE"
    assert parts(answer) == [(("", "\tx  ", "  y"), ("",))]


def test_an_empty_part() -> None:
    assert parts("<<<<<<< SEARCH\n=======\nnew\n>>>>>>> REPLACE") == [((), ("new",))]
    assert parts("<<<<<<< SEARCH\nold\n=======\n>>>>>>> REPLACE") == [(("old",), ())]


@pytest.mark.parametrize(
    "above",
    [
        "src/a.py\n",
        "`src/a.py`\n",
        "**src/a.py**\n",
        "**`src/a.py`**:\n",
        "# src/a.py\n",
        "### `src/a.py`\n",
        "File: src/a.py\n",
        "**File:** `src/a.py`\n",
        "src/a.py:\n\n",
        "src/a.py\n```python\n",
        "src/a.py\n\n```python\n",
        "```python\nsrc/a.py\n",
        "```python src/a.py\n",
        "```src/a.py\n",
        "```python:src/a.py\n",
        "// src/a.py\n",
        "- src/a.py\n",
        "Some words before it.\n\nsrc/a.py\n",
    ],
)
def test_a_path_above(above: str) -> None:
    (block,) = read_blocks(above + PLAIN)
    assert block == Block(("a = 1",), ("a = 2",), "src/a.py")


def test_a_path_behind_the_marker_and_one_without_a_folder() -> None:
    assert read_blocks(PLAIN.replace("SEARCH", "SEARCH src/a.py"))[0].path == "src/a.py"
    assert read_blocks(f"setup.py\n{PLAIN}")[0].path == "setup.py"
    assert read_blocks(f"File: Makefile\n{PLAIN}")[0].path == "Makefile"


@pytest.mark.parametrize(
    "above", ["Fixed.\n", "Here it is:\n", "Change a.py like this:\n", "```python\n", "`a`\n", "\n"]
)
def test_prose_is_no_path(above: str) -> None:
    assert read_blocks(above + PLAIN)[0].path == ""


def test_a_path_holds_for_the_blocks_below_it() -> None:
    answer = f"a.py\n```\n{PLAIN}\n{PLAIN}\n```\nb.py\n```\n{PLAIN}\n```"
    assert [block.path for block in read_blocks(answer)] == ["a.py", "a.py", "b.py"]


def test_a_conflict_that_the_code_holds_is_code() -> None:
    conflict = "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> branch"
    for end in ("\n>>>>>>> REPLACE", ""):
        (block,) = read_blocks(f"<<<<<<< SEARCH\n{conflict}\n=======\nb{end}")
        assert (block.search, block.replace, block.others) == (tuple(conflict.split("\n")), ("b",), ())


def test_markers_in_the_code_give_way_to_those_of_another_length_or_indentation() -> None:
    code = PLAIN.split("\n")
    nine = "\n".join(["<<<<<<<<< SEARCH", *code, "=========", "x", ">>>>>>>>> REPLACE"])
    assert parts(nine) == [(tuple(code), ("x",))]
    deeper = [f"    {line}" for line in code]
    assert parts("\n".join(["<<<<<<< SEARCH", *deeper, "=======", "x", ">>>>>>> REPLACE"])) == [(tuple(deeper), ("x",))]


def test_a_heading_may_be_underlined_with_a_divider() -> None:
    (block,) = read_blocks("<<<<<<< SEARCH\nHeading\n=======\n=======\nHeadings\n=======\n>>>>>>> REPLACE")
    readings = [(it.search, it.replace) for it in (block, *block.others)]
    assert (("Heading", "======="), ("Headings", "=======")) in readings
    assert len(readings) == 3


def test_a_tag_of_thought_in_the_code_ends_no_thought() -> None:
    answer = f"<<<<<<< SEARCH\nx\n=======\n</think>\n>>>>>>> REPLACE\n{PLAIN}"
    assert parts(answer) == [(("x",), ("</think>",)), READ]


LINES = st.lists(st.text(st.characters(exclude_characters="\r\n<>=`~"), max_size=12), max_size=6)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.lists(st.tuples(LINES, LINES), min_size=1, max_size=4))
def test_what_the_model_is_asked_to_write_is_read_as_it_is(blocks: list[tuple[list[str], list[str]]]) -> None:
    answer = "\n".join(words.block(search, replace) for search, replace in blocks)
    assert parts(answer) == [(tuple(search), tuple(replace)) for search, replace in blocks]


@settings(derandomize=True, max_examples=500, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<<<<<<< SEARCH",
                "=======",
                ">>>>>>> REPLACE",
                "```python",
                "```",
                "a.py",
                "x",
                "",
                "<<<<<<< HEAD",
                ">>>>>>> b",
            ]
        ),
        max_size=14,
    )
)
def test_no_line_is_invented(lines: list[str]) -> None:
    """Whatever the order of the markers: a part is a run of the answer's lines, and no line is in two parts."""
    blocks = read_blocks("\n".join(lines))
    for block in [reading for first in blocks for reading in (first, *first.others)]:
        for part in (list(block.search), list(block.replace)):
            assert any(lines[row : row + len(part)] == part for row in range(len(lines) + 1))
    assert sum(len(block.search) + len(block.replace) + 2 for block in blocks) <= len(lines)
