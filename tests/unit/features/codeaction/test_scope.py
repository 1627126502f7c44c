"""The definition around a place, in every language: a cursor `$0`, and the rows that belong to what is around it."""

import pytest

from understudy.context.syntax.languages import LANGUAGES
from understudy.context.workspace import Workspace
from understudy.core.text import Document, Span
from understudy.features.codeaction.problem import rows_of
from understudy.features.codeaction.scope import around, enclosing, stretch, with_blanks

# A method (where there are none, a function) with all that may belong to it, between other things.
METHODS = {
    "python": "import os\n\n\nclass A:\n    x = 1\n\n"
    "    # Said.\n    @deco(1,\n          2)\n    def f(self):\n        re$0turn 1\n",
    "javascript": "class A {\n  x = 1;\n\n  /** Said. */\n  f() {\n    re$0turn 1;\n  }\n}\n",
    "typescript": "@C({\n  a: 1,\n})\nexport class A {\n  x = 1;\n\n"
    "  /** Said. */\n  @I()\n  f(): number {\n    re$0turn 1;\n  }\n}\n",
    "tsx": "class A {\n  x = 1;\n\n  /** Said. */\n  f() {\n    return <p>$0</p>;\n  }\n}\n",
    "go": "package p\n\n// F is said.\nfunc (a *A) F() int {\n\tre$0turn 1\n}\n",
    "rust": "impl A {\n    const X: u8 = 1;\n\n    /// Said.\n    #[inline]\n"
    "    fn f(&self) -> u8 {\n        1$0\n    }\n}\n",
    "java": "class A {\n  int x;\n\n  /** Said. */\n  @Override\n  public int f() {\n    re$0turn 1;\n  }\n}\n",
    "c": "int x;\n\n/* Said. */\nstatic int f(void)\n{\n  re$0turn 1;\n}\n",
    "cpp": "namespace n {\n\n// Said.\ntemplate <class T>\nT f(T x) {\n  re$0turn x;\n}\n\n}\n",
    "csharp": "class A\n{\n  int x;\n\n  /// Said.\n  [Pure]\n  public int F()\n  {\n    re$0turn 1;\n  }\n}\n",
    "ruby": "class A\n  X = 1\n\n  # Said.\n  def f\n    1$0\n  end\nend\n",
    "php": "<?php\nclass A {\n  public $x;\n\n  /** Said. */\n"
    "  #[Pure]\n  public function f() {\n    re$0turn 1;\n  }\n}\n",
    "bash": "x=1\n\n# Said.\nf() {\n  echo$0 1\n}\n",
    "lua": "local x = 1\n\n--- Said.\nfunction A.f()\n  return$0 1\nend\n",
    "kotlin": "class A {\n  val x = 1\n\n  /** Said. */\n  @Pure\n  fun f(): Int {\n    return$0 1\n  }\n}\n",
    "swift": "class A {\n  let x = 1\n\n  /// Said.\n  @discardableResult\n"
    "  func f() -> Int {\n    return$0 1\n  }\n}\n",
}
assert set(METHODS) == {language.name for language in LANGUAGES}


def place(language: str, marked: str) -> tuple[str, Span | None]:
    start = marked.index("$0" if "$0" in marked else "$<")
    text = marked.replace("$0", "").replace("$<", "")
    end = text.index("$>") if "$>" in text else start
    text = text.replace("$>", "")
    parsed = Workspace().parse(Document("file:///a", 1, language, text))
    assert parsed is not None
    return text, enclosing(parsed, Span(start, end))


def rows(language: str, marked: str) -> tuple[int, int] | None:
    text, span = place(language, marked)
    return rows_of(text, span) if span is not None else None


def names(language: str, marked: str) -> list[tuple[str, str]]:
    offset = marked.index("$0")
    parsed = Workspace().parse(Document("file:///a", 1, language, marked.replace("$0", "")))
    assert parsed is not None
    return [(it.kind, it.name) for it in around(parsed, Span(offset, offset))]


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)
def test_a_method_with_all_that_belongs_to_it(language) -> None:
    text, span = place(language.ids[0], METHODS[language.name])
    assert span is not None
    lines = text[span.start : span.end].split("\n")
    # From the comment that says what it is to the end of its body, and nothing of what is around it.
    assert "aid." in lines[0]
    assert text.startswith("\n", span.end)
    assert lines[-1].strip() in ("return 1", "}", "end")
    assert any("f" in line.lower() and "(" in line for line in lines) or language.name == "ruby"
    assert not any("x = 1" in line or "class A" in line or "int x;" in line for line in lines)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)
def test_every_line_of_it_leads_to_it(language) -> None:
    marked = METHODS[language.name]
    text, span = place(language.ids[0], marked)
    assert span is not None
    parsed = Workspace().parse(Document("file:///a", 1, language.ids[0], text))
    assert parsed is not None
    start = span.start
    for line in text[span.start : span.end].split("\n"):
        for offset in (start, start + len(line)):
            assert enclosing(parsed, Span(offset, offset)) == span, (line, offset - start)
        start += len(line) + 1


