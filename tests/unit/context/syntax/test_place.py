"""What is at a cursor, and whether a line or a block is wanted there. `|` is the cursor."""

from __future__ import annotations

import pytest

from understudy.context.syntax.parsed import Parsed, Place, SyntaxStore, text_place, text_shape
from understudy.core.text import Document


def at(marked: str, language: str = "python") -> tuple[Parsed, int]:
    assert marked.count("|") == 1
    document = Document("untitled:1", 1, language, marked.replace("|", ""))
    parsed = SyntaxStore().parse(document)
    assert parsed is not None
    return parsed, marked.index("|")


def place(marked: str, language: str = "python") -> Place:
    parsed, offset = at(marked, language)
    return parsed.place(offset)


KINDS = [
    ("python", "x = 1|", "code"),
    ("python", "# no|te\n", "comment"),
    ("python", "# note|\nx = 1\n", "comment"),
    ("python", "# note\n|x = 1\n", "code"),
    ("python", "x = 'te|xt'\n", "string"),
    ("python", "x = |'text'\n", "code"),
    ("python", "x = 'text'|\n", "code"),
    ("python", "x = f'a {b|} c'\n", "code"),
    ("python", "x = f'a {b} c|'\n", "string"),
    ("python", 'x = """a\n  b|\n"""\n', "string"),
    ("python", "x = 'te|\ny = 2\n", "string"),
    ("python", "x = f(  # no|te\n", "comment"),
    ("python", "x = f(  # it's\n|", "code"),
    ("python", 'def f():\n    """|', "string"),
    ("python", "é = '😀|'\n", "string"),
    ("javascript", "x = `a ${b|} c`;\n", "code"),
    ("javascript", "x = `a ${b} c|`;\n", "string"),
    ("javascript", "/* a */| x\n", "code"),
    ("javascript", "/* a |*/ x\n", "comment"),
    ("javascript", "// a|", "comment"),
    ("go", 'package m\n\nvar x = "a|"\n', "string"),
    ("rust", "fn f<'a>(x: &'a str) {|}\n", "code"),
    ("rust", "// a|\nfn f() {}\n", "comment"),
    ("csharp", 'class A { string x = $"a {b|} c"; }\n', "code"),
]


@pytest.mark.parametrize(("language", "marked", "kind"), KINDS)
def test_kind(language: str, marked: str, kind: str) -> None:
    assert place(marked, language).kind == kind


SCOPES = [
    ("python", "class A:\n    def f(self):\n        x = 1\n        |\n", ("A", "f")),
    ("python", "class A:\n    def f(self):\n        x = 1\n    |\n", ("A",)),
    ("python", "class A:\n    def f(self):\n        x = 1\n\n|\n", ()),
    ("python", "class A:\n    def f(self):\n        x = 1|\n", ("A", "f")),
    ("python", "class A:\n    def f(self):\n        |\n\n    def g(self):\n        pass\n", ("A", "f")),
    ("python", "def é():\n    if x:\n        |\n", ("é",)),
    ("javascript", "class A {\n  f() {\n    |\n  }\n}\n", ("A", "f")),
    ("javascript", "class A {\n  f() {\n  }\n  |\n}\n", ("A",)),
    ("javascript", "const f = () => {\n  |\n};\n", ("f",)),
    ("go", "package m\n\nfunc (a *A) F() {\n\t|\n}\n", ("F",)),
    ("rust", "impl A {\n    fn f() {\n        |\n    }\n}\n", ("A", "f")),
    ("ruby", "class A\n  def f\n    x\n    |\n  end\nend\n", ("A", "f")),
]


@pytest.mark.parametrize(("language", "marked", "scopes"), SCOPES)
def test_scopes(language: str, marked: str, scopes: tuple[str, ...]) -> None:
    assert place(marked, language).scopes == scopes


EMPTY = [
    ("python", "def f():\n    |\n", True),
    ("python", "def f():|\n", True),
    ("python", "def f():\n|", True),
    ("python", "def f():  # why\n    |\n\nx = 1\n", True),
    ("python", "def f(\n    a,\n):\n    |\n", True),
    ("python", "if x:\n    |\nelse:\n    pass\n", True),
    ("python", "def f():\n    |\n    return 1\n", False),
    ("python", "def f():\n    x = 1\n    |\n", False),
    ("python", "def f():\n    pass\n\n|\n", False),
    ("python", "x = {\n    'a':|\n}\n", False),
    ("python", "x = lambda:|\n", False),
    ("python", "# def f():\n|\n", False),
    ("javascript", "function f() {|}\n", True),
    ("javascript", "function f() {\n  |\n}\n", True),
    ("javascript", "function f() {\n  |\n", True),
    ("javascript", "if (x) {\n  |\n}\n", True),
    ("javascript", "f(() => {\n  |\n});\n", True),
    ("javascript", "x = {|};\n", False),
    ("javascript", "return {|};\n", False),
    ("javascript", "function f() {\n  a();\n  |\n}\n", False),
    ("go", "package m\n\nfunc f() {\n\t|\n}\n", True),
    ("rust", "impl A {\n    |\n}\n", True),
    ("ruby", "def f\n  |\nend\n", True),
    ("ruby", "x.each do |y\n  z\nend\n", False),
    ("lua", "if x then\n  |\nend\n", True),
    ("bash", "if x; then\n  |\nfi\n", True),
    ("bash", "if_then\n|\n", False),
]


