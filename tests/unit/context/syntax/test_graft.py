"""A completion in its place: what fits, what is cut where, and what is dropped. `|` is the cursor."""

from __future__ import annotations

import pytest
import tree_sitter
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.context.syntax.graft import MAX_PARSES, SHORT, Graft, graft
from understudy.context.syntax.grammar import Grammar, grammar_for
from understudy.context.syntax.parsed import Parsed, SyntaxStore
from understudy.context.syntax.source import Source
from understudy.core.text import Document

GO = "package m\n\nfunc f() {\n\t"


def parse(marked: str, language: str) -> tuple[Parsed, int]:
    assert marked.count("|") == 1
    parsed = SyntaxStore().parse(Document("untitled:1", 1, language, marked.replace("|", "")))
    assert parsed is not None
    return parsed, marked.index("|")


FITS = [
    ("python", "x = |\ny = 2\n", "foo(a)"),
    ("python", "x = f(|)\n", "a, b"),
    ("python", "x = f(|\n\ny = 2\n", '"abc")'),
    ("python", "def f(|\n\ny = 2\n", "a, b):"),
    ("python", "def f(|\n\ny = 2\n", "a, b):\n    return a"),
    ("python", "class A:\n    def f(self):\n        |\n\n    def g(self):\n        pass\n", "return 1"),
    ("python", "try:\n    |\n\ny = 2\n", "foo()"),
    ("python", "x = [y for y |\n", "in z]"),
    ("python", "é = |\n", "'😀'"),
    ("python", "# a co|\n", "mment ("),
    ("python", "x = 'it|'\n", " is (so"),
    ("python", 'def f():\n    """|\n', 'Sum.\n    """\n    return 1'),
    # The user has left something open, which the insertion need not close.
    ("python", "f(|\ny = 2\n", "a, b"),
    ("python", "f(\n    a,\n    |\n\ny = 2\ndef g():\n    pass\n", "b,"),
    ("python", "def f(\n    a,\n    |\n\ny = 2\n", "b,"),
    ("python", "for x |\n\ny = 2\n", "in y"),
    ("python", "x = 'abc|\n\ny = 2\n", " def"),
    ("python", "for |\n\ny = 2\n", "x"),
    ("python", "from |\n\ny = 2\n", "os"),
    ("javascript", "foo(function() {\n  |\n", "bar();"),
    ("javascript", "function f(a) {\n  foo(|\n}\n", "x, y"),
    # A block that the last line opens will be filled next.
    ("python", "if |\n", "x:"),
    ("python", "def f():\n    |\n\n    y = 2\n", "if x:"),
    ("javascript", "function f() {\n  |\n}\n", "if (x) {"),
    ("go", GO + "|\n}\n", "if err != nil {"),
    ("ruby", "def f\n  |\nend\n", "x.each do |y|"),
    ("lua", "function f()\n  |\nend\n", "if x then"),
    ("bash", "f() {\n  |\n}\n", "for x in a b; do"),
    # A terminator is typed last.
    ("rust", "fn f() {\n    |\n    y();\n}\n", "let x = g(1)"),
    ("java", "class A { void f() {\n    |\n    y();\n} }\n", "int x = g(1)"),
    ("rust", "fn f() {\n    |\n}\n", "for x in y {\n        g(x);\n    }"),
    ("go", GO + "|\n}\n", "if err != nil {\n\t\treturn err\n\t}"),
    # An error elsewhere is not the insertion's.
    ("python", "def g(:\n    pass\n\nx = |\n", "foo(a)"),
    ("python", "x = |\n\ndef g(:\n    pass\n", "foo(a)"),
]


@pytest.mark.parametrize(("language", "marked", "insertion"), FITS)
def test_fits(language: str, marked: str, insertion: str) -> None:
    parsed, offset = parse(marked, language)
    assert parsed.graft(offset, insertion) == Graft(0, len(insertion))


CUT = [
    ("python", "def f():\n    |\n\n", "x = a + 1\n    y = = 2\n", "x = a + 1"),
    ("python", "def f():\n    |\n\n", "x = 1\n    return (a\n    b = [", "x = 1"),
    ("python", "def f():\n    |\n", "x = 1; y = (", "x = 1"),
    ("python", "def f():\n    |\n", "x = 1\n    y = 2\n    z = )\n    w = 3\n", "x = 1\n    y = 2"),
    ("python", "é = |\n", "'ü'\nf(\n", "'ü'"),
    ("python", "f(|\n", "a)\nbar(\n", "a)"),
    ("python", "def f(|\n", "a)\n    )(", "a)"),
    ("python", "f(|\n", "a)\nb = 1\nc = = 2\nd = 3\n", "a)\nb = 1"),
    ("javascript", "function f() {\n  |\n}\n", "return x;\n}", "return x;"),
    ("javascript", "function f() {\n  |\n}\n", "if (x) {\n    g();", "if (x) {"),
    ("go", GO + "|\n}\n", "x := 1\n\ty := )", "x := 1"),
    ("rust", "fn f() {\n    |\n}\n", "let x = 1;\n    let = ;", "let x = 1;"),
    ("go", GO + "x := |\n}\n", "g(1, 2))", "g(1, 2)"),
]


