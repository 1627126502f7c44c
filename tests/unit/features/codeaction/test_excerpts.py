"""What is shown of a file: all of a short one, and of a long one what belongs to the part in question."""

from __future__ import annotations

from understudy.context.syntax.parsed import Parsed, SyntaxStore
from understudy.core.text import Document, Span
from understudy.editing.words import Excerpt
from understudy.features.codeaction.excerpts import Lines, Part, excerpts

BODY = "".join(f"        value_{number} = compute(value_{number - 1})\n" for number in range(1, 120))
FILLER = "".join(f"def filler_{number}():\n    return {number}\n\n\n" for number in range(100))
FILE = f"""import json
import os

{FILLER}class Reader:
    def first(self):
        return os.sep

    def long(self):
        value_0 = 0
{BODY}        return value_119

    def last(self):
        return 2


{FILLER}"""


def parsed(text: str) -> Parsed | None:
    return SyntaxStore().parse(Document("file:///reader.py", 1, "python", text))


def span_of(text: str, part: str) -> Span:
    start = text.index(part)
    return Span(start, start + len(part))


def shown(text: str, part: Part, limit: int, tree: Parsed | None = None) -> tuple[Excerpt, ...]:
    return excerpts(Lines.of(text), tree or parsed(text), part, limit)


def test_a_short_file_is_shown_whole() -> None:
    text = "import os\n\n\nprint(os.sep)\n"
    assert shown(text, Part(span_of(text, "print")), 100) == (Excerpt(0, text.removesuffix("\n")),)


def test_of_a_long_one_the_part_its_scopes_header_and_the_imports_are_shown() -> None:
    part = Part(span_of(FILE, "    def last(self):\n        return 2"))
    found = shown(FILE, part, 120)
    whole = "\n".join(it.text for it in found)
    assert found[0].text.startswith("import json\nimport os")
    assert "class Reader:" in whole
    assert "    def last(self):\n        return 2" in whole
    assert sum(Lines.of(it.text).cost(range(it.text.count("\n") + 1)) for it in found) <= 120 + 6


def test_excerpts_are_lines_of_the_file_at_their_rows() -> None:
    rows = FILE.split("\n")
    for limit in (60, 120, 400, 2000):
        for it in shown(FILE, Part(span_of(FILE, "value_60 = compute(value_59)")), limit):
            lines = it.text.split("\n")
            assert lines == rows[it.row : it.row + len(lines)]


def test_a_part_that_is_too_long_is_shown_around_the_problem() -> None:
    target = span_of(FILE, "value_60 = compute(value_59)")
    long = span_of(FILE, f"    def long(self):\n        value_0 = 0\n{BODY}")
    found = shown(FILE, Part(long, target), 300)
    whole = "\n".join(it.text for it in found)
    assert "value_60 = compute" in whole
    assert "    def long(self):" in whole  # the header of what is not shown whole
    assert "value_1 = " not in whole
    assert "value_118 = " not in whole


def test_what_is_to_be_changed_is_shown_whole_whatever_it_takes() -> None:
    long = span_of(FILE, f"    def long(self):\n        value_0 = 0\n{BODY}")
    whole = "\n".join(it.text for it in shown(FILE, Part(long), 300))
    assert BODY.rstrip("\n") in whole


def test_a_file_without_imports_shows_where_one_would_go() -> None:
    text = '"""About."""\n\n' + FILLER
    found = shown(text, Part(span_of(text, "def filler_50")), 60)
    assert found[0].text.startswith('"""About."""')


def test_without_a_tree_the_neighbours_are_shown() -> None:
    found = excerpts(Lines.of(FILE), None, Part(span_of(FILE, "        return 2")), 80)
    assert "def last(self):" in found[-1].text


def test_line_ends_are_left_out_and_lines_are_counted_as_editors_do() -> None:
    text = "a = 1\r\nb = 2\rc = 3\n"
    lines = Lines.of(text)
    assert lines.shown == ("a = 1", "b = 2", "c = 3")
    assert lines.rows(span_of(text, "c = 3")) == range(2, 3)
    assert lines.rows(Span(len(text), len(text))) == range(2, 3)


def test_secrets_are_masked_and_the_rows_stay() -> None:
    key = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    lines = Lines.of(f"x = 1\ntoken = '{key}'\ny = 2\n")
    assert key not in "\n".join(lines.shown)
    assert lines.shown[2] == "y = 2"


def test_an_empty_file_has_no_excerpt() -> None:
    assert shown("", Part(Span(0, 0)), 100) == ()
