"""Blocks applied to a text: where they are found, what becomes of the lines, and when they are refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.core.text import Span, apply, split_lines
from understudy.editing.block import Block, Patched, Unmatched
from understudy.editing.lines import read_lines
from understudy.editing.patch import patch
from understudy.editing.read import read_blocks

TEXT = """\
import os

def first():
    value = 1
    return value

class Second:
    def third(self):
        value = 1
        if value:
            return os
        return value
"""


def block(search: str, replace: str) -> Block:
    return Block(tuple(search.split("\n")), tuple(replace.split("\n")))


def patched(text: str, *blocks: Block, scope: Span | None = None) -> str:
    """The text after the blocks; the edits must come to the same."""
    outcome = patch(text, blocks, scope)
    assert isinstance(outcome, Patched), outcome
    assert apply(text, outcome.edits) == outcome.text
    return outcome.text


def refused(text: str, *blocks: Block, scope: Span | None = None) -> Unmatched:
    outcome = patch(text, blocks, scope)
    assert isinstance(outcome, Unmatched), outcome
    return outcome


def test_exact() -> None:
    assert patched(TEXT, block("            return os", "            return os.sep")) == TEXT.replace(
        "return os", "return os.sep"
    )


def test_edits_are_small() -> None:
    outcome = patch(
        TEXT, [block("        if value:\n            return os", "        if value:\n            return os.sep")]
    )
    assert isinstance(outcome, Patched)
    (edit,) = outcome.edits
    assert (edit.text, edit.span.end - edit.span.start) == (".sep", 0)


def test_exact_wins_over_a_copy_that_is_indented_otherwise() -> None:
    assert patched(TEXT, block("    return value", "    return 2")).startswith(
        "import os\n\ndef first():\n    value = 1\n    return 2\n"
    )
    assert patched(TEXT, block("        return value", "        return 2")).endswith("        return 2\n")


def test_at_the_margin_an_indented_copy_may_be_meant() -> None:
    text = "import os\n\ndef f():\n    import os\n"
    refused(text, block("import os", "import sys"))
    assert patched(text, block("import os\n\ndef f():", "import sys\n\ndef f():")).startswith(
        "import sys\n\ndef f():\n    import os"
    )
    assert patched(text, block("    import os", "    import sys")).endswith("    import sys\n")


def test_trailing_white_space_is_left_aside_and_left_alone() -> None:
    text = "a = 1  \nb = 2\t\n\nc = 3\n"
    assert patched(text, block("a = 1\nb = 2\n  \nc = 3 ", "a = 1\nb = 2\n\nc = 4")) == "a = 1  \nb = 2\t\n\nc = 4\n"
    assert patched(text, block("b = 2", "b = 2\nx")) == "a = 1  \nb = 2\t\nx\n\nc = 3\n"


def test_blanks_that_the_model_writes_in_one_part_and_not_in_the_other() -> None:
    assert patched("a = 1\n\nb = 2\n", block("a = 1 \n  \nb = 2", "a = 1\n\t\nb = 3")) == "a = 1\n\nb = 3\n"


def test_trailing_white_space_can_be_what_is_wrong() -> None:
    assert patched("a = 1  \nb\n", block("a = 1  ", "a = 1")) == "a = 1\nb\n"


@pytest.mark.parametrize("shift", [-8, -4, -2, 4, 7])
def test_the_replacement_moves_as_its_quote_does(shift: int) -> None:
    lines = ["        if value:", "            return os", "        return value"]
    new = ["        if value:", "            if os:", "                return os", "", "        return value"]

    def moved(lines: list[str]) -> tuple[str, ...]:
        return tuple(line and (" " * shift + line if shift > 0 else line[-shift:]) for line in lines)

    assert patched(TEXT, Block(moved(lines), moved(new))) == TEXT.replace("\n".join(lines), "\n".join(new))


def test_a_replacement_keeps_its_own_structure() -> None:
    """Its first line may stand further in or out than that of the quote."""
    text = "def f():\n    try:\n        one()\n    finally:\n        two()\n"
    assert patched(text, block("    one()\nfinally:", "one()\nif x:\n    finally:")) == (
        "def f():\n    try:\n    one()\n    if x:\n        finally:\n        two()\n"
    )


def test_a_replacement_further_left_than_the_shift_allows() -> None:
    text = "if a:\n  b\n"
    outcome = refused(text, block("      b", "c"))
    assert "indented otherwise" in outcome.explanation


@pytest.mark.parametrize(
    ("text", "quote", "new", "result"),
    [
        (
            "\tif a:\n\t\tb\n",
            "    if a:\n        b",
            "    if a:\n        if c:\n            b",
            "\tif a:\n\t\tif c:\n\t\t\tb\n",
        ),
        ("\tif a:\n\t\tb\n", "  if a:\n    b", "  if a:\n    if c:\n      b", "\tif a:\n\t\tif c:\n\t\t\tb\n"),
        ("\tif a:\n\t\tb\n", "if a:\n    b", "if a:\n    if c:\n        b", "\tif a:\n\t\tif c:\n\t\t\tb\n"),
        ("\t\tb\n", "        b", "        if c:\n            b", "\t\tif c:\n\t\t\tb\n"),
        ("\t\tb\n", "b", "if c:\n    b", "\t\tif c:\n\t\t\tb\n"),
        (
            "    if a:\n        b\n",
            "\tif a:\n\t\tb",
            "\tif a:\n\t\tif c:\n\t\t\tb",
            "    if a:\n        if c:\n            b\n",
        ),
        ("if a:\n  if b:\n    c\n", "\t\tc", "\t\tif d:\n\t\t\tc", "if a:\n  if b:\n    if d:\n      c\n"),
        ("    b\n", "b", "if c:\n\tb", "    if c:\n        b\n"),
        ("def f():\n\tg(a,\n\t  b)\n", "    g(a,\n      b)", "    g(a,\n      c)", "def f():\n\tg(a,\n\t  c)\n"),
        ("def f():\n\tpass\nb = 1\n", "  b = 1", "  if c:\n    b = 1", "def f():\n\tpass\nif c:\n\tb = 1\n"),
    ],
)
def test_tabs_and_spaces(text: str, quote: str, new: str, result: str) -> None:
    assert patched(text, block(quote, new)) == result


def test_an_indentation_that_is_off_by_different_amounts_is_another_text() -> None:
    text = "if a:\n    b\nelse:\n    c\n"
    refused(text, block("if a:\nb\nelse:", "x"))
    refused(text, block("if a:\n        b", "x"))


def test_every_line_must_be_quoted_as_it_is() -> None:
    for quote in (
        "    value = 1\n    return values",
        "def first():\n    return value",
        "def first():\n    ...\n    return value",
        "    value  = 1\n    return value",
        "value",
        "def first():\n    value = 1\n\n    return value",
    ):
        assert refused(TEXT, block(quote, "x")).reason == "the answer quotes lines that are not in the file"


def test_a_blank_line_is_any_line_of_white_space() -> None:
    assert patched("a\n  \t\nb\n", block("a\n\nb", "a\n\nc")) == "a\n  \t\nc\n"


def test_several_places() -> None:
    text = "x = 1\ny = 2\n" * 3
    outcome = refused(text, block("y = 2", "y = 3"))
    assert "3 times, at lines 2, 4 and 6" in outcome.explanation
    assert outcome.reason == "the answer quotes lines that stand in the file several times"


def test_the_scope_decides_between_copies() -> None:
    text = "def a():\n    x = 1\n\ndef b():\n    x = 1\n\ndef c():\n    x = 1\n    x = 1\n"
    quote = block("    x = 1", "    x = 2")
    b, c = Span(text.index("def b"), text.index("\n\ndef c")), Span(text.index("def c"), len(text))
    assert patched(text, quote, scope=b) == text.replace("b():\n    x = 1", "b():\n    x = 2")
    assert patched(text, block("x = 1", "x = 2"), scope=b) == text.replace("b():\n    x = 1", "b():\n    x = 2")
    refused(text, quote, scope=c)
    refused(text, quote, scope=None)
    assert patched(text, block("def a():", "def aa():"), scope=b) == text.replace("def a", "def aa")


def test_a_better_fit_outside_the_scope_may_be_meant() -> None:
    text = "import os\n\ndef f():\n    import os\n    return 1\n"
    refused(text, block("import os", "import sys"), scope=Span(text.index("def f"), len(text)))


def test_a_scope_ends_with_its_last_line() -> None:
    text = "a\nb\na\nb\n"
    assert patched(text, block("a", "c"), scope=Span(4, 6)) == "a\nb\nc\nb\n"
    refused(text, block("a", "c"), scope=Span(1, 5))


def test_an_empty_quote_is_for_an_empty_text() -> None:
    assert patched("", Block((), ("a", "b"))) == "a\nb\n"
    assert patched("\ufeff", Block((), ("a",))) == "\ufeffa\n"
    assert patched("\n", Block(("",), ("a",))) == "a\n"
    assert patched("", Block((), ())) == ""
    assert "quotes no line" in refused(TEXT, Block((), ("a",))).explanation
    assert "quotes no line" in refused("a\n\nb\n", Block(("",), ("x",))).explanation


def test_all_blocks_or_none() -> None:
    good = block("def first():", "def renamed():")
    outcome = refused(TEXT, good, block("nowhere = 1", "x"), block("also = nowhere", "y"))
    assert "Block 1" not in outcome.explanation
    assert "block 2" in outcome.explanation
    assert "block 3" in outcome.explanation
    assert outcome.explanation.endswith("Nothing was changed.")


def test_blocks_are_found_in_the_text_as_it_is() -> None:
    assert patched("a\nb\n", block("a", "b"), block("b", "a")) == "b\na\n"
    refused("a\n", block("a", "b"), block("b", "c"))


def test_blocks_may_share_lines_that_they_leave_alone() -> None:
    text = "a\nb\nc\nd\n"
    assert patched(text, block("a\nb\nc", "x\nb\nc"), block("b\nc\nd", "b\nc\ny")) == "x\nb\nc\ny\n"
    assert patched(text, block("a\nb", "a\nb\nx"), block("c\nd", "y\nc\nd")) == "a\nb\nx\ny\nc\nd\n"
    assert patched(text, block("c", "y"), block("a", "x")) == "x\nb\ny\nd\n"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("a\nb", "a\nx"), ("b\nc", "y\nc")),
        (("a\nb", "a\nx\nb"), ("a\nb", "a\ny\nb")),
        (("b", "b\nx"), ("b\nc", "b\ny\nc")),
        (("b\nc", "x"), ("c", "c\ny")),
        (("b", ""), ("b", "x")),
    ],
)
def test_blocks_that_change_the_same_lines(one: tuple[str, str], other: tuple[str, str]) -> None:
    outcome = refused("a\nb\nc\nd\n", block(*one), block(*other))
    assert outcome.reason == "parts of the answer contradict each other"


def test_the_line_end_before_a_last_line_that_goes_belongs_to_its_block() -> None:
    refused("a\nb", Block(("a",), ()), Block(("b",), ()))
    assert patched("a\nb\n", Block(("a",), ()), Block(("b",), ())) == ""


def test_a_block_that_the_model_repeats() -> None:
    assert patched(TEXT, *[block("def first():", "def renamed():")] * 3) == TEXT.replace("first", "renamed")


def test_what_changes_nothing() -> None:
    outcome = patch(TEXT, [block("def first():", "def first():")])
    assert outcome == Patched(TEXT, ())


@pytest.mark.parametrize(
    ("text", "quote", "new", "result"),
    [
        ("a\r\nb\r\nc\r\n", "b", "x\ny", "a\r\nx\r\ny\r\nc\r\n"),
        ("a\rb\rc\r", "b", "x\ny", "a\rx\ry\rc\r"),
        ("a\nb\r\nc\n", "b", "x\ny", "a\nx\r\ny\r\nc\n"),
        ("a\r\nb", "b", "b\nc", "a\r\nb\r\nc"),
        ("a\nb", "a", "x\na", "x\na\nb"),
        ("a", "a", "a\nb", "a\nb"),
        ("a\nb\nc", "b\nc", "x", "a\nx"),
        ("\ufeffa\nb\n", "a", "x", "\ufeffx\nb\n"),
        ("\ufeffa\r\n", "a", "x\na", "\ufeffx\r\na\r\n"),
        ("a\nb\n", "b\n", "b\nc\n", "a\nb\nc\n"),
        ("a\nb\n", "b\n", "c", "a\nc\n"),
        ("a\nb\n", "b\n", "b\n\nc", "a\nb\n\nc\n"),
        ("a\n\x0cb\u2028c\nd\n", "\x0cb\u2028c", "x", "a\nx\nd\n"),
    ],
)
def test_the_file_keeps_how_its_lines_end(text: str, quote: str, new: str, result: str) -> None:
    assert patched(text, block(quote, new)) == result


@pytest.mark.parametrize(
    ("text", "quote", "result"),
    [
        ("a\nb\nc\n", "b", "a\nc\n"),
        ("a\nb\n", "b", "a\n"),
        ("a\nb", "b", "a"),
        ("a\r\nb", "b", "a"),
        ("a\nb\n", "b\n", "a\n"),
        ("a\n", "a", ""),
        ("a", "a", ""),
    ],
)
def test_lines_that_go(text: str, quote: str, result: str) -> None:
    assert patched(text, Block(tuple(quote.split("\n")), ())) == result


def test_a_reading_that_fits_is_taken() -> None:
    text = 'def f():\n    """F\n\n    Title\n    =======\n    """\n'
    (found,) = read_blocks("<<<<<<< SEARCH\n    Title\n    =======\n=======\n    Titles\n    =======\n>>>>>>> REPLACE")
    assert patched(text, found) == text.replace("Title", "Titles")
    heading = "Title\n=======\n\nTitle\n-----\n"
    (found,) = read_blocks("<<<<<<< SEARCH\nTitle\n=======\n=======\nTitles\n=======\n>>>>>>> REPLACE")
    assert patched(heading, found) == heading.replace("Title\n=", "Titles\n=")


def test_readings_that_both_fit_and_differ() -> None:
    (found,) = read_blocks("<<<<<<< SEARCH\nTitle\n=======\n=======\nTitles\n=======\n>>>>>>> REPLACE")
    outcome = refused("Title\n=======\n", found)
    assert "nine characters" in outcome.explanation
    nine = "<<<<<<<<< SEARCH\nTitle\n=======\n=========\nTitles\n=======\n>>>>>>>>> REPLACE"
    assert patched("Title\n=======\n", *read_blocks(nine)) == "Titles\n=======\n"


def test_fences_that_are_the_files_own() -> None:
    answer = "<<<<<<< SEARCH\n```py\na = 1\n```\n=======\n```python\na = 1\n```\n>>>>>>> REPLACE"
    text = "# How\n\n```py\na = 1\n```\n\n    a = 1\n"
    assert patched(text, *read_blocks(answer)) == text.replace("```py\n", "```python\n")


BODY = st.sampled_from(["", "a", "    a", "b", "\tb", "a  ", "if x:", "    return a"])
ENDS = st.sampled_from(["\n", "\n", "\r\n"])


@settings(derandomize=True, max_examples=1000, deadline=None)
@given(st.lists(st.tuples(BODY, ENDS), max_size=9), st.booleans(), st.data())
def test_any_text_and_any_quote(rows: list[tuple[str, str]], closed: bool, data: st.DataObject) -> None:
    """A quote taken from the text is applied where it stands or nowhere, and no other line changes, nor its end."""
    text = "".join(body + end for body, end in rows)
    if not closed:
        text = text[: -len(rows[-1][1])] if rows else text
    rows_of = read_lines(text)
    count = len(split_lines(text))
    first = data.draw(st.integers(0, count))
    last = data.draw(st.integers(first, count))
    quote, new = tuple(rows_of.bodies[first:last]), tuple(data.draw(st.lists(BODY, max_size=4)))
    outcome = patch(text, [Block(quote, new)])
    if isinstance(outcome, Unmatched) or not any(line.strip() for line in quote):
        return
    after = read_lines(outcome.text)
    assert apply(text, outcome.edits) == outcome.text
    assert after.bodies == ([*rows_of.bodies[:first], *new, *rows_of.bodies[last:]] or [""])
    left = len(rows_of) - last
    assert not left or after.ends[-left:] == rows_of.ends[last:]
    assert after.ends[: first - 1] == rows_of.ends[: first - 1] or not first
