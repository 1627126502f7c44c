"""Indexes in memory: what each method answers, and that an open document hides its file."""

from __future__ import annotations

from understudy.context.index.layered import Layered
from understudy.context.index.memory import MemoryIndex
from understudy.context.index.record import Definition, FileRecord, Import, Use
from understudy.context.index.words import asked, spelled, words

A, B, C = "/w/a.py", "/w/pkg/b.py", "/w/pkg/c.py"


def define(path: str, name: str, row: int = 0) -> Definition:
    return Definition(path, name, "function", "", f"def {name}():", row, row + 2)


def file(path: str, *names: str, uses: dict[str, tuple[int, ...]] | None = None, takes: str = "") -> FileRecord:
    imports = (Import(takes, "", takes, 0),) if takes else ()
    definitions = tuple(define(path, name, 3 * row) for row, name in enumerate(names))
    return FileRecord(path, "python", definitions, uses or {}, imports, rows=9)


RECORDS = (
    file(C, "render", "shared"),
    file(A, "main", uses={"render": (1, 2, 3, 4), "shared": (5,), "main": (7,)}, takes="pkg.c"),
    file(B, "shared"),
)
TEXTS = {A: "render(view)\n", B: "def shared(): pass\n", C: "def render(view):\n    paint(viewPort)\n"}
INDEX = MemoryIndex(RECORDS, TEXTS)


def test_files_are_sorted_and_found_by_the_end_of_their_path() -> None:
    assert INDEX.paths() == (A, B, C)
    assert A in INDEX
    assert "/w/x.py" not in INDEX
    assert INDEX.ending("b.py") == INDEX.ending("pkg/b.py") == (B,)
    assert INDEX.ending("kg/b.py") == ()
    assert INDEX.ending("pkg/") == (B, C)
    assert INDEX.ending("w/") == (A,)
    assert INDEX.ending("") == ()


def test_names() -> None:
    assert INDEX.defined("shared") == (define(B, "shared"), define(C, "shared", 3))
    assert INDEX.defined("shared", 1) == (define(B, "shared"),)
    assert INDEX.using("render") == (Use(A, (1, 2, 3, 4)),)
    assert INDEX.defined("nothing") == INDEX.using("nothing") == ()


def test_imports_are_resolved_both_ways() -> None:
    assert INDEX.targets(A) == (C,)
    assert INDEX.importers(C) == (A,)
    assert INDEX.importers(A) == ()


def test_a_file_leans_on_what_defines_the_names_it_uses() -> None:
    # C is imported (1) and alone in defining `render` (the root of 4) and one of two that define `shared`; both count
    # fourfold. What A defines itself is no link.
    assert INDEX.links(A) == {C: 1.0 + 4 * 2 + 4 * 0.5, B: 0.5}
    assert list(INDEX.links(A)) == [C, B]
    assert INDEX.links(B) == {}


def test_names_of_very_many_definers_link_nothing() -> None:
    many = [file(f"/w/m{number:02}.py", "get") for number in range(17)]
    assert MemoryIndex([file(A, uses={"get": (1,)}), *many], edges={}).links(A) == {}
    assert len(MemoryIndex([file(A, uses={"get": (1,)}), *many[:16]], edges={}).links(A)) == 16


def test_similar_text_is_found_by_its_rarest_words() -> None:
    found = INDEX.similar(["viewPort"])
    assert [(it.path, it.first, it.last) for it in found] == [(C, 0, 3), (A, 0, 2)]
    assert found[0].score > found[1].score > 0
    assert INDEX.similar(["absent"]) == ()
    assert INDEX.similar(["view"], 1) == INDEX.similar(["view"])[:1]


def test_words_are_identifiers_and_their_parts() -> None:
    assert spelled("getUserName") == ("getusername", "get", "user", "name")
    assert spelled("_HTTPServer_v2") == ("httpserver_v2", "http", "server")
    assert words("x = user_id + über.Straße") == {"user_id", "user", "id", "über", "straße"}
    assert spelled("x" * 49) == ()
    assert asked(["fooBar", "bar"]) == ["foobar", "foo", "bar"]


OPEN = MemoryIndex([file(C, "fresh"), file("/w/new.py", uses={"main": (0,), "fresh": (1,)}, takes="a")])
BOTH = Layered(OPEN, INDEX)


def test_the_overlay_hides_the_files_below() -> None:
    assert BOTH.paths() == (A, "/w/new.py", B, C)
    assert BOTH.defined("render") == ()
    assert BOTH.defined("fresh") == (define(C, "fresh"),)
    assert BOTH.defined("shared") == (define(B, "shared"),)
    assert BOTH.text(C) is None
    assert BOTH.text(B) == TEXTS[B]
    assert {it.path for it in BOTH.similar(["view", "shared"])} == {A, B}


def test_hidden_answers_leave_no_gap() -> None:
    below = MemoryIndex([file(f"/w/{number}.py", "it", uses={"it": (1,)}) for number in range(9)], edges={})
    layered = Layered(MemoryIndex([file(f"/w/{number}.py") for number in range(6)]), below)
    assert [it.path for it in layered.defined("it", 2)] == ["/w/6.py", "/w/7.py"]
    assert [it.path for it in layered.using("it", 2)] == ["/w/6.py", "/w/7.py"]


def test_an_open_document_is_resolved_against_all_files() -> None:
    assert BOTH.targets("/w/new.py") == (A,)
    assert BOTH.importers(A) == ("/w/new.py",)
    assert BOTH.links("/w/new.py") == {A: 1.0 + 4.0, C: 1.0}
    assert BOTH.links(A) == INDEX.links(A)


def test_another_overlay_is_another_revision() -> None:
    assert Layered(OPEN, INDEX).revision == BOTH.revision
    assert Layered(MemoryIndex(), INDEX).revision != BOTH.revision
