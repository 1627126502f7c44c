"""What a stub is, in every language."""

import pytest

from understudy.context.syntax.languages import LANGUAGES
from understudy.context.workspace import Workspace
from understudy.core.text import Document, Span
from understudy.features.codeaction.complete import is_bare
from understudy.features.codeaction.docstring import is_documented
from understudy.features.codeaction.look import Look

STUBS = {
    "python": [
        "def f():$0\n    pass\n",
        "def f():\n    '''Said.'''$0\n",
        "def f():\n    '''Said.'''\n    ...$0\n",
        "def f():\n    # TODO: it\n    raise NotImplementedError('f')$0\n",
        "def f():$0\n",
    ],
    "javascript": ["function f() {$0}\n", "function f() {\n  // later\n  throw new Error('Not implemented');$0\n}\n"],
    "typescript": ["class A {\n  f(): void {\n    throw new Error('TODO');$0\n  }\n}\n"],
    "tsx": ["const f = () => {\n  /* TODO */$0\n};\n"],
    "go": ["package p\n\nfunc F() {$0\n}\n", 'package p\n\nfunc F() int {\n\tpanic("not implemented")$0\n}\n'],
    "rust": ["fn f() -> u8 { todo!()$0 }\n", 'fn f() -> u8 {\n    unimplemented!("later")$0\n}\n'],
    "java": ["class A {\n  int f() {\n    throw new UnsupportedOperationException();$0\n  }\n}\n"],
    "c": ["int f(void)\n{\n  /* TODO */$0\n}\n"],
    "cpp": ['int f() {\n  throw std::logic_error("not implemented");$0\n}\n'],
    "csharp": ["class A\n{\n  int F()\n  {\n    throw new NotImplementedException();$0\n  }\n}\n"],
    "ruby": ["def f\n  raise NotImplementedError$0\nend\n", "def f$0\nend\n"],
    "php": ["<?php\nfunction f() {\n  throw new \\BadMethodCallException('x');$0\n}\n"],
    "bash": ["f() {\n  :$0\n}\n"],
    "lua": ['local function f()\n  error("not implemented")$0\nend\n', "function f()$0\nend\n"],
    "kotlin": ['fun f(): Int {\n  TODO("later")$0\n}\n', "fun f(): Int = TODO()$0\n"],
    "swift": ['func f() -> Int {\n  fatalError("later, not implemented")$0\n}\n'],
}
WRITTEN = {
    "python": [
        "def f():\n    pass\n    return$0 1\n",
        "def f(x):\n    raise Value$0Error(x)\n",
        "f = lambda: ...$0\n",
        'def f(a):\n    return g(a$0, "b"\n\n\ndef h(a):\n    return a\n',  # a bracket that is not closed
    ],
    "javascript": ["function f() {\n  return 1$0;\n}\n", "function f() {\n  throw new Error('bad');$0\n}\n"],
    "typescript": ["function f(): void$0;\nfunction f() { g(); }\n", "interface A {\n  f(): void$0;\n}\n"],
    "tsx": ["const f = () => <p>TODO$0</p>;\n"],
    "go": ['package p\n\nfunc F() {\n\tpanic("bad")$0\n}\n', "package p\n\ntype A interface {\n\tF()$0\n}\n"],
    "rust": ["fn f() -> u8 { 1$0 }\n", "trait A {\n    fn f$0();\n}\n"],
    "java": ["interface A {\n  int f()$0;\n}\n", "class A {\n  int f() { return 1$0; }\n}\n"],
    "c": ["int f(void)$0;\n", "int f(void)\n{\n  return 1$0;\n}\n"],
    "cpp": ["class A {\n  int f()$0;\n};\n", "int f() { return 1$0; }\n"],
    "csharp": ["interface A\n{\n  int F()$0;\n}\n"],
    "ruby": ["def f\n  1$0\nend\n"],
    "php": ["<?php\nfunction f() {\n  return 1$0;\n}\n"],
    "bash": ["f() {\n  echo TODO_LIST$0 1; ls\n}\n"],
    "lua": ["local function f()\n  return 1$0\nend\n"],
    "kotlin": ["fun f(): Int = 1$0\n", "interface A {\n  fun f(): Int$0\n}\n"],
    "swift": ["func f() -> Int {\n  return 1$0\n}\n", "protocol A {\n  func f()$0\n}\n"],
}
IDS = {language.name: language.ids[0] for language in LANGUAGES}
assert set(STUBS) == set(WRITTEN) == set(IDS)


def look(language: str, marked: str) -> Look:
    offset = marked.index("$0")
    document = Document("file:///a", 1, IDS[language], marked.replace("$0", ""))
    return Look(document, Span(offset, offset), Workspace())


def is_stub(language: str, marked: str) -> bool:
    it = look(language, marked)
    return it.parsed is not None and it.function is not None and is_bare(it.parsed.source, it.function)


@pytest.mark.parametrize(("language", "text"), [(name, text) for name, texts in STUBS.items() for text in texts])
def test_stubs(language: str, text: str) -> None:
    assert is_stub(language, text)


@pytest.mark.parametrize(("language", "text"), [(name, text) for name, texts in WRITTEN.items() for text in texts])
def test_what_is_written(language: str, text: str) -> None:
    assert not is_stub(language, text)


DOCUMENTED = {
    "python": "def f():\n    '''Said.'''\n    return$0 1\n",
    "javascript": "/** Said. */\nfunction f() { return 1$0; }\n",
    "typescript": "/** Said. */\n@C()\nexport class A { x = 1$0; }\n",
    "tsx": "// Said.\nexport const f = () => {\n  return 1$0;\n};\n",
    "go": "package p\n\n// F is said.\nfunc F() { g$0() }\n",
    "rust": "/// Said.\n#[inline]\nfn f() { g$0() }\n",
    "java": "class A {\n  /** Said. */\n  @Override\n  int f() { return 1$0; }\n}\n",
    "c": "/* Said. */\nint f(void) { return 1$0; }\n",
    "cpp": "// Said.\ntemplate <class T>\nT f() { return 1$0; }\n",
    "csharp": "class A\n{\n  /// <summary>Said.</summary>\n  int F() { return 1$0; }\n}\n",
    "ruby": "# Said.\ndef f\n  1$0\nend\n",
    "php": "<?php\n/** Said. */\nfunction f() { return 1$0; }\n",
    "bash": "# Said.\nf() {\n  echo$0 1\n}\n",
    "lua": "--- Said.\nlocal function f()\n  return 1$0\nend\n",
    "kotlin": "/** Said. */\nfun f(): Int = 1$0\n",
    "swift": "/// Said.\nfunc f() -> Int { return 1$0 }\n",
}
assert set(DOCUMENTED) == set(IDS)


@pytest.mark.parametrize("language", DOCUMENTED)
def test_documentation(language: str) -> None:
    marked = DOCUMENTED[language]
    it = look(language, marked)
    assert it.parsed is not None
    assert it.here is not None
    assert is_documented(it.parsed.source, it.here)
    bare = look(language, "\n".join(line for line in marked.split("\n") if "aid" not in line))
    assert bare.parsed is not None
    assert bare.here is not None
    assert not is_documented(bare.parsed.source, bare.here)


def test_a_comment_above_is_no_docstring() -> None:
    it = look("python", "# Said.\ndef f():\n    return$0 1\n")
    assert it.parsed is not None
    assert it.here is not None
    assert not is_documented(it.parsed.source, it.here)
