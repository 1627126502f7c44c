"""What an index knows after files come, change and go, and that it answers as one made anew, and as one in memory."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from keeping import Keeping

from understudy.context.index.base import Index
from understudy.context.index.chunks import chunks
from understudy.context.index.extract import extract
from understudy.context.index.folder import MANY
from understudy.context.index.layered import Layered
from understudy.context.index.memory import MemoryIndex
from understudy.context.index.sqlite import SqliteIndex
from understudy.context.index.store import GAP, Full, Store, numbered
from understudy.context.index.worker import Answer, answer
from understudy.context.syntax.grammar import grammar_for
from understudy.context.syntax.languages import language_of
from understudy.context.syntax.source import Source

Write = Callable[[str, str], Path]
Keep = Callable[..., Keeping]

SHAPES = "class Shape:\n    def area(self):\n        return 0\n\n\ndef scale(shape, factor):\n    return shape\n"
MAIN = "from pkg.shapes import Shape, scale\n\n\ndef main():\n    scale(Shape(), 2)\n    scale(Shape(), 3)\n"


def in_memory(root: Path) -> MemoryIndex:
    """The same files, read here and now."""
    records, texts, ranges = [], {}, {}
    for path in map(str, sorted(root.rglob("*.*"))):
        language = language_of(path)
        grammar = grammar_for(language.ids[0]) if language is not None else None
        if grammar is None:
            continue
        texts[path] = Path(path).read_text(encoding="utf-8")
        source = Source.parse(grammar, texts[path])
        records.append(extract(source, path))
        ranges[path] = chunks(source, records[-1])
    return MemoryIndex(records, texts, ranges=ranges)


ASKED = (), (1,), (1, "python"), (32, "ecmascript")


def everything(index: Index) -> Mapping[str, object]:
    """All that an index answers about its files, their names and their words."""
    paths = tuple(index.paths())
    records = [index.record(path) for path in paths]
    names = sorted(
        {it.name for record in records if record for it in record.definitions}
        | {name for record in records if record for name in record.references}
    )
    tails = {"/".join(Path(path).parts[-count:]) for path in paths for count in (1, 2)}
    folders = {f"{Path(path).parent.name}/" for path in paths}
    return {
        "paths": paths,
        "records": [(record, record and tuple(record.references)) for record in records],
        "texts": [index.text(path) for path in paths],
        "defined": [index.defined(name, *most) for name in names for most in ASKED],
        "using": [index.using(name, *most) for name in names for most in ASKED],
        "ending": [index.ending(tail) for tail in sorted(tails | folders)],
        "targets": [index.targets(path) for path in paths],
        "importers": [index.importers(path) + index.importers(path, 1) for path in paths],
        "links": [{to: float(f"{weight:.3g}") for to, weight in sorted(index.links(path).items())} for path in paths],
        "similar": [
            [(it.path, it.first, it.last, round(it.score, 6)) for it in index.similar(some)]
            for some in ([name] for name in names)
        ],
        "alike": [(it.path, it.first, round(it.score, 6)) for it in index.similar(names)],
    }


def test_an_index_answers_as_one_in_memory(root: Path, write: Write, keep: Keep) -> None:
    write("pkg/__init__.py", "")
    write("pkg/shapes.py", SHAPES)
    write("main.py", MAIN)
    write("web/view.ts", "import { render } from './render';\nexport function view() { return render(1); }\n")
    write("web/render.ts", "export function render(n: number) { return n; }\n")
    index = keep().settle()
    main, shapes = str(root / "main.py"), str(root / "pkg/shapes.py")
    assert everything(index) == everything(in_memory(root))
    assert index.targets(main) == (shapes,)
    assert list(index.links(main)) == [shapes]
    assert [it.path for it in index.similar(["factor"])] == [shapes]
    assert main in index
    assert str(root / "x.py") not in index
    assert index.record("x.py") is None
    assert index.text("x.py") is None


def test_the_order_of_answers_makes_no_difference(write: Write, keep: Keep) -> None:
    for number in range(12):
        write(
            f"m{number}.py",
            f"import m{(number * 5) % 12}\n\n\ndef f{number}():\n    return m{number} + f{number // 2}()\n",
        )
    one, other = keep("a.sqlite").settle(), keep("b.sqlite", backwards=True).settle()
    assert everything(one) == everything(other)


def test_a_second_start_parses_nothing(write: Write, keep: Keep) -> None:
    write("a.py", SHAPES)
    first = keep()
    before = everything(first.settle())
    first.close()
    again = keep()
    assert everything(again.index) == before, "it can be asked before anything was looked at"
    assert everything(again.settle()) == before
    assert again.answered == []


def test_what_was_only_written_again_is_not_parsed(root: Path, write: Write, keep: Keep) -> None:
    path = write("a.py", SHAPES)
    kept = keep()
    index = kept.settle()
    assert kept.folder.parsed == 1
    os.utime(path, ns=(1, 1))
    assert index.text(str(path)) is None, "it may have changed"
    kept.touched(path)
    assert kept.folder.parsed == 1
    assert index.text(str(path)) == SHAPES
    assert everything(index) == everything(in_memory(root))


def test_a_copy_is_not_parsed(root: Path, write: Write, keep: Keep) -> None:
    path = write("a.py", SHAPES)
    kept = keep()
    kept.settle()
    shutil.copy(path, root / "sub.py")
    shutil.copy(path, root / "sub.pyi")
    kept.rescan()
    assert kept.folder.parsed == 2, "another suffix may be another language"
    path.rename(root / "renamed.py")
    index = kept.touched(path, root / "renamed.py")
    assert kept.folder.parsed == 2
    assert everything(index) == everything(in_memory(root))


def test_saved_made_deleted_and_renamed(root: Path, write: Write, keep: Keep) -> None:
    write("pkg/__init__.py", "")
    shapes, main = write("pkg/shapes.py", SHAPES), write("main.py", MAIN)
    kept = keep()
    index = kept.settle()
    revision = index.revision
    write("pkg/shapes.py", SHAPES.replace("scale", "grow"))
    kept.touched(shapes)
    assert index.revision > revision
    assert index.defined("scale") == ()
    assert everything(index) == everything(in_memory(root)), "what main.py leans on has changed as well"
    assert index.links(str(main)) != {}
    kept.touched(write("scale.py", "def scale(): pass\n"))
    assert everything(index) == everything(in_memory(root))
    assert str(root / "scale.py") in index.links(str(main))
    shapes.unlink()
    kept.touched(shapes)
    assert everything(index) == everything(in_memory(root))
    assert index.targets(str(main)) == ()
    kept.touched(write("pkg/shapes.py", SHAPES))
    assert index.targets(str(main)) == (str(shapes),), "what was imported in vain is there now"
    shutil.rmtree(root / "pkg")
    kept.touched(root / "pkg")
    assert everything(index) == everything(in_memory(root))
    assert index.paths() == (str(main), str(root / "scale.py"))
    shutil.rmtree(root)
    kept.rescan()
    assert index.paths() == ()


def test_files_that_come_and_go_change_what_others_import(root: Path, write: Write, keep: Keep) -> None:
    main, helper = write("main.py", "import helper\n"), write("sub/helper.py", "x = 1\n")
    kept = keep()
    index = kept.settle()
    assert index.links(str(main)) == {str(helper): 1.0}
    package = write("sub/__init__.py", "")
    assert kept.touched(package).targets(str(main)) == (), "what is in a package is not imported without it"
    package.unlink()
    assert kept.touched(package).targets(str(main)) == (str(helper),)
    helper.unlink()
    assert kept.touched(helper).links(str(main)) == {}, "though it uses no name of it"
    assert everything(index) == everything(in_memory(root))


def test_what_an_open_document_imports_is_looked_for_again_when_a_file_comes(write: Write, keep: Keep) -> None:
    main, kept = write("main.py", MAIN), keep()
    record = kept.settle().record(str(main))
    assert record is not None
    index = Layered(MemoryIndex([record], {str(main): MAIN}), kept.index)
    assert index.targets(str(main)) == ()
    shapes = write("pkg/shapes.py", SHAPES)
    kept.touched(shapes)
    assert index.targets(str(main)) == (str(shapes),)


def test_rules_that_come_take_out_what_they_forbid(root: Path, write: Write, keep: Keep) -> None:
    write("sub/a.py", "canary = 1\n")
    write("b.py", "canary()\n")
    kept = keep()
    index = kept.settle()
    assert index.defined("canary")
    write(".aiignore", "sub/\n")
    kept.rescan()
    assert index.paths() == (str(root / "b.py"),)
    assert index.defined("canary") == ()
    kept.close()
    assert b"canary = 1" not in (root.parent / "a.sqlite").read_bytes()


@pytest.mark.parametrize("why", ["crashed", "too slow", "binary"])
def test_a_file_that_cannot_be_read_costs_itself(root: Path, write: Write, keep: Keep, why: str) -> None:
    bad, good = write("bad.py", SHAPES), write("good.py", MAIN)

    def answers(path: str, known: frozenset[bytes]) -> Answer:
        return why if path == str(bad) and "fixed" not in bad.read_text() else answer(path, known)

    kept = keep(answers=answers)
    assert kept.settle().paths() == (str(good),)
    assert kept.rescan().paths() == (str(good),)
    assert kept.answered.count(str(bad)) == 1, "it is not tried again until it has changed"
    write("bad.py", "fixed = 1\n")
    assert kept.touched(bad).paths() == (str(bad), str(good))


def test_a_file_that_changes_while_it_is_read_is_read_again(root: Path, write: Write, keep: Keep) -> None:
    path = write("a.py", "first = 1\n")
    kept: Keeping

    def answers(path: str, known: frozenset[bytes]) -> Answer:
        found = answer(path, known)
        if "first" in Path(path).read_text():
            write("a.py", "second = 2\n")
            kept.folder.touched([path])
        return found

    kept = keep(answers=answers)
    index = kept.settle()
    assert [it.name for it in index.record(str(path)).definitions] == ["second"]  # type: ignore[union-attr]
    assert index.text(str(path)) == "second = 2\n"


def test_at_most_so_many_files(root: Path, write: Write, keep: Keep) -> None:
    for name in ("a.py", "b.py", "deep/c.py"):
        write(name, "x = 1\n")
    kept = keep(most=2)
    assert kept.settle().paths() == (str(root / "a.py"), str(root / "b.py"))
    assert len(kept.touched(write("d.py", "x = 1\n")).paths()) == 2


def test_numbers_are_made_between_others(root: Path, write: Write, keep: Keep) -> None:
    known = {"/a": 10, "/c": 13}
    assert numbered(known, ["/d", "/b", "/0"]) == {"/0": 5, "/b": 11, "/d": 13 + GAP}
    assert numbered({}, ["/b", "/a"]) == {"/a": GAP, "/b": 2 * GAP}
    with pytest.raises(Full):
        numbered({"/a": 1, "/c": 2}, ["/b"])


def test_there_is_always_room_for_one_more_file(root: Path, write: Write, keep: Keep) -> None:
    write("a.py", SHAPES)
    write("z.py", "from a import scale\nscale(1)\n")
    kept = keep()
    index = kept.settle()
    for number in range(40):  # each halves the room that is left
        kept.touched(write(f"m{number:02}.py", f"def f{number}():\n    scale({number})\n"))
    assert everything(index) == everything(in_memory(root))


def test_a_reader_is_told_of_new_numbers_at_once(write: Write, keep: Keep) -> None:
    write("a.py", "first = 1\n")
    write("z.py", "last = 1\n")
    kept = keep()
    index = kept.settle()
    for number in range(40):
        path = write(f"m{number:02}.py", f"f{number} = 1\n")
        known = [it for it in index.paths() if it in index]  # their numbers are remembered from here on
        kept.folder.touched([str(path)])
        records = [index.record(it) for it in known]
        names = ["first", *(f"f{before}" for before in range(number)), "last"]
        assert [record.definitions[0].name for record in records if record is not None] == names
        kept.settle()


def test_a_file_that_is_deleted_while_it_is_first_read_is_not_known(write: Write, keep: Keep) -> None:
    kept: Keeping

    def answers(path: str, known: frozenset[bytes]) -> Answer:
        found = answer(path, known)
        Path(path).unlink()
        kept.folder.touched([path])
        return found

    kept = keep(answers=answers)
    kept.settle()
    assert kept.touched(write("a.py", "gone = 1\n")).defined("gone") == ()


def test_when_very_many_files_are_told_of_all_are_looked_at(root: Path, write: Write, keep: Keep) -> None:
    kept = keep()
    kept.settle()
    untold = write("untold.py", "x = 1\n")
    assert kept.touched(*(root / f"elsewhere{number}.py" for number in range(MANY))).paths() == ()
    assert kept.touched(*(root / f"elsewhere{number}.py" for number in range(MANY + 1))).paths() == (str(untold),)


def test_many_changes_at_once(root: Path, write: Write, keep: Keep) -> None:
    kept = keep()
    kept.settle()
    for number in range(210):
        write(
            f"p{number % 7}/m{number}.py",
            f"from p{number % 5}.m{number // 2} import f{number // 2}\n\n\ndef f{number}():\n    f{number // 2}()\n",
        )
    assert everything(kept.rescan()) == everything(in_memory(root))


def test_a_database_of_another_version_is_made_anew(root: Path, write: Write, keep: Keep) -> None:
    write("a.py", SHAPES)
    first = keep()
    before = everything(first.settle())
    first.close()
    database = sqlite3.connect(root.parent / "a.sqlite")
    database.execute("UPDATE meta SET value = 'older' WHERE name = 'stamp'")
    database.commit()
    database.close()
    again = keep()
    assert again.index.paths() == ()
    assert everything(again.settle()) == before
    assert again.folder.parsed == 1


def test_work_that_was_broken_off_is_gone_on_with(root: Path, write: Write, keep: Keep) -> None:
    for number in range(9):
        write(f"m{number}.py", f"import m{number // 2}\n\n\ndef f{number}():\n    return f{number // 2}()\n")
    first = keep()
    first.folder.step()
    while len(first.answered) < 5:
        first.folder.step()
        if first._tasks:
            path, _ = first._tasks.pop(0)
            first.answered.append(path)
            first.folder.answered(path, answer(path))
    first.close()
    again = keep()
    assert everything(again.settle()) == everything(in_memory(root))
    assert len(again.answered) == 4


def test_who_imports_a_package_is_linked_anew_when_it_passes_on_another(root: Path, write: Write, keep: Keep) -> None:
    write("app.py", "from pkg import Order\n\nOrder()\n")
    write("far.py", "class Order: ...\n")
    inner = write("pkg/inner.py", "class Order: ...\n")
    package = write("pkg/__init__.py", "")
    kept = keep()
    assert kept.settle().links(str(root / "app.py"))[str(inner)] < 0.1
    write("pkg/__init__.py", "from .inner import Order\n")
    links = kept.touched(package).links(str(root / "app.py"))
    assert links[str(inner)] > 20 * links[str(root / "far.py")]
    assert everything(kept.index) == everything(in_memory(root))


def test_a_damaged_database_is_not_known(root: Path, tmp_path: Path, write: Write, keep: Keep) -> None:
    file = tmp_path / "broken.sqlite"
    file.write_bytes(b"no database" * 1000)
    index = SqliteIndex(file)
    assert (index.paths(), index.similar(["x"]), index.defined("x")) == ((), (), ())
    assert index.record("x") is None
    with pytest.raises(sqlite3.DatabaseError):
        Store(file)


WORDS = st.sampled_from(["alpha", "beta", "gamma", "delta_x", "getName", "_own"])
FILES = st.sampled_from(
    [f"{folder}{name}.py" for folder in ("", "p/", "p/q/") for name in ("alpha", "beta", "__init__")]
)
LINES = st.one_of(
    st.builds("import {}".format, WORDS),
    st.builds("from p.{} import {}".format, WORDS, WORDS),
    st.builds("from .{} import *".format, WORDS),
    st.builds("from . import {}".format, WORDS),
    st.builds("def {}(a):\n    {}({})\n    return {}".format, WORDS, WORDS, WORDS, WORDS),
    st.builds("class {}({}):\n    {} = 1".format, WORDS, WORDS, WORDS),
    st.builds("{} = {}()".format, WORDS, WORDS),
)
TEXTS = st.lists(LINES, max_size=6).map(lambda lines: "\n".join([*lines, ""]))
STATES = st.lists(st.dictionaries(FILES, TEXTS, max_size=6), min_size=1, max_size=4)


@given(states=STATES, restart=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_changes_it_answers_as_one_in_memory(
    tmp_path_factory: pytest.TempPathFactory, states: list[dict[str, str]], restart: bool
) -> None:
    folder = tmp_path_factory.mktemp("any")
    root = folder / "root"
    root.mkdir()
    kept = Keeping(root, folder / "a.sqlite")
    kept.settle()
    before: dict[str, str] = {}
    try:
        for state in states:
            for name in before.keys() - state.keys():
                (root / name).unlink()
            for name, text in state.items():
                if before.get(name) != text:
                    (root / name).parent.mkdir(parents=True, exist_ok=True)
                    (root / name).write_text(text)
            if restart:
                kept.close()
                kept = Keeping(root, folder / "a.sqlite")
                kept.settle()
            else:
                kept.touched(*(root / name for name in sorted({*before, *state})))
            before = state
            assert everything(kept.index) == everything(in_memory(root))
    finally:
        kept.close()
