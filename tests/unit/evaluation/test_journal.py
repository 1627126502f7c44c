"""Nothing that was answered is lost or asked again, and no two runs get mixed up."""

from __future__ import annotations

import json
import resource
from pathlib import Path
from typing import Any

import pytest

from understudy.core.errors import UsageError
from understudy.evaluation.journal import Journal, differences, file_name, open_journal, read_journal

THIS = {"model": "a", "seed": 1}
OTHER = {"model": "b", "seed": 1}


def opened(path: Path, identity: Any = THIS, **more: Any) -> Journal:
    return open_journal(path, identity, {"date": "today"}, **more)


@pytest.fixture(name="path")
def fixture_path(tmp_path: Path) -> Path:
    """A file with two answers."""
    journal = opened(tmp_path / "deep" / "run.jsonl")
    journal.add("one", {"passed": True, "text": "é\n"})
    journal.add("two", {"passed": False})
    journal.close()
    return journal.path


def test_it_goes_on(path: Path) -> None:
    journal = opened(path)
    assert journal.records == {"one": {"passed": True, "text": "é\n"}, "two": {"passed": False}}
    journal.add("three", {})
    journal.close()
    assert list(read_journal(path).records) == ["one", "two", "three"]
    assert read_journal(path).head["date"] == "today"


@pytest.mark.parametrize("half", ['{"key": "three", "passed": tr', '{"key": "three"}', "\ufffd", "{"])
def test_half_a_line_at_the_end_is_dropped(path: Path, half: str) -> None:
    """A line counts when its end is there: even one that could be read may lack something."""
    whole = path.read_bytes()
    path.write_bytes(whole + half.encode())
    assert list(read_journal(path).records) == ["one", "two"]
    journal = opened(path)
    assert path.read_bytes() == whole
    journal.add("three", {"passed": True})
    journal.close()
    assert [json.loads(line).get("key") for line in path.read_text().splitlines()] == [None, "one", "two", "three"]


def test_another_run_gets_a_file_beside_it(path: Path) -> None:
    before = path.read_bytes()
    other = opened(path, OTHER)
    assert (other.path.name, other.records) == ("run-2.jsonl", {})
    other.add("one", {"passed": False})
    other.close()
    assert path.read_bytes() == before
    again = opened(path, OTHER)
    assert (again.path, list(again.records)) == (other.path, ["one"])
    again.close()


def test_again_begins_anew_in_the_same_file(path: Path) -> None:
    journal = opened(path, again=True)
    assert (journal.path, journal.records) == (path, {})
    journal.close()
    assert len(path.read_text().splitlines()) == 1


def test_two_runs_do_not_write_one_file(path: Path) -> None:
    journal = opened(path)
    with pytest.raises(UsageError, match="Somebody is writing"):
        opened(path)
    journal.close()
    opened(path).close()
    assert [entry.name for entry in path.parent.iterdir()] == ["run.jsonl"], "the lock goes with its holder"


@pytest.mark.parametrize("text", ["", "precious notes\n", '{"kind": "else"}\n', "[]\n", '{"half": '])
def test_a_file_of_another_kind_is_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "notes.jsonl"
    path.write_text(text)
    with pytest.raises(UsageError, match="does not hold results"):
        opened(path)
    assert path.read_text() == text


def test_names_tell_runs_apart() -> None:
    name = file_name("infill", "maker/Model 7B", THIS)
    assert name.startswith("infill-Model-7B-")
    assert name == file_name("infill", "maker/Model 7B", {"seed": 1, "model": "a"}), "the order of words is no matter"
    assert name != file_name("infill", "maker/Model 7B", OTHER)
    assert differences(THIS, OTHER) == ["model"]
    assert differences(THIS, {"seed": 1}) == ["model"]


def test_a_disk_that_is_full_leaves_no_file_in_the_way(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))  # bytes that a file may hold
    try:
        with pytest.raises(OSError, match="large"):
            opened(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    journal = opened(path)
    assert journal.path == path
    journal.close()


@pytest.mark.parametrize("line", ["5", "[]", '{"passed": true}'])
def test_a_line_that_is_no_result(path: Path, line: str) -> None:
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(UsageError, match="does not hold results"):
        read_journal(path)


def test_a_first_line_that_names_no_run(path: Path) -> None:
    path.write_text('{"kind": "understudy-evaluation"}\n')
    with pytest.raises(UsageError, match="does not hold results"):
        read_journal(path)
