"""What is shown for where the user was, for likeness, and for what all lean on; and the map of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from understudy.context.central import central
from understudy.context.cursor import Cursor
from understudy.context.index.memory import MemoryIndex
from understudy.context.index.record import Definition, FileRecord
from understudy.context.map import everywhere, laid_out, ranked_map
from understudy.context.recent import OpenFiles
from understudy.context.similar import FEWER, NEAR, NEXT, query, similar
from understudy.context.visited import LINES, STEP, visited
from understudy.core.text import Document


def function(path: str, name: str, row: int, parent: str = "") -> Definition:
    return Definition(path, name, "method" if parent else "function", parent, f"def {name}():", row, row + 3)


def record(path: str, defines: str = "", uses: str = "", **more: str) -> FileRecord:
    definitions = tuple(function(path, name, row * 5) for row, name in enumerate(defines.split()))
    return FileRecord(path, "python", definitions, dict.fromkeys(uses.split(), (0,)), rows=50)


RECORDS = (
    record("/p/main.py", "start", "common_base rare_thing"),
    record("/p/base.py", "common_base unused_one"),
    record("/p/rare.py", "rare_thing", "common_base"),
    record("/p/other.py", "another_one", "common_base"),
    record("/p/alone.py", "alone_here", ""),
)
EDGES = {
    "/p/main.py": ("/p/base.py", "/p/rare.py"),
    "/p/rare.py": ("/p/base.py",),
    "/p/other.py": ("/p/base.py",),
}


def at(document: Document, offset: int, index: MemoryIndex, its: FileRecord | None = None) -> Cursor:
    return Cursor(document, offset, document.uri.removeprefix("file://"), None, its, index)


def test_what_the_files_near_the_cursor_use_most_comes_first() -> None:
    index = MemoryIndex(RECORDS)
    ranks = {"/p/main.py": 0.5, "/p/base.py": 0.3, "/p/rare.py": 0.2}
    found = list(central(index, "/p/main.py", ranks))
    assert [(it.key, it.origin) for it in found] == [
        ("/p/base.py#common_base", "central"),
        ("/p/rare.py#rare_thing", "central"),
    ]
    assert found[0].score == 1 > found[1].score
    assert list(central(index, "/p/main.py", {})) == []


def test_the_map_begins_with_what_most_files_lean_on() -> None:
    index = MemoryIndex(RECORDS, edges=EDGES)
    assert next(iter(everywhere(index))) == "/p/base.py"
    assert sum(everywhere(index).values()) == pytest.approx(1)
    pieces = ranked_map(index)
    assert [it.key for it in pieces][:2] == ["/p/base.py#common_base", "/p/rare.py#rare_thing"]
    assert not any("unused" in it.key for it in pieces)
    shown = laid_out(pieces, 60, len, lambda path: Path(path).name)
    assert [(it.path, it.text) for it in shown] == [("base.py", "def common_base():\n")]
    near = ranked_map(index, ["/p/main.py"])
    assert {it.key for it in near} == {"/p/base.py#common_base", "/p/rare.py#rare_thing"}
    assert ranked_map(MemoryIndex()) == []


def test_a_name_of_the_language_is_not_what_a_file_defines() -> None:
    """`list` and `join` are used everywhere and mean no one's definition; `settled` is imported once."""
    files = [record(f"/p/m{number}.py", "", "join" if number else "join settled") for number in range(9)]
    defined = record("/p/energy.py", "join settled")
    imported = {"/p/m0.py": ("/p/energy.py",)} | {f"/p/m{number}.py": ("/p/base.py",) for number in range(1, 9)}
    script = FileRecord("/p/view.ts", "typescript", (function("/p/view.ts", "join", 0),), rows=9)
    index = MemoryIndex([*files, defined, script, record("/p/base.py", "common_base")], edges=imported)
    assert next(iter(everywhere(index))) == "/p/base.py"
    worth = {it.key: it.score for it in ranked_map(index)}
    assert worth["/p/energy.py#join"] < 1.1 * worth["/p/energy.py#settled"], "only one user imports it"
    assert not any(it.path == "/p/view.ts" for it in ranked_map(index)), "no Python file means it"


def test_who_defines_a_name_itself_is_no_user_of_another_ones() -> None:
    logging = [record(f"/p/m{number}.py", "log", "log work") for number in range(9)]
    edges = {f"/p/m{number}.py": ("/p/one.py",) for number in range(9)}
    index = MemoryIndex([*logging, record("/p/one.py", "log work", "log")], edges=edges)
    assert [it.key for it in ranked_map(index)] == ["/p/one.py#work"]