@pytest.mark.parametrize(("language", "marked", "insertion", "kept"), CUT)
def test_is_cut(language: str, marked: str, insertion: str, kept: str) -> None:
    parsed, offset = parse(marked, language)
    found = parsed.graft(offset, insertion)
    assert found.new_errors > 0
    assert insertion[: found.cut] == kept


DROPPED = [
    ("python", "x = |", "foo("),
    ("python", "x = |\ny = 2\n", "= = 3"),
    ("python", "x = |\ny = 2\n", ")) foo ((bar"),
    ("python", "f(|\ny = 2\n", "= = b"),
    ("python", "def f():\n    |\n", "return (a"),
    ("python", "x = f(|\n\ny = 2\n", '"abc'),
    ("python", "def f(|\n", "self, value:"),
    ("python", "for x |\n\ny = 2\n", "in f("),
    ("javascript", "const x = |\n", "foo("),
    ("javascript", "const x = |;\n", "[1, 2"),
]


def test_a_long_insertion_is_not_cut_to_its_first_lines_only() -> None:
    """The error reaches back before the cursor, so that it does not say which line is at fault."""
    parsed, offset = parse("x = [|\n\ny = 2\n", "python")
    found = parsed.graft(offset, "1,\n" * 6 + "= =\n" + "k\n" * 3)
    assert found.new_errors > 0
    assert found.cut >= len("1,\n1,\n1,")


@pytest.mark.parametrize(("language", "marked", "insertion"), DROPPED)
def test_is_dropped(language: str, marked: str, insertion: str) -> None:
    parsed, offset = parse(marked, language)
    found = parsed.graft(offset, insertion)
    assert found.new_errors > 0
    assert found.cut == 0


WHOLE = '''import os


class A:
    """Doc."""

    def f(self, a, b=(1, 2)):
        for x in self.g(a, [b]):
            if x and not (a or b):
                y = {"k": x, **b}
        return f"{a} b"


@cache
def main(argv):
    with open(argv[0]) as file:
        print(file.read(), end="")
'''


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_what_was_there_always_fits(data: st.DataObject) -> None:
    """The rest of a line, taken out of code that parses and put back, is never refused."""
    offset = data.draw(st.integers(0, len(WHOLE) - 1))
    end = WHOLE.index("\n", offset)
    rest = WHOLE[offset:end]
    parsed = SyntaxStore().parse(Document("untitled:1", 1, "python", WHOLE[:offset] + WHOLE[end:]))
    assert parsed is not None
    assert parsed.graft(offset, rest) == Graft(0, len(rest))


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_what_is_kept_fits_by_itself(data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(WHOLE)))
    text = st.lists(
        st.sampled_from(["x", " = ", "(", ")", "\n    ", "f(a)", "if x:", "return", "'", " é ", "["]), max_size=8
    )
    insertion = "".join(data.draw(text))
    parsed = SyntaxStore().parse(Document("untitled:1", 1, "python", WHOLE))
    assert parsed is not None
    found = parsed.graft(offset, insertion)
    assert 0 <= found.cut <= len(insertion)
    assert (found.new_errors == 0) == (found.cut == len(insertion)) or not insertion
    kept = insertion[: found.cut]
    assert parsed.graft(offset, kept).new_errors == 0
    assert parsed.source.text == WHOLE, "nothing is kept of a trial"


class CountingGrammar(Grammar):
    """A grammar that counts its parses."""

    parses: list[int]

    def parse(self, data: bytes, old: tree_sitter.Tree | None = None, within: float | None = None) -> tree_sitter.Tree:
        self.parses.append(len(data))
        return super().parse(data, old, within)


@pytest.mark.parametrize(
    "insertion",
    ["\n    ".join(["x = ("] * 200), "\n    ".join(["x = = 1"] * 200), "x = 1\n" * 200 + ")", "= = 1\n" * 9],
)
def test_parses_are_few(insertion: str) -> None:
    python = grammar_for("python")
    assert python is not None
    grammar = CountingGrammar(python.language, python.binding)
    object.__setattr__(grammar, "parses", [])
    source = Source.parse(grammar, "def f():\n    g(\n")
    grammar.parses.clear()
    assert graft(source, 15, insertion).new_errors > 0
    assert 0 < len(grammar.parses) <= MAX_PARSES + 5


LONG = {
    "python": "def f(a):\n    return a\n\n\n",
    "javascript": "function f(a) {\n  return a;\n}\n\n",
    "typescript": "function f(a: number) {\n  return a;\n}\n\n",
    "go": "func f(a int) int {\n\treturn a\n}\n\n",
    "rust": "fn f(a: i32) -> i32 {\n    a\n}\n\n",
    "java": "class A {\n  int f() { return 1; }\n}\n\n",
    "c": "int f(int a) {\n  return a;\n}\n\n",
    "ruby": "def f(a)\n  a\nend\n\n",
    "lua": "function f(a)\n  return a\nend\n\n",
    "bash": "f() {\n  echo a\n}\n\n",
}


@pytest.mark.parametrize("language", sorted(LONG))
@pytest.mark.parametrize("ending", ["", "\n", "    ", "\n\n\n\t"])
def test_behind_the_last_line_of_a_long_text(language: str, ending: str) -> None:
    """No top-level node reaches the cursor there, which ended the whole process with py-tree-sitter 0.26."""
    parsed, offset = parse(LONG[language] * 500 + ending + "|", language)
    assert offset > SHORT
    assert parsed.graft(offset, "x").cut in (0, 1)
