"""The statistics file: everything arrives, and no trouble with it reaches whoever counts."""

from __future__ import annotations

import logging
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from understudy.core.ledger import KEPT_DAYS, MIGRATIONS, TABLES, Ledger, open_ledger
from understudy.core.statistics import (
    Acceptance,
    Answer,
    Energy,
    EngineRequest,
    Fixed,
    NullRecorder,
    Retention,
    Suggested,
)

ANSWER = Answer("engine", offered=True, language="python", total_ms=12.5, first_token_ms=3.5)
REQUEST = EngineRequest("work", "qwen", 400, None, 12, 0.25)
ENERGY = Energy("GPU-1", 4200.5, 60.0)
NOW = 1_764_036_000.0


@pytest.fixture(name="file")
def fixture_file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "statistics.sqlite"


@pytest.fixture(name="ledger")
def fixture_ledger(file: Path) -> Iterator[Ledger]:
    ledger = Ledger(file, lambda: NOW, gather=0.01, busy=0.05)
    yield ledger
    ledger.close()


def rows(file: Path, table: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(f"SELECT * FROM {table}").fetchall()


def test_every_kind_of_event_arrives(ledger: Ledger, file: Path) -> None:
    known = (ANSWER, Suggested("go"), Acceptance("go", True, 17), Retention("go", 30, 0.75), REQUEST, ENERGY)
    events = (*known, Fixed("fix", "applied", "go", 2.5))
    assert {type(event) for event in events} == set(TABLES)
    for event in events:
        ledger.record(event)
    ledger.close()
    assert rows(file, "answers") == [(NOW, "engine", 1, "python", 12.5, 3.5, None, None, None)]
    assert rows(file, "suggestions") == [(NOW, "go")]
    assert rows(file, "acceptances") == [(NOW, "go", 1, 17)]
    assert rows(file, "retentions") == [(NOW, "go", 30, 0.75)]
    assert rows(file, "requests") == [(NOW, "work", "qwen", 400, None, 12, 0.25)]
    assert rows(file, "fixes") == [(NOW, "fix", "applied", "go", 2.5)]
    assert rows(file, "energy") == [(NOW, "GPU-1", 4200.5, 60.0)]


def test_nothing_is_made_before_the_first_event(ledger: Ledger, file: Path) -> None:
    ledger.flush()
    ledger.close()
    assert not file.parent.exists()


def test_events_arrive_without_being_asked_for(ledger: Ledger, file: Path) -> None:
    ledger.record(ANSWER)
    end = time.monotonic() + 5
    found = 0
    while not found:
        assert time.monotonic() < end
        time.sleep(0.01)
        with closing(open_ledger(file, 1.0)) as connection:
            (found,) = connection.execute("SELECT count(*) FROM answers").fetchone()


def test_recording_takes_no_time_while_the_file_is_locked(file: Path) -> None:
    ledger = Ledger(file, lambda: NOW, gather=0.01, busy=0.05)
    ledger.record(ANSWER)
    ledger.flush()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        began = time.perf_counter()
        for _ in range(1000):
            ledger.record(ANSWER)
        assert time.perf_counter() - began < 0.2
        ledger.flush()
        other.execute("ROLLBACK")
    ledger.close()
    assert len(rows(file, "answers")) == 1001


def test_two_windows_write_at_once(file: Path) -> None:
    ledgers = [Ledger(file, lambda: NOW, gather=0.0, busy=5.0) for _ in range(2)]

    def count(ledger: Ledger) -> None:
        for _ in range(20):
            ledger.record(ANSWER)
            ledger.flush()

    threads = [threading.Thread(target=count, args=(ledger,)) for ledger in ledgers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for ledger in ledgers:
        ledger.close()
    assert len(rows(file, "answers")) == 40


def test_a_broken_file_is_put_aside(ledger: Ledger, file: Path, caplog: pytest.LogCaptureFixture) -> None:
    file.parent.mkdir()
    file.write_bytes(b"this is no database, though it is long enough to be taken for one" * 20)
    ledger.record(ANSWER)
    ledger.close()
    assert len(rows(file, "answers")) == 1
    assert file.with_suffix(".broken.sqlite").read_bytes().startswith(b"this is no database")
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_a_folder_that_cannot_be_made_ends_the_counting(
    ledger: Ledger, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file.parent.write_text("a file where the folder should be")
    for _ in range(3):
        ledger.record(ANSWER)
        ledger.flush()
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_a_full_disk_ends_the_counting(file: Path) -> None:
    code = """
import logging, resource, sys
from pathlib import Path
from understudy.core.ledger import Ledger
from understudy.core.statistics import Suggested
resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))
logging.basicConfig(format="%(message)s")
ledger = Ledger(Path(sys.argv[1]), gather=0.0)
for _ in range(3000):
    ledger.record(Suggested("python"))
ledger.flush()
ledger.record(Suggested("python"))
ledger.close()
"""
    answer = subprocess.run([sys.executable, "-c", code, file], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert answer.stderr.count("\n") == 1, answer.stderr
    assert "no longer kept" in answer.stderr


def test_a_newer_file_is_left_alone(ledger: Ledger, file: Path, caplog: pytest.LogCaptureFixture) -> None:
    open_ledger(file).close()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    ledger.record(ANSWER)
    ledger.close()
    assert rows(file, "answers") == []
    assert "newer" in caplog.text or "version" in caplog.text


def test_the_first_version_is_brought_up_to_date_with_all_that_it_holds(file: Path, ledger: Ledger) -> None:
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as old:
        old.executescript(MIGRATIONS[0] + "PRAGMA user_version = 1;")
        columns = "at, result, offered, language, total_ms, prompt_tokens, cached_tokens, completion_tokens"
        answers = [
            (NOW - 9, "engine", 1, "go", 250.0, 400, 380, 12),
            (NOW - 8, "engine", 1, "go", 500.0, 300, None, None),
            (NOW - 7, "cache", 1, "go", 1.0, None, None, None),
        ]
        old.executemany(f"INSERT INTO answers ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", answers)
        old.commit()
    for event in (REQUEST, ENERGY):
        ledger.record(event)
    ledger.close()
    assert len(rows(file, "answers")) == 3
    assert rows(file, "requests") == [
        (NOW - 9, "typing", "", 400, 380, 12, 0.25),
        (NOW - 8, "typing", "", 300, None, 0, 0.5),
        (NOW, "work", "qwen", 400, None, 12, 0.25),
    ]
    open_ledger(file).close()
    assert len(rows(file, "requests")) == 3, "a second opening brings nothing over again"


def test_old_events_are_dropped(file: Path) -> None:
    old = Ledger(file, lambda: NOW - (KEPT_DAYS + 1) * 86400)
    old.record(ANSWER)
    old.close()
    new = Ledger(file, lambda: NOW)
    new.record(Suggested("go"))
    new.close()
    assert rows(file, "answers") == []
    assert len(rows(file, "suggestions")) == 1


def test_events_after_the_end_are_dropped(ledger: Ledger, file: Path) -> None:
    ledger.record(ANSWER)
    ledger.close()
    ledger.record(ANSWER)
    ledger.close()
    assert len(rows(file, "answers")) == 1


def test_no_column_could_hold_source_text(file: Path) -> None:
    with closing(open_ledger(file)) as connection:
        texts = {
            name
            for table in TABLES.values()
            for _, name, kind, *_ in connection.execute(f"PRAGMA table_info({table})")
            if kind == "TEXT"
        }
    assert texts == {"action", "result", "language", "lane", "model", "board"}


def test_switched_off_counts_nothing() -> None:
    recorder = NullRecorder()
    recorder.record(ANSWER)
    recorder.flush()
    recorder.close()