@pytest.mark.parametrize(("language", "marked", "empty"), EMPTY)
def test_in_empty_block(language: str, marked: str, empty: bool) -> None:
    assert place(marked, language).in_empty_block is empty


SHAPES = [
    # The rows of the table in `context.syntax.place.shape`, in its order.
    ("python", "x = |1 + y\n", "line"),
    ("python", "    |return 1\n", "line"),
    ("python", 'def f():\n    """|\n', "block"),
    ("python", 'def f():\n    """|"""\n', "block"),
    ("python", 'x = 1\n"""|"""\n', "line"),
    ("python", "def f():\n    x = '|'\n", "line"),
    ("python", "def f():\n    # |\n", "line"),
    ("python", "f(\n    |\n)\n", "line"),
    ("python", "f(\n    a,\n    |\n\ny = 1\n", "line"),
    ("python", "x = [|]\n", "line"),
    ("python", "def f():|\n", "block"),
    ("javascript", "function f() {|}\n", "block"),
    ("javascript", "f(() => {|});\n", "block"),
    ("python", "x = |\n", "line"),
    ("python", "def f(|\n", "line"),
    ("python", "def f(|):\n    pass\n", "line"),
    ("python", "def f(\n|\n", "line"),
    ("python", "f(|)\n", "line"),
    ("go", "package m\n\nfunc f() {\n\tx := |\n}\n", "line"),
    ("python", "def f():\n    |\n", "block"),
    ("python", "def f():\n    x = 1\n    |\n", "block"),
    ("python", "|", "block"),
    ("python", "x = 1\n|\n", "block"),
    ("javascript", "function f() {\n  |\n}\n", "block"),
    ("rust", "fn f() {\n    let x = 1;\n    |\n}\n", "block"),
    ("ruby", "def f\n  |\nend\n", "block"),
]


@pytest.mark.parametrize(("language", "marked", "shape"), SHAPES)
def test_shape(language: str, marked: str, shape: str) -> None:
    parsed, offset = at(marked, language)
    assert parsed.shape(offset) == shape


BRACKETS = [
    ("python", "f(a, |)\n", "("),
    ("python", "f(a, [|\n", "["),
    ("python", "f(a)[b]|\n", None),
    ("python", "f(a, ')', |\n", "("),
    ("python", "f(\n    a,  # )\n    |\n", "("),
    ("python", "x = f(a)\n|\n", None),
    ("javascript", "f({a: |})\n", "{"),
]


@pytest.mark.parametrize(("language", "marked", "bracket"), BRACKETS)
def test_open_bracket(language: str, marked: str, bracket: str | None) -> None:
    assert place(marked, language).open_bracket == bracket


def test_line_tail_closers() -> None:
    assert place("f(|)  \n").line_tail_closers == ")  "
    assert place("f(|a)\n").line_tail_closers == ""
    assert place("f(a)|").line_tail_closers == ""


def test_statement_start() -> None:
    assert place("def f():\n    |\n").at_statement_start
    assert not place("def f():\n    x|\n").at_statement_start
    assert not place('x = """\n    |\n"""\n').at_statement_start


@pytest.mark.parametrize(
    ("marked", "kind", "shape"),
    [
        ("MOVE 1 TO |", "code", "line"),
        ("MOVE 1 TO X\n|\n", "code", "block"),
        ('DISPLAY "A|"\n', "string", "line"),
        ("# note|", "comment", "line"),
        ("CALL F(|)", "code", "line"),
    ],
)
def test_without_a_grammar_the_lines_are_read(marked: str, kind: str, shape: str) -> None:
    document = Document("untitled:1", 1, "cobol", marked.replace("|", ""))
    assert text_place(document, marked.index("|")).kind == kind
    assert text_shape(document, marked.index("|")) == shape


@pytest.mark.parametrize("text", ["", "\n", "def f(\n", "é(\r\n\r\n)", "\ud800'", "{" * 300, "'" * 99, "if " * 200])
def test_no_text_is_too_broken(text: str) -> None:
    for language in ("python", "javascript", "ruby", "go"):
        parsed = SyntaxStore().parse(Document("untitled:1", 1, language, text))
        assert parsed is not None
        for offset in range(0, len(text) + 1, 7):
            parsed.place(offset)
            assert parsed.shape(offset) in ("line", "block")
