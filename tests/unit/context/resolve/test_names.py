"""Names followed through files, and where that ends."""

from collections.abc import Sequence

from understudy.context.index.memory import MemoryIndex
from understudy.context.index.record import EVERYTHING, WHOLE_MODULE, Definition, FileRecord, Import, Kind
from understudy.context.resolve.names import MAX_BASES, MAX_RECORDS, Names
from understudy.context.syntax.languages import language_of


def definition(path: str, name: str, kind: Kind = "class", parent: str = "", bases: Sequence[str] = ()) -> Definition:
    return Definition(f"/w/{path}", name, kind, parent, f"{kind} {name}", 0, 1, bases=tuple(bases))


def file(path: str, *definitions: Definition, imports: Sequence[tuple[str, str]] = ()) -> FileRecord:
    found = tuple(Import(module, name, "" if name == EVERYTHING else name or module, 0) for module, name in imports)
    language = language_of(path)
    return FileRecord(f"/w/{path}", language.name if language else "", definitions, imports=found)


def names(*files: FileRecord) -> Names:
    return Names(MemoryIndex(files), files[0])


def paths(found: Sequence[Definition]) -> list[str]:
    return [it.path.removeprefix("/w/") for it in found]


def test_reexports_in_a_circle_end() -> None:
    known = names(
        file("main.py", imports=[("a", "Gone"), ("a", "Order")]),
        file("a.py", imports=[("b", "Gone"), ("b", EVERYTHING)]),
        file("b.py", imports=[("a", "Gone"), ("a", EVERYTHING), ("c", EVERYTHING)]),
        file("c.py", definition("c.py", "Order")),
        file("d.py", definition("d.py", "Gone")),
    )
    assert known.resolved("Gone") == ()
    assert paths(known.resolved("Order")) == ["c.py"]


def test_a_chain_of_reexports_is_followed_so_far() -> None:
    chain = [file(f"m{n}.py", imports=[(f"m{n + 1}", "Order")]) for n in range(9)]
    known = names(*chain, file("m9.py", definition("m9.py", "Order")))
    assert known.resolved("Order", chain[4])
    assert not known.resolved("Order", chain[3])


def test_what_a_file_defines_itself_hides_what_it_imports() -> None:
    own = file("a.py", definition("a.py", "Order"), imports=[("b", EVERYTHING), ("b", "Order")])
    assert paths(names(own, file("b.py", definition("b.py", "Order"))).resolved("Order")) == ["a.py"]


def test_a_local_name_is_nothing() -> None:
    known = names(file("a.py", imports=[("b", WHOLE_MODULE)]), file("b.py", definition("b.py", "Order")))
    assert known.resolved("Order") == ()


def test_bases_in_a_circle_end_and_each_comes_once() -> None:
    known = names(
        file("a.py", definition("a.py", "A", bases=["B", "C"]), imports=[("b", "B"), ("c", "C")]),
        file("b.py", definition("b.py", "B", bases=["A", "C"]), imports=[("a", "A"), ("c", "C")]),
        file("c.py", definition("c.py", "C", bases=["C"])),
    )
    start = known.resolved("A")[0]
    assert [(steps, it.name) for steps, it in known.line_of(start)] == [(0, "A"), (1, "B"), (1, "C")]


def test_a_high_hierarchy_is_climbed_so_far() -> None:
    classes = [definition("a.py", f"C{n}", bases=[f"C{n + 1}"]) for n in range(50)]
    known = names(file("a.py", *classes))
    assert len(list(known.line_of(classes[0]))) == MAX_BASES


def test_so_many_files_are_read_and_no_more() -> None:
    files = [file(f"m{n:03}.py", definition(f"m{n:03}.py", "X")) for n in range(100)]
    known = names(*files)
    assert sum(known.read(it.path) is not None for it in files) == MAX_RECORDS + 1


def test_a_file_that_is_gone() -> None:
    known = names(file("a.py", imports=[("b", "Order"), (".c", EVERYTHING)]))
    assert known.resolved("Order") == ()
    assert known.read("/w/b.py") is None
    assert known.members(definition("b.py", "Order")) == ()
    assert known.header(definition("b.py", "total", "method", "Order")) == ""


def test_files_of_another_language_define_nothing_here() -> None:
    known = names(file("a.py"), file("b.ts", definition("b.ts", "Order")), file("c.py", definition("c.py", "Order")))
    assert paths(known.defined("Order")) == ["c.py"]


def test_many_files_of_another_language_hide_none_of_this_one() -> None:
    others = [file(f"a{n}.ts", definition(f"a{n}.ts", "Order")) for n in range(40)]
    assert paths(names(file("b.py"), *others, file("z.py", definition("z.py", "Order"))).defined("Order")) == ["z.py"]
