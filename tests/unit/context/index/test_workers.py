"""Processes that parse: what a file costs on which one dies, hangs or talks."""

from __future__ import annotations

import marshal
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pytest

from understudy.context.index import workers
from understudy.context.index.entry import Entry, digest
from understudy.context.index.worker import Answer
from understudy.context.index.workers import LATER, NOW, SOON, Workers

# A worker whose fate hangs on the name of the file.
FATES = """
import os, sys, time
from understudy.context.index import worker
real = worker.answer
def answer(path, known):
    if "dies" in path:
        os.kill(os.getpid(), 9)
    if "hangs" in path:
        time.sleep(60)
    if "talks" in path:
        print("a grammar says something")
    return real(path, known)
worker.answer = answer
worker.main()
"""
Answers = queue.Queue[tuple[str, Answer]]


@contextmanager
def running(count: int, *command: str, hangs: float = workers.HANGS_SECONDS) -> Iterator[tuple[Workers, Answers]]:
    answers: Answers = queue.Queue()
    it = Workers(count, lambda path, answer: answers.put((path, answer)), command or workers.COMMAND, hangs)
    try:
        yield it, answers
    finally:
        it.close()


def sources(folder: Path, *names: str) -> list[str]:
    for name in names:
        (folder / name).write_text(f"{name[0]} = 1\n")
    return [str(folder / name) for name in names]


def test_files_are_parsed_by_several(tmp_path: Path) -> None:
    paths = sources(tmp_path, *(f"f{number}.py" for number in range(40)))
    with running(2) as (it, answers):
        it.submit([(path, ()) for path in paths])
        found = dict(answers.get(timeout=30) for _ in paths)
    assert sorted(found) == sorted(paths)
    assert {Entry(*answer).digest for answer in found.values() if isinstance(answer, tuple)} == {digest(b"f = 1\n")}


def test_what_is_known_is_not_parsed(tmp_path: Path) -> None:
    (path,) = sources(tmp_path, "a.py")
    with running(1) as (it, answers):
        it.submit([(path, (digest(b"a = 1\n"),)), (str(tmp_path / "gone.py"), ())])
        assert [answers.get(timeout=30) for _ in range(2)] == [
            (path, digest(b"a = 1\n")),
            (str(tmp_path / "gone.py"), "gone"),
        ]


@pytest.mark.parametrize("fate", ["dies", "hangs"])
def test_a_worker_that_ends_costs_the_file_that_it_was_at(tmp_path: Path, fate: str) -> None:
    paths = sources(tmp_path, "a.py", f"{fate}.py", "talks.py", "z.py")
    with running(1, sys.executable, "-c", FATES, hangs=2.0) as (it, answers):
        it.submit([(path, ()) for path in paths])
        found: list[tuple[str, Answer]] = []
        while len(found) < len(paths):
            try:
                found.append(answers.get(timeout=1.0))
            except queue.Empty:
                it.check()
    assert [path for path, _ in found] == paths
    assert [path for path, answer in found if answer == "crashed"] == [paths[1]]


def test_what_was_saved_goes_first(tmp_path: Path) -> None:
    paths = sources(tmp_path, "a.py", "b.py", "c.py", *(f"f{number}.py" for number in range(200)))
    with running(1) as (it, answers):
        it.submit([(path, ()) for path in paths[3:]], SOON)
        it.submit([(paths[0], ())], LATER)
        answers.get(timeout=30)
        it.submit([(paths[1], ())], NOW)
        order = [answers.get(timeout=30)[0] for _ in range(201)]
    assert order.index(paths[1]) <= 2 * workers.BATCH
    assert order[-1] == paths[0]


def test_what_is_withdrawn_is_not_parsed(tmp_path: Path) -> None:
    paths = sources(tmp_path, *(f"f{number}.py" for number in range(300)))
    with running(1) as (it, answers):
        it.submit([(path, ()) for path in paths])
        answers.get(timeout=30)
        assert it.withdraw() >= 200


def test_it_closes_soon_also_when_nobody_takes_its_answers(tmp_path: Path) -> None:
    begun, taken = queue.Queue[str](), threading.Event()

    def answered(path: str, answer: Answer) -> None:
        begun.put(path)
        taken.wait()

    paths = sources(tmp_path, *(f"f{number}.py" for number in range(8 * workers.BATCH)))
    it = Workers(4, answered)
    it.submit([(path, ()) for path in paths])
    for _ in range(4):
        begun.get(timeout=30)
    before = monotonic()
    it.close()
    assert monotonic() - before < 2 * workers.CLOSE_SECONDS
    taken.set()


def test_a_worker_whose_indexer_was_killed_ends_without_a_word(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "understudy.context.index.worker"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        assert worker.stderr is not None
        worker.stdout.close()
        worker.stdin.write(marshal.dumps([(path, ()) for path in sources(tmp_path, "a.py", "b.py")]))
        worker.stdin.close()
        assert worker.stderr.read() == b""
        assert worker.wait(30) == 0


def test_a_process_that_cannot_be_started_is_started_later(tmp_path: Path) -> None:
    (path,) = sources(tmp_path, "a.py")
    program = tmp_path / "program"
    with running(1, str(program)) as (it, answers):
        it.submit([(path, ())])
        with pytest.raises(queue.Empty):
            answers.get(timeout=0.3)
        (tmp_path / "written").write_text(f"#!/bin/sh\nexec {' '.join(workers.COMMAND)}\n")
        (tmp_path / "written").chmod(0o700)
        (tmp_path / "written").rename(program)
        assert isinstance(answers.get(timeout=30)[1], tuple)