@pytest.mark.parametrize(
    ("language", "marked", "expected"),
    [
        ("python", "import os\nimport s$0ys\nx = 1\n", (1, 1)),
        ("python", "x = [\n  1$0,\n]\n", (0, 2)),
        ("python", "class A:\n    x = 1$0\n\n    def f(self):\n        pass\n", (0, 4)),
        ("python", "def f():\n    def g(): return 1$0\n    return g\n", (0, 2)),
        ("python", "def f():\n    def g():\n        return 1$0\n    return g\n", (1, 2)),
        ("python", "def f():\n    x = 1\n$0\n    return x\n", (0, 3)),
        ("python", "def f():\n    return 1\n$0\n\ndef g():\n    return 2\n", None),
        ("python", "def f():\n    $<return 1\n\n\ndef g():\n    return$> 2\n", (0, 5)),
        ("python", "if a:\n    def f():\n        return 1$0\n", (1, 2)),
        ("python", "é = 'ü'\n\n\ndef ä():\n    return é$0\n", (3, 4)),
        ("javascript", "export const f = (a) => {\n  return a$0;\n};\n", (0, 2)),
        ("javascript", "const a = {\n  f: function () {\n    return 1$0;\n  },\n};\n", (1, 3)),
        ("typescript", "it('a', () => {\n  b();\n  c$0();\n});\nit('d', () => {});\n", (0, 3)),
        ("typescript", "call(x => y$0);\nother();\n", (0, 0)),
        ("go", "package p\n\ntype (\n\tA struct {\n\t\tx i$0nt\n\t}\n\tB struct{}\n)\n", (3, 5)),
        ("rust", "mod inner {\n    const X: u8 = 1$0;\n    fn f() {}\n}\n", (1, 1)),
        ("rust", "/// Said.\n#[derive(De$0bug)]\npub struct S;\n", (0, 2)),
        ("cpp", "namespace n {\nint a = 1;\nint b = 2$0;\n}\n", (2, 2)),
        ("cpp", "int A::f() {\n  return 1$0;\n}\nint g;\n", (0, 2)),
        ("java", "package p;\nimport java.util.Li$0st;\nclass A {}\n", (1, 1)),
    ],
)
def test_what_may_change(language: str, marked: str, expected: tuple[int, int] | None) -> None:
    assert rows(language, marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        # For the tree the next statement belongs to the first one.
        ("import os\n\ndef f(a):\n    return (a$0\n\ndef g():\n    pass\n\ndef h():\n    pass\n", (2, 6)),
        # Told of where the next statement begins: both may be what has to be changed.
        ("import os\n\ndef f(a):\n    return (a\n\ndef$0 g():\n    pass\n\ndef h():\n    pass\n", (2, 6)),
        ("def f(a)\n    return a$0\n\ndef g():\n    pass\n", (0, 1)),
        ("x = 1\ny = (2$0\nz = 3\n", (0, 1)),
        # A class is one stretch.
        (
            "class A:\n    def f(self):\n        x = (1$0\n\n    def g(self):\n        pass\n\n\nclass B:\n    y = 1\n",
            (0, 5),
        ),
    ],
)
def test_broken_code_is_parted_by_its_margin(marked: str, expected: tuple[int, int]) -> None:
    assert rows("python", marked) == expected


def test_the_innermost_is_last() -> None:
    assert names("typescript", "class A {\n  f() {\n    g(() => {\n      1$0\n    });\n  }\n}\n") == [
        ("class", "A"),
        ("method", "f"),
        ("nameless", ""),
    ]
    assert names("rust", "impl A {\n    fn f() { 1$0 }\n}\n") == [("class", "A"), ("method", "f")]
    assert names("python", "x = 1$0\n") == []
    assert names("python", "class A:\n    x = 1$0\n") == [("class", "A")]


def test_a_stretch_of_text() -> None:
    text = "a:\n  b\n\n  c\nd:\n  e\n"

    def at(word: str, *, late: bool = False) -> str:
        offset = text.index(word)
        found = stretch(text, Span(offset, offset), late=late)
        return text[found.start : found.end]

    assert at("b") == at("c") == at("a") == "a:\n  b\n\n  c"
    assert at("e") == "d:\n  e"
    assert at("d", late=True) == "a:\n  b\n\n  c\nd:\n  e"
    assert at("e", late=True) == "d:\n  e", "the place is not at the margin"
    windows = text.replace("\n", "\r\n")
    found = stretch(windows, Span(windows.index("c"), windows.index("c")))
    assert windows[found.start : found.end] == "a:\r\n  b\r\n\r\n  c"
    assert stretch("", Span(0, 0)) == Span(0, 0)


def test_blank_lines_around() -> None:
    text = "a\n\n\nb\n\nc\n"
    start = text.index("b")
    found = with_blanks(text, Span(start, start + 1))
    assert text[found.start : found.end] == "\n\n\nb\n\n"
    assert with_blanks("a", Span(0, 1)) == Span(0, 1)
    assert with_blanks("a\n\n", Span(0, 1)) == Span(0, 3)
    inside = with_blanks("x = 1  # y\n", Span(0, 5))
    assert inside == Span(0, 5), "not into the rest of the line"
