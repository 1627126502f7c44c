"""`understudy eval` as a person types it, with the scripted engine as the model and the real sandbox."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from confined import sandbox
from own_problems import PROBLEMS, answers, right, write_problems, wrong
from repositories import repository
from typed_command import Run

ALL = len(PROBLEMS)


@pytest.fixture(name="data")
def fixture_data(tmp_path: Path) -> Path:
    return write_problems(tmp_path / "own.jsonl.gz")


@pytest.fixture(name="model")
def fixture_model(tmp_path: Path) -> Path:
    """A script for an engine that fills every hole rightly."""
    path = tmp_path / "model.txt"
    path.write_text(answers(right))
    return path


def summary(path: Path) -> Any:
    return json.loads(path.read_text())


def asked(path: Path) -> list[str]:
    """The keys of a file of results, in their order."""
    return [json.loads(line)["key"] for line in path.read_text().splitlines()[1:]]


@pytest.mark.parametrize(("fill", "share"), [(right, 1.0), (wrong, 0.0)])
def test_the_right_model_passes_and_the_wrong_one_does_not(
    run: Run, data: Path, model: Path, tmp_path: Path, fill: object, share: float
) -> None:
    sandbox()
    model.write_text(answers(fill))
    out = tmp_path / "deep" / "summary.json"
    answer = run("eval", "infill", "--data", str(data), "--json", str(out), UNDERSTUDY_SCRIPT=str(model))
    assert answer.returncode == 0, answer.stderr
    assert f" {100 * share:.1f} % " in answer.stdout
    found = summary(out)
    (row,) = found["strategies"]
    assert (row["pass_at_1"], row["exact"], row["problems"]) == (share, share, ALL)
    assert (found["model"], found["engine"], found["sandboxed"]) == ("scripted", "scripted", True)
    assert (found["benchmark"], found["data"], len(found["sha256"])) == ("single-line", str(data), 64)
    assert found["formats"] == {"auto": "qwen"}
    assert found["date"][:2] == "20"
    # None where git refuses, as in a container that another user's checkout is mounted into.
    assert found["commit"] is None or len(found["commit"].partition("+")[0]) == 40
    assert found["understudy"]


def test_two_strategies_are_compared(run: Run, data: Path, model: Path) -> None:
    sandbox()
    words = ("eval", "infill", "--data", str(data), "--strategy", "fim", "--strategy", "hole", "--strategy", "auto")
    answer = run(*words, UNDERSTUDY_SCRIPT=str(model))
    assert answer.returncode == 0, answer.stderr
    head, fim, hole, *_ = answer.stdout.splitlines()
    assert [line.split()[:2] for line in (head, fim, hole)] == [
        ["strategy", "format"],
        ["fim", "qwen"],
        ["hole", "hole"],
    ]
    assert "auto is qwen with this model, as fim is" in answer.stderr
    assert "No strategy is really better" in answer.stdout


def test_the_same_command_asks_nothing_again(run: Run, data: Path, model: Path, home: dict[str, str]) -> None:
    sandbox()
    words = ("eval", "infill", "--data", str(data))
    first = run(*words, UNDERSTUDY_SCRIPT=str(model))
    assert "It is a new run in" in first.stderr
    # Now everything would be answered wrongly, were it asked.
    model.write_text(answers(wrong))
    second = run(*words, UNDERSTUDY_SCRIPT=str(model))
    assert second.stdout == first.stdout
    assert f"which holds {ALL} of them" in second.stderr
    anew = run(*words, "--again", UNDERSTUDY_SCRIPT=str(model))
    assert " 0.0 % " in anew.stdout
    other = run(*words, "--limit", "2", UNDERSTUDY_SCRIPT=str(model))
    assert "unlike the last one in: problems" in other.stderr
    folder = Path(home["UNDERSTUDY_DATA_HOME"]) / "evaluations"
    assert sorted(len(asked(path)) for path in folder.iterdir()) == [2, ALL]
    listed = run("eval", "list").stdout
    assert f"scripted: {ALL} answers in {folder}" in listed
    assert listed.startswith("infill ")


def test_a_full_disk_says_what_is_kept(run: Run, data: Path, model: Path, tmp_path: Path) -> None:
    sandbox()
    words = ("eval", "infill", "--data", str(data), "--out", str(tmp_path / "run.jsonl"))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1300, before[1]))  # bytes of a file: room for the first line and a bit
    try:
        answer = run(*words, UNDERSTUDY_SCRIPT=str(model))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert answer.returncode != 0
    assert f"of {ALL} answers are kept in {tmp_path / 'run.jsonl'}" in answer.stderr
    assert run(*words, UNDERSTUDY_SCRIPT=str(model)).returncode == 0


def test_a_sample_is_the_seeds(run: Run, data: Path, model: Path, tmp_path: Path) -> None:
    sandbox()
    tasks = []
    for number, seed in enumerate(("1", "1", "5")):
        out = tmp_path / f"{number}.jsonl"
        words = ("eval", "infill", "--data", str(data), "--limit", "2", "--seed", seed, "--out", str(out))
        assert run(*words, UNDERSTUDY_SCRIPT=str(model)).returncode == 0
        tasks.append(asked(out))
    assert tasks[0] == tasks[1] != tasks[2]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_interrupted_and_gone_on_with(
    run: Run, data: Path, model: Path, home: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    sandbox()
    slow, out = tmp_path / "slow.txt", tmp_path / "out.jsonl"
    slow.write_text(answers(right, delay_ms=1500))
    words = ["eval", "infill", "--data", str(data), "--out", str(out)]
    command = [sys.executable, "-m", "understudy", *words]
    environment = {**home, "UNDERSTUDY_SCRIPT": str(slow)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        end = time.monotonic() + 40
        while not (out.exists() and len(out.read_text().splitlines()) > 2):
            assert time.monotonic() < end
            time.sleep(0.02)
        process.send_signal(number)
        _, said = process.communicate()
    kept = asked(out)
    assert 2 <= len(kept) < ALL
    if number is signal.SIGINT:
        assert process.returncode == 130
        assert said.splitlines()[-1] == (
            f"Interrupted: {len(kept)} of {ALL} answers are kept in {out}. The same command goes on from there."
        )
    with out.open("a") as file:
        file.write('{"key": "auto Single')
    answer = run(*words, UNDERSTUDY_SCRIPT=str(model))
    assert answer.returncode == 0, answer.stderr
    assert f"which holds {len(kept)} of them" in answer.stderr
    assert asked(out)[: len(kept)] == kept
    assert sorted(asked(out)) == sorted(f"auto {problem.task_id}" for problem in PROBLEMS), "none twice, none lost"


def test_an_engine_that_fails_keeps_what_was_answered(run: Run, data: Path, tmp_path: Path) -> None:
    sandbox()
    broken, out = tmp_path / "broken.txt", tmp_path / "out.jsonl"
    broken.write_text(answers(right).partition("===")[0] + "===\n!error 503 overloaded\n")
    answer = run("eval", "infill", "--data", str(data), "--out", str(out), UNDERSTUDY_SCRIPT=str(broken))
    assert answer.returncode == 1
    assert f"Interrupted: 1 of {ALL} answers are kept" in answer.stderr
    assert "overloaded" in answer.stderr.splitlines()[-1]
    assert "Traceback" not in answer.stderr


def without_bubblewrap(tmp_path: Path) -> str:
    """A PATH on which there is git and no bubblewrap."""
    folder = tmp_path / "bin"
    folder.mkdir()
    return str(folder)


def test_without_a_sandbox_the_user_must_say_yes(run: Run, data: Path, model: Path, tmp_path: Path) -> None:
    path = without_bubblewrap(tmp_path)
    words = ("eval", "infill", "--data", str(data))
    refused = run(*words, UNDERSTUDY_SCRIPT=str(model), PATH=path)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "bubblewrap is not installed." in refused.stderr
    assert "Or give --unsandboxed." in refused.stderr
    out = tmp_path / "summary.json"
    agreed = run(*words, "--unsandboxed", "--json", str(out), UNDERSTUDY_SCRIPT=str(model), PATH=path)
    assert agreed.returncode == 0, agreed.stderr
    assert "runs with your own rights" in agreed.stderr
    assert summary(out)["sandboxed"] is False
    assert summary(out)["strategies"][0]["pass_at_1"] == 1.0


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
@pytest.mark.parametrize(("typed", "status"), [("y\n", 0), ("n\n", 2), ("\n", 2)])
def test_at_a_terminal_the_user_is_asked(
    home: dict[str, str], data: Path, model: Path, tmp_path: Path, typed: str, status: int
) -> None:
    import pty

    environment = {**home, "UNDERSTUDY_SCRIPT": str(model), "PATH": without_bubblewrap(tmp_path)}
    command = [sys.executable, "-m", "understudy", "eval", "infill", "--data", str(data)]
    ours, theirs = pty.openpty()
    try:
        with subprocess.Popen(command, env=environment, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE) as process:
            said = ""
            while "[y/N]" not in said:
                said += os.read(ours, 1000).decode()
            os.write(ours, typed.encode())
            shown, _ = process.communicate(timeout=60)
    finally:
        os.close(ours)
        os.close(theirs)
    assert process.returncode == status
    assert bool(shown) is (status == 0)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("eval",), "required: EVALUATION"),
        (("eval", "swebench"), "invalid choice"),
        (("eval", "infill", "--data", "/no/such/file", "--unsandboxed"), "/no/such/file cannot be read"),
        (("eval", "infill", "--strategy", "guess"), "invalid choice: 'guess'"),
        (("eval", "infill", "--limit", "0"), "say a number from 1 on, not 0"),
        (("eval", "infill", "--limit", "x"), "--limit: say a number from 1 on, not x"),
        (("eval", "infill", "--max-tokens", "0", "--unsandboxed"), "Give --max-tokens above 0."),
        (("eval", "replay"), "required: --repo"),
        (("eval", "replay", "--repo", "/no/such/folder"), "git cannot read /no/such/folder"),
        (("eval", "replay", "--repo", ".", "--speed", "0"), "Nothing would be typed."),
    ],
)
def test_words_that_are_off(run: Run, words: tuple[str, ...], sentence: str) -> None:
    answer = run(*words, UNDERSTUDY_SCRIPT="", UNDERSTUDY_ENGINE_URL="http://127.0.0.1:9/v1")
    assert (answer.returncode, answer.stdout) == (2, ""), "said before an engine is waited for"
    assert sentence in answer.stderr
    assert "Traceback" not in answer.stderr
    assert answer.stderr.splitlines()[-1].startswith("understudy: ")


def test_a_file_of_results_that_is_none(run: Run, data: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("precious\n")
    answer = run("eval", "infill", "--data", str(data), "--out", str(notes), "--unsandboxed")
    assert answer.returncode == 2
    assert "does not hold results" in answer.stderr
    assert notes.read_text() == "precious\n"


def test_replay_of_a_repository(run: Run, tmp_path: Path) -> None:
    added = "def add(first, second):\n    total = first + second\n    return total\n"
    repository(tmp_path / "repository", {"a.py": "import os\n"}, {"a.py": f"import os\n\n\n{added}"})
    out = tmp_path / "summary.json"
    words = ("eval", "replay", "--repo", str(tmp_path / "repository"), "--speed", "10", "--json", str(out))
    settings = {"UNDERSTUDY_COMPLETION_DEBOUNCE_MS": "0"}
    answer = run(*words, **settings)
    assert answer.returncode == 0, answer.stderr
    assert "keystrokes answered without a new engine request" in answer.stdout
    found = summary(out)
    assert found["keystrokes"] > 40
    assert found["requests"] > 0
    assert found["repository"] == str(tmp_path / "repository")
    again = run(*words, **settings)
    assert again.stdout == answer.stdout, "nothing was typed again"


def test_a_server_by_its_address(run: Run, data: Path) -> None:
    """The words name another engine than the settings; here nobody answers there."""
    words = ("eval", "infill", "--data", str(data), "--unsandboxed", "--url", "http://127.0.0.1:9/v1")
    answer = run(*words, UNDERSTUDY_SCRIPT="", UNDERSTUDY_ENGINE_URL="http://127.0.0.1:7/v1")
    assert answer.returncode == 1
    assert "Nobody answers at http://127.0.0.1:9/v1" in answer.stderr


def test_a_summary_that_cannot_be_written_is_told_before_anything_is_asked(run: Run, data: Path, model: Path) -> None:
    sandbox()
    words = ("eval", "infill", "--data", str(data), "--json", "/proc/none/summary.json")
    answer = run(*words, UNDERSTUDY_SCRIPT=str(model))
    assert answer.returncode == 2
    assert "/proc/none/summary.json cannot be written" in answer.stderr
    assert answer.stdout == ""
