"""What all languages share in a record: nesting, local names, signatures and documentation; and how a file is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.context.index.chunks import LEAST, MOST, chunks
from understudy.context.index.extract import extract
from understudy.context.index.record import Definition, FileRecord
from understudy.context.index.signature import MAX_CHARACTERS
from understudy.context.syntax.grammar import grammar_for
from understudy.context.syntax.source import Source


def parsed(language: str, text: str) -> Source:
    grammar = grammar_for(language)
    assert grammar is not None
    return Source.parse(grammar, text)


def record(language: str, text: str) -> FileRecord:
    return extract(parsed(language, text), "file")


def only(language: str, text: str, name: str) -> Definition:
    (found,) = [it for it in record(language, text).definitions if it.name == name]
    return found


def test_a_local_name_is_no_use_of_another_but_an_attribute_is() -> None:
    text = "def f(path):\n    path.exists()\n    return other.path\n\n\npath()\n"
    assert record("python", text).references["path"] == (2, 5)


def test_a_name_is_local_also_in_the_functions_within() -> None:
    text = "function f(size) {\n  return () => size;\n}\nuse(size);\n"
    assert record("javascript", text).references["size"] == (3,)


def test_a_name_that_is_used_twice_in_a_row_has_the_row_once() -> None:
    assert record("python", "f(f(f))\n").references == {"f": (0,)}


def test_a_long_line_is_cut_and_a_value_has_one_line() -> None:
    text = f"TABLE = {{\n    {1}: 2,\n}}\nLONG = '{'x' * 1000}'\n"
    assert only("python", text, "TABLE").signature == "TABLE = {"
    assert len(only("python", text, "LONG").signature) == MAX_CHARACTERS + 1


def test_a_long_line_is_not_cut_within_a_secret() -> None:
    """Its beginning alone looks like nothing, and would be shown."""
    token = "ghp_" + "q7Rz2LmPw9XvNb4TyKc8Jd5HsGf3Ae6UoQ1Z"
    start = f"def call(name{'_' * (MAX_CHARACTERS - 30)}='"
    assert len(start) < MAX_CHARACTERS < len(start) + len(token)
    shown = only("python", f"{start}{token}'):\n    pass\n", "call").signature
    assert shown == f"{start}…"


def test_carriage_returns_are_no_part_of_a_signature() -> None:
    found = only("python", "def f(\r\n    a,\r\n):\r\n    pass\r\n", "f")
    assert found.signature == "def f(\n    a,\n):"
    assert (found.first, found.last) == (0, 4)


@pytest.mark.parametrize(
    ("language", "text", "doc"),
    [
        ("go", "// F does.\n//\n// More.\nfunc F() {}\n", "F does."),
        ("go", "// License.\n\nfunc F() {}\n", ""),
        ("go", "//go:noinline\nfunc F() {}\n", ""),
        ("go", "var a = 1 // not F's\nfunc F() {}\n", ""),
        ("c", "/* F does. */\nint F(void) { return 1; }\n", "F does."),
        ("c", "/**\n * F does.\n * More.\n */\nint F(void) { return 1; }\n", "F does."),
        ("c", "/* License. */\nint a; /* a */\nint F(void) { return 1; }\n", ""),
        ("csharp", "/// <summary>\n/// Does.\n/// </summary>\nclass F {}\n", "Does."),
        ("rust", "/// F does.\n#[inline]\nfn F() {}\n", "F does."),
        ("javascript", "/** @type {x} */\nfunction F() {}\n", ""),
        ("lua", "--[[\n F does.\n]]\nfunction F() end\n", "F does."),
        ("python", 'def F():\n    """\n    Does.\n    """\n', "Does."),
        ("python", "# Does.\ndef F():\n    pass\n", "Does."),
    ],
)
def test_documentation(language: str, text: str, doc: str) -> None:
    assert only(language, text, "F").doc == doc


def test_what_is_begun_costs_nothing_else() -> None:
    found = record("python", "def f(a):\n    return a\n\n\nclass A(\n\ndef g():\n    return f(1)\n")
    assert [it.name for it in found.definitions][:1] == ["f"]
    assert 7 in found.references["f"]


def test_nothing_deep_is_too_deep() -> None:
    assert record("python", "f(" * 3000 + "a" + ")" * 3000).references["a"] == (0,)


def test_lone_surrogates_are_kept() -> None:
    assert record("python", "x = '\ud800'\nprint(x)\n").references == {"print": (1,), "x": (1,)}


def test_the_traits_of_an_impl_are_bases_of_its_type() -> None:
    assert only("rust", "struct A;\nimpl fmt::Debug for A {}\nimpl B<u8> for A {}\n", "A").bases == ("Debug", "B")


def test_members_belong_to_the_name_that_a_typedef_gives() -> None:
    found = record("c", "typedef struct a {\n  int b;\n} c;\ntypedef struct d {\n  int e;\n} d;\n").definitions
    assert [it.qualified for it in found] == ["c", "a", "c.b", "d", "d.e"]


FUNCTION = "def f{0}(a):\n" + "    a += 1\n" * 8 + "\n\n"
LINES = st.lists(
    st.sampled_from(
        ["x = 1", "# comment", "def f():", "    y = 2", "    if x:", "        z()", "", '"""', "class A:", ")"]
    ),
    max_size=300,
)


def test_chunks_keep_definitions_whole() -> None:
    source = parsed("python", "".join(FUNCTION.format(number) for number in range(40)))
    found = chunks(source, extract(source, "a.py"))
    assert all(source.lines[first].startswith("def") for first, _ in found)
    assert all(LEAST <= last - first <= MOST for first, last in found)


def test_a_long_body_parts_between_its_statements() -> None:
    block = "    if a:\n" + "        b(\n            c,\n        )\n" * 6
    source = parsed("python", "class A:\n    def f():\n" + block.replace("    ", "        ", 1) * 20)
    found = chunks(source, extract(source, "a.py"))
    assert len(found) > 2
    assert all(source.lines[first].strip() != ")" for first, _ in found)


def test_a_comment_goes_with_what_follows_it() -> None:
    text = "".join(f"# About f{number}.\n{FUNCTION.format(number)}" for number in range(40))
    source = parsed("python", text)
    assert all(source.lines[first].startswith("# About") for first, _ in chunks(source, extract(source, "a.py")))


@given(LINES)
def test_chunks_cover_the_file_and_do_not_overlap(lines: list[str]) -> None:
    source = parsed("python", "\n".join(lines))
    found = chunks(source, extract(source, "a.py"))
    assert [row for first, last in found for row in range(first, last)] == list(range(source.rows))
    assert all(last - first <= MOST for first, last in found)
    assert all(last - first >= LEAST for first, last in found[:-1])
