"""What a model is told of a block that was not applied."""

from __future__ import annotations

import pytest

from understudy.editing.block import Block, Unmatched
from understudy.editing.patch import patch

TEXT = """\
import os


def area(width, height):
    if width < 0:
        raise ValueError("width")
    return width * height


def path_of(name):
    return os.path.join("/", name)
"""


def explained(quote: str, new: str = "x", text: str = TEXT) -> str:
    outcome = patch(text, [Block(tuple(quote.split("\n")), tuple(new.split("\n")))])
    assert isinstance(outcome, Unmatched)
    return outcome.explanation


def test_the_closest_lines_stand_there_whole_with_their_numbers() -> None:
    assert explained('    if width < 0:\n        raise TypeError("width")\n    return width * height') == (
        "The lines that the block quotes are not in the file. The closest are lines 5 to 7:\n"
        '    if width < 0:\n        raise ValueError("width")\n    return width * height\n'
        "The first that differs is line 6.\n"
        "Nothing was changed."
    )


def test_the_closest_line_where_none_is_the_same() -> None:
    assert explained('    return os.path.joined("/", name)') == (
        "The lines that the block quotes are not in the file. The closest is line 11:\n"
        '    return os.path.join("/", name)\n'
        "Nothing was changed."
    )


def test_nothing_is_close() -> None:
    assert explained("SELECT everything FROM somewhere") == (
        "The lines that the block quotes are not in the file.\nNothing was changed."
    )


@pytest.mark.parametrize("dots", ["...", "    # ...", "// ...", "…", "/* ... */"])
def test_dots_for_lines(dots: str) -> None:
    assert 'Write out every line: "..." stands for none.' in explained(
        f"def area(width, height):\n{dots}\n    return 1"
    )


def test_what_already_stands_there() -> None:
    told = explained("    return width + height", "    return width * height")
    assert "Its replacement already stands there, from line 7 on." in told


def test_a_line_left_out() -> None:
    told = explained("def area(width, height):\n    return width * height")
    assert "The closest are lines 4 to 5:\ndef area(width, height):\n    if width < 0:\n" in told
    assert "The first that differs is line 5." in told


def test_a_long_quote_is_shown_around_its_first_difference() -> None:
    lines = [f"line {number}" for number in range(1, 201)]
    quote = [*lines[:150], "line hundred and fifty-one", *lines[151:]]
    told = explained("\n".join(quote), text="\n".join(lines))
    assert "The closest are lines 139 to 162:\nline 139\n" in told
    assert "The first that differs is line 151." in told
    assert "line 162\n" in told
    assert "line 163" not in told


def test_two_places_and_very_many() -> None:
    assert "2 times, at lines 1 and 3: quote the lines above or below as well" in explained("a", text="a\nb\na\n")
    assert "30 times, at lines 1, 2, 3, 4, 5, 6, 7, 8 and 22 others" in explained("a", text="a\n" * 30)


def test_a_copy_at_another_indentation_is_counted() -> None:
    assert "2 times, at lines 1 and 3" in explained("import os", text="import os\nif a:\n    import os\n")


def test_a_file_of_fifty_thousand_lines() -> None:
    """Where each line were compared letter by letter, or each likeness counted, the test would never end."""
    text = "".join(f"    value_{number % 977} = compute(argument_{number % 31}, other)\n" for number in range(50_000))
    assert "The closest is line 1:" in explained("    value_0 = computed(argument_0, other)", text=text)
    assert "The closest" not in explained("    something_else_entirely()", text=text)
    assert "The closest are lines 1 to 2:" in explained("    value_0 = compute(argument_0, other)\n    x", text=text)
    long = "\n".join(f"    value_{number} = compute(argument_{number}, other)" for number in range(0, 2000, 3))
    assert "The closest are lines" in explained(long, text=text)
