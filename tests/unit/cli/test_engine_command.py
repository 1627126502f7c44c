"""`understudy engine`, without an engine; `tests/e2e/vllm` has it with one."""

from __future__ import annotations

import argparse
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from understudy.cli.engine import NOT_READY, add_engine_command, engine_settings
from understudy.cli.engine_status import status_text
from understudy.cli.progress import drawn, progress_bar
from understudy.core.errors import EngineUnavailable, StartFailed
from understudy.core.lock import Lock, acquire
from understudy.engine import log_file
from understudy.engine.base import Progress
from understudy.engine.state import EngineFolder, Status, register, write_status


@pytest.fixture(name="folder")
def fixture_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EngineFolder:
    monkeypatch.setenv("UNDERSTUDY_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("UNDERSTUDY_DATA_HOME", str(tmp_path / "data"))
    return EngineFolder(tmp_path / "state" / "engine")


@pytest.fixture(name="keeper")
def fixture_keeper(folder: EngineFolder) -> Iterator[Lock]:
    """Something that looks like a living keeper."""
    lock = acquire(folder.keeper, 1)
    assert lock
    with lock:
        yield lock


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_engine_command(parser.add_subparsers())
    arguments = parser.parse_args(["engine", *words])
    status: int = arguments.func(arguments)
    return status


def test_status_before_any_start(folder: EngineFolder, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("status") == NOT_READY
    assert capsys.readouterr().out.startswith("stopped: No engine has been started yet.")


def test_status_of_a_ready_engine(folder: EngineFolder, keeper: Lock, capsys: pytest.CaptureFixture[str]) -> None:
    status = Status("ready", "Ready", 100, "http://127.0.0.1:8001/v1", "m", "m", pid=os.getpid(), since=1.0)
    write_status(folder, status)
    with register(folder, "editor"):
        assert run("status", "--json") == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["url"] == "http://127.0.0.1:8001/v1"
    assert facts["users"] == [{"pid": os.getpid(), "who": "editor"}]
    assert facts["uptime"] > 1000
    assert run("status") == 0
    assert "users:   none" in capsys.readouterr().out


def test_status_of_a_failed_engine_says_what_to_do(folder: EngineFolder, capsys: pytest.CaptureFixture[str]) -> None:
    write_status(folder, Status("failed", "The disk is full.", problem="The disk is full.", remedy="Make room."))
    assert run("status") == NOT_READY
    assert capsys.readouterr().out.startswith("failed: The disk is full. Make room.")


def test_starting_says_how_far() -> None:
    facts = {"phase": "starting", "message": "Loading", "percent": 70, "remedy": "", "log": "/l", "servers": []}
    facts |= dict.fromkeys(("model", "url", "pid", "uptime", "memory", "users"))
    assert status_text(facts).startswith("starting: Loading, 70 %")


def test_stop_and_logs_without_an_engine(folder: EngineFolder, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("stop") == 0
    assert capsys.readouterr().out == "No engine was running.\n"
    with pytest.raises(EngineUnavailable, match="no log yet"):
        run("logs")


def test_logs_shows_the_last_lines(folder: EngineFolder, capsys: pytest.CaptureFixture[str]) -> None:
    run("status")
    log_file.append(folder.log, "one\ntwo\nthree\n")
    capsys.readouterr()
    assert run("logs", "-n", "2") == 0
    assert capsys.readouterr().out == "two\nthree\n"


def test_start_without_an_installation_names_the_command(folder: EngineFolder) -> None:
    with pytest.raises(EngineUnavailable, match="understudy engine install"):
        run("start")


def test_start_on_a_folder_that_is_none(folder: EngineFolder, tmp_path: Path) -> None:
    with pytest.raises(StartFailed, match="No such folder"):
        run("start", "--model", str(tmp_path / "none"))


def test_start_serves_the_model_that_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert engine_settings("/m").model == "/m"
    assert engine_settings("owner/name").model == "owner/name"
    (tmp_path / "owner" / "name").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert engine_settings("owner/name").model == str(tmp_path / "owner" / "name")
    assert engine_settings(None).url is None


def test_the_bar_never_goes_back_and_fits_the_line() -> None:
    out = io.StringIO()
    with progress_bar(out) as show:
        for percent in (0, 40, 20, 70, 100):
            show(Progress("Working", percent))
    assert out.getvalue() == "  0 %  Working\n 40 %  Working\n 70 %  Working\n100 %  Working\n"
    assert len(drawn(Progress("x" * 200, 50), 80)) == 79
    assert drawn(Progress("half", 50), 80).count("█") == drawn(Progress("half", 50), 80).count("░")
