"""Whatever is wrong with what was typed, or with the machine: one sentence, a remedy, a status, and no traceback."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typed_command import Run

from understudy.cli.main import BUG, CommandRow, main

NOBODY = "http://127.0.0.1:9/v1"  # the discard port: nobody listens there


def one_sentence(answer: subprocess.CompletedProcess[str], status: int) -> str:
    """What the command said, once it is certain that it said one thing, in the right place."""
    assert answer.returncode == status, answer.stderr
    assert answer.stdout == ""
    said = [line for line in answer.stderr.splitlines() if line.startswith("understudy: ")]
    assert len(said) == 1, answer.stderr
    assert "Traceback" not in answer.stderr
    return said[0].removeprefix("understudy: ")


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("complete", "nowhere.py:1:1"), "There is no file nowhere.py."),
        (("complete", "{folder}:1:1"), "is a folder."),
        (("complete", "{file}:9:1"), "has no line 9. Its lines go from 1 to 3."),
        (("complete", "{file}:0:1"), "has no line 0."),
        (("complete", "{file}:2:99"), "has no column 99. Its columns go from 1 to 12."),
        (("complete", "{file}"), "names no place in a file. Say where as FILE:LINE:COL"),
        (("complete", "{file}:x:y"), "names no place in a file."),
        (("complete", "{file}:²:1"), "names no place in a file."),
        (("complete", "{binary}:1:1"), "is not UTF-8 text."),
        (("complete", "{long}:1:1"), "cannot be read (File name too long). Check the path"),
        (("complete",), "required: FILE:LINE:COL"),
        (("stats", "--days", "0"), "say a number of days from 1 on"),
        (("stats", "--kwh", "nan"), "say a price like 0.30, not nan"),
        (("stats", "--price", "Qwen2.5-Coder-7B"), "The catalogue knows no price of Qwen2.5-Coder-7B. It knows prices"),
        (("stats", "--price", "Qwen3.6-Plus@nobody"), "no price of Qwen3.6-Plus at nobody. It knows: "),
        (("lsp", "--tcp", "70000"), "a port is a number from 0 to 65535"),
        (("--tcp", "many"), "a port is a number"),
        (("engine",), "required: ACTION"),
        (("enigne",), "invalid choice: 'enigne'"),
        (("doctor", "--jsno"), "Unrecognized arguments: --jsno."),
    ],
)
def test_words_that_are_off(run: Run, source: Path, words: tuple[str, ...], part: str) -> None:
    binary = source.with_name("image.png")
    binary.write_bytes(b"\x89PNG\xff\xfe")
    names = {"file": str(source), "folder": str(source.parent), "binary": str(binary), "long": "x" * 256}
    said = one_sentence(run(*(word.format(**names) for word in words)), 2)
    assert part in said
    assert said.endswith(".")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(run: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    assert "is a pipe or a device." in one_sentence(run("context", f"{tmp_path / 'pipe.py'}:1:1"), 2)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows deletes no folder that somebody is in")
@pytest.mark.parametrize("words", ["map", "context x.py:1:1"])
def test_a_folder_that_was_deleted_meanwhile(home: dict[str, str], tmp_path: Path, words: str) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    shell = f"rmdir {gone}; {sys.executable} -m understudy {words}"
    one_sentence(
        subprocess.run(["sh", "-c", shell], cwd=gone, env=home, capture_output=True, text=True, check=False), 2
    )


def test_an_engine_that_nobody_runs(run: Run, source: Path) -> None:
    environment = {"UNDERSTUDY_SCRIPT": "", "UNDERSTUDY_ENGINE_URL": NOBODY}
    said = one_sentence(run("complete", f"{source}:2:12", **environment), 1)
    assert said.startswith(f"Nobody answers at {NOBODY}.")
    assert "engine.url" in said


def test_an_engine_that_is_not_installed(run: Run, source: Path) -> None:
    said = one_sentence(run("complete", f"{source}:2:12", UNDERSTUDY_SCRIPT=""), 1)
    assert said == "The engine is not installed. Run `understudy engine install`."


@pytest.mark.parametrize("command", ["complete", "engine"])
def test_a_model_folder_without_weights(run: Run, source: Path, tmp_path: Path, command: str) -> None:
    model = tmp_path / "model"
    model.mkdir()
    (model / "config.json").write_text("{}")
    words = ("complete", f"{source}:2:12") if command == "complete" else ("engine", "start", "--model", str(model))
    environment = {"UNDERSTUDY_SCRIPT": "", "UNDERSTUDY_ENGINE_MODEL": str(model)}
    said = one_sentence(run(*words, **environment), 1)
    assert f"{model} holds no weights" in said


def test_a_script_that_is_missing(run: Run, source: Path) -> None:
    said = one_sentence(run("complete", f"{source}:2:12", UNDERSTUDY_SCRIPT="/nowhere"), 2)
    assert "The script /nowhere cannot be read." in said


def test_a_port_that_is_taken(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = one_sentence(run("lsp", "--tcp", str(port)), 2)
    assert said.startswith(f"Port {port} cannot be used")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
@pytest.mark.parametrize("words", [("stats",), ("doctor",)])
def test_a_full_disk(home: dict[str, str], words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "understudy", *words]
        answer = subprocess.run(command, env=home, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert answer.returncode == 1
    assert answer.stderr == "understudy: The disk is full. Make room and try again.\n"


def test_a_folder_that_cannot_be_made(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    environment = {"UNDERSTUDY_STATE_HOME": str(tmp_path / "file" / "state"), "UNDERSTUDY_SCRIPT": ""}
    said = one_sentence(run("engine", "start", **environment), 1)
    assert said.startswith(f"Not a directory: {tmp_path}")


def test_statistics_that_are_damaged(run: Run, home: dict[str, str]) -> None:
    file = Path(home["UNDERSTUDY_DATA_HOME"]) / "statistics.sqlite"
    file.parent.mkdir()
    file.write_bytes(b"no database" * 100)
    said = one_sentence(run("stats"), 1)
    assert f"The statistics in {file} cannot be read" in said
    assert "Delete the file" in said


def test_a_settings_file_that_is_no_toml_does_not_keep_from_working(
    run: Run, home: dict[str, str], source: Path
) -> None:
    config = Path(home["UNDERSTUDY_CONFIG_HOME"]) / "config.toml"
    config.parent.mkdir()
    config.write_text("[engine\n")
    answer = run("complete", f"{source}:2:12")
    assert (answer.returncode, answer.stdout) == (0, "a + b\n")
    assert f"{config} cannot be read" in answer.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")
def test_a_reader_that_has_gone(home: dict[str, str]) -> None:
    command = [sys.executable, "-m", "understudy", "doctor"]
    reader, writer = os.pipe()
    os.close(reader)
    answer = subprocess.run(command, env=home, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert (answer.returncode, answer.stderr) == (141, "100 %  Opening the script\n" * answer.stderr.count("\n"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT to send")
def test_an_interrupt_ends_it_without_a_word(home: dict[str, str], source: Path) -> None:
    Path(home["UNDERSTUDY_SCRIPT"]).write_text("!hang\n")
    command = [sys.executable, "-m", "understudy", "complete", f"{source}:2:12"]
    with subprocess.Popen(command, env=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "Opening the script" in process.stderr.readline()
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (130, "", "")


def add_broken(commands: object) -> None:
    raise RuntimeError("the sky fell\nand more")


def test_a_bug_is_called_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("UNDERSTUDY_STATE_HOME", str(tmp_path / "state"))
    assert main(["broken"], [CommandRow("broken", "", f"{__name__}:add_broken")]) == BUG
    said = capsys.readouterr().err
    log = tmp_path / "state" / "bugs.log"
    assert said == (
        f"understudy: This is a bug in Understudy (RuntimeError: the sky fell); the details are in {log}. "
        "Please report it.\n"
    )
    assert "Traceback" in log.read_text()


def test_a_bug_is_called_one_where_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("UNDERSTUDY_STATE_HOME", str(tmp_path / "file"))
    assert main(["broken"], [CommandRow("broken", "", f"{__name__}:add_broken")]) == BUG
    assert "its details could not be written down" in capsys.readouterr().err
