"""Which files the demonstration model may learn from, and which it never sees."""

from __future__ import annotations

from understudy.bundled.corpus import PACKAGES, Document, clean

CODE = "def add(first, second):\n    return first + second\n\n\n"


def test_the_packages_are_pinned_and_permissively_licensed() -> None:
    allowed = {"MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0"}
    for package in PACKAGES:
        assert package.version
        assert set(package.licence.split(" OR ")) <= allowed


def test_a_whole_package_is_held_out() -> None:
    names = [package.name for package in PACKAGES if package.held_out]
    assert names
    assert all(Document(name, f"{name}/any.py", CODE).held_out for name in names)


def test_about_a_twentieth_of_the_files_is_held_out_always_the_same() -> None:
    chosen = [Document("click", f"click/module_{number}.py", CODE).held_out for number in range(2000)]
    assert 60 <= sum(chosen) <= 140
    assert chosen == [Document("click", f"click/module_{number}.py", "changed").held_out for number in range(2000)]


def test_written_code_passes_and_tables_broken_and_tiny_files_do_not() -> None:
    assert clean(CODE * 5) is not None
    assert clean(CODE) is None
    assert clean("def broken(:\n" + CODE * 5) is None
    assert clean("TABLE = [\n" + "    0x1234, 0x5678, 0x9abc,\n" * 40 + "]\n") is None


def test_a_long_docstring_keeps_its_first_paragraph() -> None:
    doc = '    """Adds.\n\n    One line.\n    Another.\n    A third.\n    """\n'
    text = clean("def add(first, second):\n" + doc + "    return first + second\n\n\n" + CODE * 4)
    assert text is not None
    assert text.startswith('def add(first, second):\n    """Adds.\n    """\n    return first + second\n')
