"""Where a stream ends: after a logical line, or after a block. `|` marks the end in the stream."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.context.syntax.brackets import closers, unclosed
from understudy.context.syntax.stops import MAX_CONTINUED_LINES, block_stop, line_stop


def split(marked: str) -> tuple[str, int | None]:
    return marked.replace("|", ""), marked.index("|") if "|" in marked else None


LINES = [
    ("x = ", "1|\ny = 2\n", "python"),
    ("x = ", "1", "python"),
    ("x = ", "|\ny", "python"),
    ("x = f(", "a,\n      b)|\ny = 2\n", "python"),
    ("x = f(", "a,\n      b", "python"),
    ("x = ", "[\n    1,\n]|\ny\n", "python"),
    ("x = ", "a + \\\n    b|\n", "python"),
    ("x = ", "'('|\n", "python"),
    ("x = ", "1  # (|\n", "python"),
    ("x = f(", ")|\n", "python"),
    ("x = ", '"""a\n(\n"""|\ny\n', "python"),
    ("const f = ", "() => {\n  return 1;\n};|\n", "javascript"),
    ("x = ", "1|\r\ny", "python"),
    ("", "a // (|\nb\n", "javascript"),
]


@pytest.mark.parametrize(("before", "marked", "language"), LINES)
def test_line_stop(before: str, marked: str, language: str) -> None:
    insertion, end = split(marked)
    assert line_stop(before, insertion, language) == end


def test_a_bracket_that_is_never_closed_ends_all_the_same() -> None:
    insertion = "f(\n" + "    a,\n" * 100
    end = line_stop("x = ", insertion, "python")
    assert end is not None
    assert insertion[:end].count("\n") == MAX_CONTINUED_LINES - 1


BLOCKS = [
    ("    ", "x = 1\n    return x|\n\ndef g():\n", "python"),
    ("    ", "x = 1\n    return x|\n\n\n", "python"),
    ("    ", "x = 1\n\n    return x\n", "python"),
    ("    ", "x = 1|\ny = 2\n", "python"),
    ("    ", "if x:\n        y\n    z|\nw", "python"),
    ("    ", "f(\n  a,\n)\n    return|\n\n\n", "python"),
    ("    ", 'x = """\nleft\n"""\n    return|\n\n\n', "python"),
    ("    ", "x = 1\n  ", "python"),
    ("    ", "x = 1|\n  y", "python"),
    ("", "\n    return 1|\n\ny = 2\n", "python"),
    ("", "    x = 1\n    return x|\ny = 2\n", "python"),
    ("", "def f():\n    return 1|\n\ndef g():\n", "python"),
    ("", "x = 1\ny = 2|\n\nz = 3\n", "python"),
    ("  ", "return x;|\n}\n", "javascript"),
    ("  ", "return x; |}\n", "javascript"),
    ("  ", "if (x) {\n    y();\n  }\n  return x;|\n}\n", "javascript"),
    ("  ", "f(() => {\n    y();\n  });\n  return x;|\n}\n", "javascript"),
    ("  ", "f([\n  1,\n], 2);|\n}", "javascript"),
    ("", "\n  return x;|\n}\n", "javascript"),
    ("\t", "x := 1\n\treturn x|\n}\n", "go"),
    ("  ", "x = 1\n  y|\nend\n", "ruby"),
    ("  ", "|})\n", "javascript"),
]


@pytest.mark.parametrize(("indent", "marked", "language"), BLOCKS)
def test_block_stop(indent: str, marked: str, language: str) -> None:
    insertion, end = split(marked)
    if end is not None and insertion[:end] != insertion[:end].rstrip():
        end = len(insertion[:end].rstrip())
    assert block_stop(indent, insertion, language) == end


def test_a_docstring_is_passed_over() -> None:
    rest = 'Sum.\n\n\n    Left.\n    """\n    return 1'
    assert block_stop("    ", rest, "python", '"""') is None
    assert block_stop("    ", rest + "\n\n\n", "python", '"""') == len(rest)
    assert block_stop("    ", "Sum.\n\n\nLeft", "python", '"""') is None


@given(st.text(alphabet="ab (){}[]\n:'\"#", max_size=80), st.sampled_from(["", "    "]), st.data())
def test_a_stop_once_found_stays(text: str, indent: str, data: st.DataObject) -> None:
    """A stream is asked at every chunk: what was an end stays the end when more comes, save for a quote left open."""
    text = text.replace("'", "").replace('"', "")
    cut = data.draw(st.integers(0, len(text)))
    for stop in (lambda it: line_stop("x = ", it, "python"), lambda it: block_stop(indent, it, "python")):
        early, late = stop(text[:cut]), stop(text)
        assert early is None or early == late
        assert late is None or 0 <= late <= len(text)


@pytest.mark.parametrize(
    ("text", "language", "brackets"),
    [
        ("f(a[", "python", "(["),
        ("f(')'", "python", "("),
        ("f(  # )", "python", "("),
        ("f( // )", "javascript", "("),
        ("f( /* ) */ {", "javascript", "({"),
        ("f(`)`", "javascript", "("),
        ("it's (", "", "("),
        ("echo ${#x} (", "bash", "("),
    ],
)
def test_unclosed(text: str, language: str, brackets: str) -> None:
    assert unclosed(text, language) == brackets


@given(st.text(alphabet="()[]{}ab ", max_size=40))
def test_closers_close(text: str) -> None:
    assert unclosed(text + closers(unclosed(text))) == ""
