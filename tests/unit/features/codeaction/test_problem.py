from pathlib import Path

import pytest

from understudy.checking.diagnostic import Diagnostic, Related
from understudy.context.workspace import Workspace
from understudy.core.paths import path_in_uri
from understudy.core.text import Document, Span
from understudy.features.codeaction.problem import (
    MAX_LINE,
    MAX_MESSAGE,
    MAX_TITLE,
    problem,
    row_of,
    rows_of,
    shortened,
    title,
    whole_lines,
)

TEXT = "def load(path):\n    pass\n\nload(1, 2)\n"
CALL = Span(TEXT.index("load(1"), TEXT.index("load(1") + 4)


def shown(diagnostic: Diagnostic, text: str = TEXT, root: Path = Path("/w")) -> tuple[str, ...]:
    return problem(Document((root / "a.py").as_uri(), 1, "python", text), diagnostic, Workspace((root,))).related


def test_a_title_is_one_line_cut_at_a_word() -> None:
    assert title("Fix", "Undefined name `x`\n  more") == "Fix: Undefined name `x`"
    assert title("Fix", "\x1b[31mbad\x1b[0m\tand \u202eworse\u202c") == "Fix: bad and worse"
    long = title("Fix", "word " * 40)
    assert long.endswith(" word…")
    assert len(long) <= MAX_TITLE
    assert len(title("Fix", "x" * 500)) == MAX_TITLE
    assert title("Fix", "") == "Fix:"
    assert shortened("a b c", 4) == "a b…"


def test_what_a_tool_says_is_shown_as_it_says_it() -> None:
    said = 'Argument of type "str"\n  "str" is not assignable to "int"\u0007'
    document = Document("file:///w/a.py", 1, "python", TEXT)
    found = problem(document, Diagnostic(CALL, said, "Pyright", "reportArgumentType"), Workspace())
    assert found.message == 'Argument of type "str"\n  "str" is not assignable to "int"'
    assert (found.row, found.line, found.source, found.code) == (3, "load(1, 2)", "Pyright", "reportArgumentType")
    assert len(problem(document, Diagnostic(CALL, "x" * 9000), Workspace()).message) == MAX_MESSAGE


def test_a_problem_of_several_lines_is_shown_with_its_first() -> None:
    document = Document("file:///w/a.py", 1, "python", TEXT)
    found = problem(document, Diagnostic(Span(0, len(TEXT)), "Too complex"), Workspace())
    assert (found.row, found.line) == (0, "def load(path):")


def test_other_lines_of_the_file_are_quoted() -> None:
    here = Related("/w/a.py", 0, "declared here")
    assert shown(Diagnostic(CALL, "Too many arguments", related=(here,))) == ("line 1: declared here: def load(path):",)
    assert shown(Diagnostic(CALL, "Redefinition of `load` from line 1")) == ("line 1: def load(path):",)
    both = Diagnostic(CALL, "Redefinition of `load` from line 1", related=(here,))
    assert shown(both) == ("line 1: declared here: def load(path):",), "once"
    assert shown(Diagnostic(CALL, "at line 4, and line 99, and line 3")) == (), "its own, none, and a blank one"


def test_other_files_are_named_as_the_model_knows_them(tmp_path: Path) -> None:
    (tmp_path / ".understudyignore").write_text("secret/\n")
    related = (
        Related(str(tmp_path / "lib" / "b.py"), 6, "declared\nhere"),
        Related(str(tmp_path / "secret" / "c.py"), 1, "the password"),
        Related("/elsewhere/deep/d.pyi", 2, ""),
    )
    found = shown(Diagnostic(CALL, "x", related=related), root=tmp_path)
    assert found == ("lib/b.py, line 7: declared here", "d.pyi, line 3")


def test_a_file_of_the_same_name_in_another_folder_is_another_file(tmp_path: Path) -> None:
    roots = tmp_path / "one", tmp_path / "two"
    for root in roots:
        root.mkdir()
    (roots[1] / ".understudyignore").write_text("a.py\n")
    related = Related(str(roots[1] / "a.py"), 0, "the password"), Related(str(roots[0] / "a.py"), 0, "declared here")
    document = Document((roots[0] / "a.py").as_uri(), 1, "python", TEXT)
    found = problem(document, Diagnostic(CALL, "x", related=related), Workspace(roots))
    assert found.related == ("line 1: declared here: def load(path):",)


def test_an_untitled_text_quotes_its_own_lines() -> None:
    document = Document("untitled:Untitled-1", 1, "python", TEXT)
    related = (Related(str(path_in_uri(document.uri)), 0, "declared here"),)
    found = problem(document, Diagnostic(CALL, "x", related=related), Workspace())
    assert found.related == ("line 1: declared here: def load(path):",)


def test_no_cut_leaves_a_part_of_a_secret() -> None:
    key = "ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    for before in range(MAX_LINE - 30, MAX_LINE):
        text = "x" * (before - 4) + f' = "{key}"\n'
        found = problem(Document("file:///w/a.py", 1, "python", text), Diagnostic(Span(0, 1), "y"), Workspace())
        assert "ghp_" not in found.line
    said = "x" * (MAX_MESSAGE - 12) + f" '{key}'"
    found = problem(Document("file:///w/a.py", 1, "python", TEXT), Diagnostic(CALL, said), Workspace())
    assert "ghp_" not in found.message


def test_a_diagnostic_of_an_older_text_does_no_harm() -> None:
    found = problem(Document("file:///w/a.py", 1, "python", "x"), Diagnostic(Span(90, 95), "y"), Workspace())
    assert (found.row, found.line) == (0, "x")
    assert problem(Document("file:///w/a.py", 1, "python", ""), Diagnostic(Span(0, 0), "y"), Workspace()).line == ""


@pytest.mark.parametrize(("offset", "row"), [(0, 0), (1, 0), (3, 1), (5, 2), (7, 3), (8, 3)])
def test_rows_as_editors_count_them(offset: int, row: int) -> None:
    assert row_of("a\r\nb\rc\nd", offset) == row


def test_a_selection_of_whole_lines_ends_before_the_next() -> None:
    text = "ab\r\ncd\r\nef\r\n"
    assert rows_of(text, Span(0, 4)) == (0, 0)
    assert rows_of(text, Span(0, 5)) == (0, 1)
    assert rows_of(text, Span(4, 4)) == (1, 1)
    assert whole_lines(text, Span(1, 8)) == Span(0, 6)
    assert whole_lines(text, Span(5, 5)) == Span(4, 6)
    assert whole_lines(text, Span(12, 12)) == Span(12, 12)
    assert whole_lines("\n\n", Span(0, 1)) == Span(0, 0)
