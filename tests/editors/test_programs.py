"""The programs themselves: each has the version that the tests are for, and can start the server as its child."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from debian import Unavailable, fetch
from install import main
from processes import descendants, runs
from programs import PROGRAMS, Program, find, program, version_of
from terminal import terminal
from user import User

ASK = {
    "nvim": ("--headless", "-c", "verbose echo system(['understudy', '--version'])", "-c", "q"),
    "emacs": ("--batch", "-Q", "--eval", '(princ (shell-command-to-string "understudy --version"))'),
    "node": ("-p", "require('child_process').execFileSync('understudy', ['--version']).toString()"),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_runs_and_is_new_enough(name: str) -> None:
    version = version_of(program(name), PROGRAMS[name].version_argument)
    assert version is not None
    assert PROGRAMS[name].suits(version)


@pytest.mark.parametrize("name", ASK)
def test_it_starts_the_server_of_this_machine(name: str, user: User) -> None:
    """A program that brought its own C library must not hand it to its children."""
    ran = subprocess.run([program(name), *ASK[name]], env=user.environment, capture_output=True, text=True, timeout=60)
    assert "understudy 0." in ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("version", "suits"), [((24,), True), ((24, 1, 3), True), ((23, 9), False), ((25,), False), ((25, 0), False)]
)
def test_a_version_is_neither_too_old_nor_too_new(version: tuple[int, ...], *, suits: bool) -> None:
    assert Program("node", (24,), below=(25,)).suits(version) is suits


@pytest.mark.parametrize(
    ("said", "version"), [("NVIM v0.12.4-dev", (0, 12, 4)), ("tmux 3.3a", (3, 3)), ("", None), ("none", None)]
)
def test_the_version_is_what_a_program_says_first(tmp_path: Path, said: str, version: tuple[int, ...] | None) -> None:
    script = tmp_path / "program"
    script.write_text(f"#!/bin/sh\necho '{said}'\n")
    script.chmod(0o755)
    assert version_of(script) == version


def test_what_is_not_there_has_no_version(tmp_path: Path) -> None:
    assert version_of(tmp_path / "program") is None


def test_a_missing_program_skips_the_test_or_fails_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PROGRAMS, "vi-of-the-future", Program("vi-of-the-future", (9,)))
    monkeypatch.delenv("UNDERSTUDY_EDITORS", raising=False)
    with pytest.raises(pytest.skip.Exception, match="vi-of-the-future 9 or newer, is not on PATH"):
        program("vi-of-the-future")
    monkeypatch.setenv("UNDERSTUDY_EDITORS", "required")
    with pytest.raises(pytest.fail.Exception, match="make editors"):
        program("vi-of-the-future")


def test_a_program_that_cannot_be_had_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(PROGRAMS, "vi-of-the-future", Program("vi-of-the-future", (9,)))
    monkeypatch.delenv("UNDERSTUDY_EDITORS", raising=False)
    assert main(["vi-of-the-future"]) == 0
    assert capsys.readouterr().out == "editors: vi-of-the-future cannot be had here. Nobody offers it.\n"
    monkeypatch.setenv("UNDERSTUDY_EDITORS", "required")
    assert main(["vi-of-the-future"]) == 1


def test_elsewhere_than_on_debian_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match="This is not Debian: install the editors"):
        fetch(["neovim"], tmp_path / "tree", tmp_path / "work", lambda _: None)
    assert not any(tmp_path.iterdir())


def test_nothing_is_left_of_a_terminal(user: User) -> None:
    """Not even of a program that ignores that its terminal went away."""
    stubborn = "import signal, time; signal.signal(signal.SIGHUP, signal.SIG_IGN); print('here'); time.sleep(600)"
    with terminal([sys.executable, "-c", stubborn], folder=user.project, environment=user.environment) as screen:
        screen.wait("here")
        family = descendants(screen.pid())
        assert family
    assert not any(map(runs, family))


def test_the_screen_is_what_the_program_shows(user: User) -> None:
    command: Sequence[str] = ["sh", "-c", "printf 'one\\033[31mred'; read line; echo got $line; sleep 60"]
    with terminal(command, folder=user.project, environment=user.environment, columns=20, rows=5) as screen:
        screen.wait("onered")
        assert "\x1b[31mred" in screen.capture()
        screen.type("C-x ; two")
        screen.keys("Enter")
        screen.wait("got C-x ; two")
        with pytest.raises(AssertionError, match="'three' is not on the screen"):
            screen.wait("three", seconds=0.1)
    assert find("tmux") is not None