def test_a_map_shows_members_below_their_class() -> None:
    path = "/p/shelf.py"
    own = Definition(path, "Shelf", "class", "", "class Shelf:", 0, 20)
    put = Definition(path, "put_in", "method", "Shelf", "    def put_in(self):", 5, 9)
    files = FileRecord(path, "python", (own, put)), record("/p/main.py", "", "Shelf put_in")
    index = MemoryIndex(files, edges={"/p/main.py": (path,)})
    shown = laid_out(ranked_map(index), 400, len, str)
    assert [it.text for it in shown] == ["class Shelf:\n    def put_in(self):\n"]


CODE = "".join(f"def handler_{number}(request):\n    return respond({number})\n\n" for number in range(60))


def test_similar_looks_for_the_words_near_the_cursor_the_nearest_first() -> None:
    body = "        check(book)\n        sort_all(boo)\n        last()\n"
    text = f"import os\n\n\nclass Shelf:\n    def put(self, book):\n{body}"
    document = Document("file:///p/a.py", 1, "python", text)
    definitions = (
        Definition("/p/a.py", "Shelf", "class", "", "class Shelf:", 3, 8),
        Definition("/p/a.py", "put", "method", "Shelf", "    def put(self, book):", 4, 8),
    )
    cursor = at(document, text.index("boo)") + 3, MemoryIndex(), FileRecord("/p/a.py", "python", definitions))
    words = query(cursor)
    assert words[:6] == ["sort_all", "boo", "def", "put", "self", "book"]
    assert words.index("check") < words.index("import")
    assert "last" in words


def test_similar_shows_the_part_of_a_stretch_that_is_most_alike() -> None:
    other = "\n".join([f"filler_{row} = {row}" for row in range(20)] + ["def total(invoice, currency):", "    pass"])
    index = MemoryIndex(
        [record("/p/a.py"), record("/p/b.py"), FileRecord("/p/c.go", "go")],
        {"/p/b.py": other, "/p/c.go": "func total(invoice, currency) {}"},
    )
    text = "invoice.total(currency)\n"
    (piece,) = similar(at(Document("file:///p/a.py", 1, "python", text), len(text) - 1, index))
    assert (piece.path, piece.row, piece.score, piece.usual) == ("/p/b.py", 0, 1.0, 1)
    assert piece.forms[0] == other
    assert piece.forms[1].count("\n") == FEWER - 1
    assert "def total" in piece.forms[1]


def test_similar_in_the_same_file_is_shown_from_afar_only() -> None:
    path = "/p/a.py"
    index = MemoryIndex([record(path)], {path: CODE})
    document = Document(f"file://{path}", 1, "python", CODE)
    row = 100
    offset = sum(len(line) + 1 for line in CODE.split("\n")[:row])
    found = list(similar(at(document, offset, index)))
    assert found
    assert all(it.row + 40 < row - NEAR or it.row > row + NEAR for it in found)


def test_visited_shows_where_the_user_was_in_steps() -> None:
    files = OpenFiles()
    lines = "".join(f"row_{row}\n" for row in range(200))
    files.put(Document("file:///p/b.py", 1, "python", lines), lines.index("row_100\n"))
    files.put(Document("file:///p/c.go", 1, "go", lines), 0)
    here = Document("file:///p/a.py", 1, "python", "")
    files.put(here, 0)
    (piece,) = visited(here, files, lambda it: it.uri)
    assert piece.row % STEP == 0
    assert piece.forms[0].count("\n") == LINES - 1
    assert all("row_100" in form for form in piece.forms)
    files.put(Document("file:///p/b.py", 1, "python", lines), lines.index("row_101\n"))
    assert list(visited(here, files, lambda it: it.uri)) == [piece]


def test_of_what_is_alike_one_counts_most() -> None:
    texts = {f"/p/{name}.py": f"def {name}(basket):\n    return basket.price\n" for name in "abc"}
    index = MemoryIndex([record(path) for path in texts], texts)
    here = Document("file:///p/here.py", 1, "python", "def f(basket):\n    basket.price\n")
    scores = [it.score for it in similar(at(here, len(here.text) - 1, index))]
    assert scores == [1.0, NEXT, NEXT * NEXT]
