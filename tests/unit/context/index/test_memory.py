"""Indexes in memory: what each method answers, and that an open document hides its file."""

from __future__ import annotations

from understudy.context.index.layered import Edges, Layered
from understudy.context.index.linking import BESIDE_UNIMPORTED, FAR, IMPORTED
from understudy.context.index.memory import MemoryIndex
from understudy.context.index.record import Definition, FileRecord, Import, Use
from understudy.context.index.words import asked, spelled, words

A, B, C = "/w/a.py", "/w/pkg/b.py", "/w/pkg/c.py"


def define(path: str, name: str, row: int = 0) -> Definition:
    return Definition(path, name, "function", "", f"def {name}():", row, row + 2)


def file(
    path: str,
    *names: str,
    uses: dict[str, tuple[int, ...]] | None = None,
    takes: str = "",
    language: str = "python",
) -> FileRecord:
    imports = (Import(takes, "", takes, 0),) if takes else ()
    definitions = tuple(define(path, name, 3 * row) for row, name in enumerate(names))
    return FileRecord(path, language, definitions, uses or {}, imports, rows=9)


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
    # C is imported (1) and alone in defining `render` (the root of 4); of `shared` nearly all is its, since B is not
    # imported. What A defines itself is no link.
    shared = IMPORTED / (IMPORTED + FAR)
    assert INDEX.links(A) == {C: 1.0 + 2 * IMPORTED + shared * IMPORTED, B: shared * FAR}
    assert list(INDEX.links(A)) == [C, B]
    assert INDEX.links(B) == {}


def test_names_of_very_many_definers_link_nothing() -> None:
    many = [file(f"/w/m{number:02}.rb", "get", language="ruby") for number in range(17)]
    own = file("/w/a.rb", uses={"get": (1,)}, language="ruby")
    assert MemoryIndex([own, *many], edges={}).links(own.path) == {}
    assert len(MemoryIndex([own, *many[:16]], edges={}).links(own.path)) == 16


def test_names_link_files_of_one_family_only() -> None:
    uses = {"list": (1,), "Order": (2,)}
    page = file("/w/page.tsx", uses=uses, language="tsx", takes="./script")
    files = [page, file("/w/script.js", "Order", language="javascript"), file("/w/a.py", "list", "Order")]
    index = MemoryIndex(files)
    assert set(index.links(page.path)) == {"/w/script.js"}
    assert [it.path for it in index.defined("Order")] == ["/w/a.py", "/w/script.js"]
    assert [it.path for it in index.defined("Order", 1, "ecmascript")] == ["/w/script.js"]
    assert [it.path for it in index.using("list", 1, "ecmascript")] == [page.path]
    assert index.using("list", family="python") == ()


def test_a_definer_that_is_not_imported_hardly_counts_where_names_are_imported() -> None:
    def links(language: str, suffix: str) -> list[float]:
        files = [file(f"/w/{name}{suffix}", name.rpartition("/")[2], language=language) for name in ("a/near", "b/far")]
        user = file(f"/w/a/user{suffix}", uses={"near": (1,), "far": (1,)}, language=language)
        other = file(f"/w/c/other{suffix}", language=language)
        found = MemoryIndex([*files, user, other], edges={user.path: (other.path,)}).links(user.path)
        return [found.get(it.path, 0.0) for it in files]

    assert links("python", ".py") == [BESIDE_UNIMPORTED, FAR]
    assert links("go", ".go") == [1.0, FAR], "a package needs no import"
    assert links("ruby", ".rb") == [1.0, 1.0]


def test_a_file_that_imports_nothing_leans_on_nothing_where_names_are_imported() -> None:
    for language in ("python", "go"):
        files = file(A, uses={"join": (1,)}, language=language), file(B, "join", language=language)
        assert MemoryIndex(files, edges={}).links(A) == {}


def test_what_a_package_passes_on_is_as_near_as_the_package() -> None:
    package, inner, far = "/w/pkg/__init__.py", "/w/pkg/inner.py", "/w/far.py"
    files = [file(A, uses={"Order": (1,)}), file(package), file(inner, "Order"), file(far, "Order")]
    index = MemoryIndex(files, edges={A: (package,), package: (inner,)})
    assert index.links(A)[inner] > 20 * index.links(A)[far]


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
    assert BOTH.links("/w/new.py") == {A: 1.0 + IMPORTED, C: FAR}
    assert BOTH.links(A) == INDEX.links(A)


def test_another_overlay_is_another_revision() -> None:
    assert Layered(OPEN, INDEX).revision == BOTH.revision
    assert Layered(MemoryIndex(), INDEX).revision != BOTH.revision


def test_what_an_open_document_imports_is_known_of_the_next_overlay_while_it_is_true() -> None:
    imports = (Import("late", "thing", "thing", 0),)
    main = FileRecord("/w/main.py", "python", imports=imports)
    edges: Edges = {}

    def leads_to(*others: FileRecord, record: FileRecord = main) -> tuple[str, ...]:
        return Layered(MemoryIndex([record, *others]), INDEX, edges).targets("/w/main.py")

    assert leads_to() == ()
    first = edges["/w/main.py"]
    assert leads_to() == ()
    assert edges["/w/main.py"] is first, "not found out again"
    assert leads_to(file("/w/late.py")) == ("/w/late.py",), "a new file"
    assert leads_to(file("/w/late.py"), record=FileRecord("/w/main.py", "python")) == (), "another text"
