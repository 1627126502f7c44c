"""The whole: the server's side, the indexer and its workers, as processes; and what becomes of it when one ends."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path

import pytest

from understudy.context.index.folder import Folder
from understudy.context.index.indexing import ENDED, Indexing, Progress, outermost
from understudy.context.index.kept import FOLLOW_SECONDS, Kept, database_of
from understudy.context.index.old import PROBLEM
from understudy.context.index.store import Store
from understudy.core.lock import holding, is_locked

Write = Callable[[str, str], Path]


@asynccontextmanager
async def running(indexing: Indexing, seen: list[Progress] | None = None) -> AsyncIterator[Indexing]:
    task = asyncio.create_task(indexing.run((seen if seen is not None else []).append))
    try:
        yield indexing
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await indexing.aclose()


@asynccontextmanager
async def settled(root: Path, folder: Path, **about: object) -> AsyncIterator[Indexing]:
    async with running(Indexing((root,), folder, **about)) as indexing:  # type: ignore[arg-type]
        async with asyncio.timeout(60):
            await indexing.settled()
        yield indexing


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not true():  # noqa: ASYNC110 - what other processes do sets no event
            await asyncio.sleep(0.01)


def process_of(indexing: Indexing) -> int:
    assert indexing._process is not None
    return indexing._process.pid


def moved(path: Path, to: Path) -> None:
    path.rename(to)


async def test_files_are_read_followed_and_kept(root: Path, tmp_path: Path, write: Write) -> None:
    a = write("a.py", "from b import helper\nhelper()\n")
    b = write("b.py", "def helper(): pass\n")
    seen: list[Progress] = []
    async with running(Indexing((root,), tmp_path / "state"), seen) as indexing:
        await indexing.settled()
        index = indexing.index
        assert indexing.parsed == 2
        assert index.targets(str(a)) == (str(b),)
        assert list(index.links(str(a))) == [str(b)]
        b.write_text("def other(): pass\n")
        indexing.touched([b])
        await indexing.settled()
        assert [it.name for it in index.defined("other")] == ["other"]
        assert index.defined("helper") == ()
        write("c.py", "def third(): pass\n")
        indexing.rescan()
        await indexing.settled()
        assert index.defined("third")
        a.unlink()
        indexing.touched([a])
        await indexing.settled()
        assert index.paths() == (str(b), str(root / "c.py"))
    assert seen[-1].done == seen[-1].total
    assert any(it.done < it.total for it in seen)
    async with settled(root, tmp_path / "state") as again:
        assert again.parsed == 0, "a second start is warm"
        assert again.index.paths() == (str(b), str(root / "c.py"))


async def test_rules_that_are_saved_hold_at_once(root: Path, tmp_path: Path, write: Write) -> None:
    write("sub/a.py", "x = 1\n")
    write("b.py", "x = 1\n")
    write("c.py", "x = 1\n")
    async with settled(root, tmp_path / "state", ignore=("c.py",)) as indexing:
        assert indexing.index.paths() == (str(root / "b.py"), str(root / "sub/a.py"))
        indexing.touched([write(".understudyignore", "sub/\n")])
        await indexing.settled()
        assert indexing.index.paths() == (str(root / "b.py"),)
        indexing.touched([write(".git/info/exclude", "b.py\n")])
        await indexing.settled()
        assert indexing.index.paths() == ()


async def test_several_folders_are_one_index(tmp_path: Path) -> None:
    for name in ("one", "two", "one/inner"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.py").write_text("def helper(): pass\n")
    roots = (tmp_path / "two", tmp_path / "one", tmp_path / "one" / "inner", tmp_path / "gone")
    assert outermost(roots) == (tmp_path / "two", tmp_path / "one", tmp_path / "gone")
    async with running(Indexing(roots, tmp_path / "state")) as indexing:
        await indexing.settled()
        expected = tuple(str(tmp_path / name / "a.py") for name in ("one", "one/inner", "two"))
        assert indexing.index.paths() == expected
        assert tuple(it.path for it in indexing.index.defined("helper")) == expected
        assert {it.path for it in indexing.index.similar(["helper"])} == set(expected)


async def test_other_numbers_of_workers_know_the_same(root: Path, tmp_path: Path, write: Write) -> None:
    from test_folder import everything

    for number in range(60):
        write(
            f"m{number}.py",
            f"from m{number // 2} import f{number // 2}\n\n\ndef f{number}(): return f{number // 2}()\n",
        )
    async with settled(root, tmp_path / "one", workers=1) as one, settled(root, tmp_path / "three", workers=3) as three:
        assert everything(one.index) == everything(three.index)


async def test_an_indexer_that_is_killed_is_started_once_more(root: Path, tmp_path: Path, write: Write) -> None:
    a = write("a.py", "x = 1\n")
    async with settled(root, tmp_path / "state") as indexing:
        before = process_of(indexing)
        os.kill(before, signal.SIGKILL)
        await until(lambda: indexing._process is not None and process_of(indexing) != before)
        a.write_text("fresh = 1\n")
        indexing.touched([a])
        await indexing.settled()
        assert indexing.index.defined("fresh")
        os.kill(process_of(indexing), signal.SIGKILL)
        async with asyncio.timeout(30):
            await indexing.settled()
        assert indexing.index.defined("fresh"), "what was written can be read without it"


async def test_no_process_outlives_its_server(root: Path, tmp_path: Path, write: Write) -> None:
    write("a.py", "x = 1\n")
    async with settled(root, tmp_path / "state") as indexing:
        pid = process_of(indexing)
        children = await asyncio.to_thread(_children, pid)
    await until(lambda: not any(_lives(process) for process in [pid, *children]))


async def test_it_can_be_cancelled_at_any_time(root: Path, tmp_path: Path, write: Write) -> None:
    for number in range(300):
        write(f"m{number}.py", "def f(a):\n    return a\n\n\n" * 40)
    for wait in (0.0, 0.2, 0.6):
        async with running(Indexing((root,), tmp_path / "state")):
            await asyncio.sleep(wait)
    async with settled(root, tmp_path / "state") as indexing:
        assert len(indexing.index.paths()) == 300


async def test_a_damaged_database_is_made_anew(root: Path, tmp_path: Path, write: Write) -> None:
    for number in range(50):
        write(f"m{number}.py", f"def f{number}(): pass\n")
    state = tmp_path / "state"
    async with settled(root, state):
        pass
    file = database_of(root, state)
    data = bytearray(file.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    file.write_bytes(data)
    async with settled(root, state) as indexing:
        assert len(indexing.index.paths()) == 50
        assert indexing.parsed == 50
    file.write_bytes(b"no database at all" * 1000)
    async with settled(root, state) as indexing:
        assert len(indexing.index.paths()) == 50


async def test_damage_that_a_reader_finds_is_repaired(root: Path, tmp_path: Path, write: Write) -> None:
    for number in range(50):
        write(f"m{number}.py", f"def f{number}(): pass\n" * 20)
    state = tmp_path / "state"
    async with settled(root, state):
        pass
    async with settled(root, state) as indexing:
        file = database_of(root, state)
        with file.open("r+b") as database:
            database.seek(4096)
            database.write(b"\xa5" * (file.stat().st_size - 4096))
        indexing._indexes[str(root)].close()
        indexing._indexes[str(root)].changed()
        assert indexing.index.defined("f7") == ()
        await until(lambda: indexing.index.defined("f7"))
        await indexing.settled()
        assert len(indexing.index.paths()) == 50


async def test_where_nothing_can_be_written_the_index_is_kept_for_now(
    root: Path, tmp_path: Path, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    write("a.py", "x = 1\n")
    (tmp_path / "state").write_text("a file where the folder should be")
    seen: list[Progress] = []
    with caplog.at_level(logging.WARNING):
        async with running(Indexing((root,), tmp_path / "state"), seen) as indexing:
            await indexing.settled()
            assert indexing.index.paths() == (str(root / "a.py"),)
    assert not caplog.records, "a command would print it twice"
    (problem,) = filter(None, (it.problem for it in seen))
    assert "cannot be written" in problem
    assert "writable" in problem


async def test_a_folder_that_cannot_be_read_is_a_problem_until_it_can(root: Path, tmp_path: Path, write: Write) -> None:
    write("a.py", "x = 1\n")
    state = tmp_path / "state"
    note = database_of(root, state).with_suffix(PROBLEM)
    seen: list[Progress] = []
    async with running(Indexing((root,), state), seen) as indexing:
        await indexing.settled()
        assert not any(it.problem for it in seen)
        moved(root, tmp_path / "away")
        for _ in range(2):
            indexing.rescan()
            await indexing.settled()
        assert indexing.index.paths() == ()
        (problem,) = filter(None, (it.problem for it in seen))
        assert problem.startswith(f"{root} cannot be read (")
        assert note.read_text() == problem
        moved(tmp_path / "away", root)
        indexing.rescan()
        await indexing.settled()
        assert indexing.index.paths() == (str(root / "a.py"),)
    assert not note.exists()


@pytest.mark.parametrize("code", [sqlite3.SQLITE_FULL, sqlite3.SQLITE_CORRUPT])
def test_a_full_disk_and_the_second_damage_are_a_problem(root: Path, tmp_path: Path, code: int) -> None:
    said: list[dict[str, object]] = []
    kept = Kept(root, database_of(root, tmp_path / "state"), folder_of, said.append)

    def fails(_: Folder) -> None:
        failure = sqlite3.OperationalError("on purpose")
        failure.sqlite_errorcode = code
        raise failure

    kept.open()
    kept.act(fails)
    assert any("problem" in it for it in said) == (code == sqlite3.SQLITE_FULL), "damage is repaired once"
    kept.open()
    kept.act(fails)
    (problem,) = [str(it["problem"]) for it in said if "problem" in it]
    assert "on purpose" in problem
    assert kept.settled
    assert not is_locked(database_of(root, tmp_path / "state").with_suffix(".lock"))
    kept.close()


def folder_of(root: Path, store: Store) -> Folder:
    return Folder(root, store, lambda path, *, folder=False: False, 10, lambda tasks, urgency: None, lambda: None)


async def test_a_process_that_ends_twice_is_a_problem(root: Path, tmp_path: Path) -> None:
    seen: list[Progress] = []
    await Indexing((root,), tmp_path / "state", command=(sys.executable, "-c", "")).run(seen.append)
    assert [it.problem for it in seen if it.problem] == [ENDED]


async def test_two_servers_share_one_database(root: Path, tmp_path: Path, write: Write) -> None:
    a = write("a.py", "x = 1\n")
    async with running(Indexing((root,), tmp_path / "state")) as second:
        async with settled(root, tmp_path / "state") as first:
            await until(lambda: second.index.paths() == (str(a),))
            a.write_text("fresh = 1\n")
            for both in (first, second):
                both.touched([a])
            await until(lambda: second.index.defined("fresh") and first.index.defined("fresh"))
        b = write("b.py", "later = 1\n")

        def asked() -> object:
            second.touched([b])
            return second.index.defined("later")

        await until(asked)


async def test_another_process_is_waited_for_until_it_has_read_everything(
    root: Path, tmp_path: Path, write: Write
) -> None:
    write("a.py", "x = 1\n")
    file = database_of(root, tmp_path / "state")
    seen: list[Progress] = []
    with holding(file.with_suffix(".lock"), 1.0), closing(Store(file)) as store:
        async with running(Indexing((root,), tmp_path / "state"), seen) as indexing:
            settling = asyncio.create_task(indexing.settled())
            await until(lambda: [it for it in seen if it.message.startswith("Waiting for another process")])
            await asyncio.wait((settling,), timeout=1.5 * FOLLOW_SECONDS)
            assert not settling.done()
            store.say("linked", 1)
            async with asyncio.timeout(30):
                await settling


def test_another_process_that_writes_nothing_is_not_waited_for(root: Path, tmp_path: Path) -> None:
    file = database_of(root, tmp_path / "state")
    with holding(file.with_suffix(".lock"), 1.0):
        kept = Kept(root, file, lambda *_: pytest.fail("it is another's"), lambda _: None, patience=0.05)
        kept.open()
        assert not kept.settled
        time.sleep(FOLLOW_SECONDS + 0.1)
        kept.open()
        assert kept.settled


async def test_a_database_is_left_to_others_by_who_cannot_write_it(root: Path, tmp_path: Path, write: Write) -> None:
    write("a.py", "x = 1\n")
    file = database_of(root, tmp_path / "state")
    file.mkdir(parents=True)  # what no database can be
    async with settled(root, tmp_path / "state") as indexing:
        assert indexing.index.defined("x")
        assert not is_locked(file.with_suffix(".lock"))


async def test_without_an_indexer_nothing_is_waited_for(root: Path, tmp_path: Path) -> None:
    async with running(Indexing((root,), tmp_path / "state", command=(sys.executable, "-c", ""))) as indexing:
        async with asyncio.timeout(30):
            await indexing.settled()
        assert indexing.index.paths() == ()


async def test_a_reader_is_not_held_up_by_the_writer(root: Path, tmp_path: Path, write: Write) -> None:
    write("a.py", "x = 1\n")
    async with settled(root, tmp_path / "state") as indexing:
        writer = sqlite3.connect(database_of(root, tmp_path / "state"), isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM definition")
        indexing._indexes[str(root)].changed()
        assert indexing.index.defined("x")
        writer.close()


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in found.read_text().split()] if found.exists() else []


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
