"""Edited regions as pieces: as they stand now, and what stood there."""

from __future__ import annotations

from understudy.context.cursor import Cursor
from understudy.context.hunks import MAX_REMOVED, OLDEST, edited
from understudy.context.index.memory import MemoryIndex
from understudy.context.pieces import Piece
from understudy.context.recent import EditLog
from understudy.core.text import Document

LINES = "".join(f"line_{number} = {number}\n" for number in range(40))


def document(text: str, name: str = "a.py", language: str = "python") -> Document:
    return Document(f"file:///{name}", 1, language, text)


def after(log: EditLog, before: Document, old: str, new: str, at: float = 0.0) -> tuple[EditLog, Document]:
    assert old in before.text
    now = before.with_text(before.text.replace(old, new, 1))
    return log.after(before, now, at), now


def pieces(log: EditLog, cursor: Document | None = None, offset: int = 0) -> list[Piece]:
    here = cursor or document("", "main.py")
    it = Cursor(here, offset, here.uri, None, None, MemoryIndex())
    return list(edited(it, log.regions, lambda it: it.uri))


def full(old: str, new: str, text: str = LINES, language: str = "python") -> str:
    log, _ = after(EditLog(), document(text, language=language), old, new)
    (piece,) = pieces(log)
    return piece.forms[0]


def test_a_replaced_line_is_told_above_the_one_in_its_place() -> None:
    around = "line_18 = 18\nline_19 = 19\n", "line_21 = 21\nline_22 = 22"
    assert full("line_20 = 20", "renamed = 20") == f"{around[0]}# - line_20 = 20\nrenamed = 20\n{around[1]}"
    log, _ = after(EditLog(), document(LINES), "line_20 = 20", "renamed = 20")
    (piece,) = pieces(log)
    assert piece.forms[1] == f"{around[0]}renamed = 20\n{around[1]}"
    assert (piece.row, piece.key, piece.path, piece.origin) == (18, "file:///a.py#18", "file:///a.py", "edited")


def test_removed_lines_are_told_with_their_indentation() -> None:
    text = "def f():\n    one()\n    two()\n    three()\n"
    assert full("    two()\n", "", text) == "def f():\n    one()\n    # - two()\n    three()"
    assert "// - two" in full("two()", "four()", "{\n  one()\n  two()\n}\n", "javascript")


def test_what_was_only_added_to_is_not_told_twice() -> None:
    assert "#" not in full("line_20 = 20", "line_20 = 20 + more()")
    assert "#" not in full("line_20 = 20\n", "line_20 = 20\nnew = 1\n")
    log, shorter = after(EditLog(), document(LINES), "line_20 = 20", "line_20 = ")
    log, _ = after(log, shorter, "line_20 = ", "line_20 = 20 + more()")
    (region,) = log.regions
    assert region.was
    assert "#" not in pieces(log)[0].forms[0]


def test_many_removed_lines_are_not_all_told() -> None:
    gone = "".join(f"line_{number} = {number}\n" for number in range(20, 30))
    assert full(gone, "one = 1\n").count("# - ") == MAX_REMOVED


def test_without_a_grammar_the_lines_are_shown_as_they_are() -> None:
    log, _ = after(EditLog(), document(LINES, language="none"), "line_20", "renamed")
    assert len(pieces(log)[0].forms) == 1


def test_the_newest_counts_most_and_the_one_at_the_cursor_is_in_the_window() -> None:
    one, two = document(LINES, "one.py"), document(LINES, "two.py")
    log, _ = after(EditLog(), one, "line_20", "renamed")
    log, two = after(log, two, "line_5 ", "other ", 5)
    assert [(it.path[-6:], it.score) for it in pieces(log)] == [("two.py", 1.0), ("one.py", OLDEST)]
    log, two = after(log, two, "line_30", "far", 10)
    offset = two.text.index("far")
    assert [(it.path[-6:], it.row) for it in pieces(log, two, offset)] == [("two.py", 3), ("one.py", 18)]


def test_a_region_of_which_nothing_is_left_is_not_shown() -> None:
    log, _ = after(EditLog(), document("one\n"), "one\n", "\n")
    assert pieces(log) == []
