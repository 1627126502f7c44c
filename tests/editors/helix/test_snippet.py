"""The settings that a user pastes: Helix reads them, finds the server, and shows its entry among those of another."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from programs import program
from terminal import Terminal, terminal
from user import User

Open = Callable[..., AbstractContextManager[Terminal]]
OTHER = Path(__file__).parent / "other_server.py"
BESIDE = """
[language-server.other]
command = "{python}"
args = ["{server}"]

[[language]]
name = "python"
language-servers = ["understudy", "other"]
"""


def test_helix_finds_the_server(user: User, snippet: str) -> None:
    user.config("helix/languages.toml", snippet)
    ran = subprocess.run(
        [program("hx"), "--health", "python"], env=user.environment, capture_output=True, text=True, check=True
    )
    assert f"understudy: {user.home}/bin/understudy" in re.sub(r"\x1b\[[\d;]*m", "", ran.stdout)
    assert not ran.stderr


def test_the_entry_stands_first_beside_those_of_another_server(user: User, snippet: str) -> None:
    beside = BESIDE.format(python=sys.executable, server=OTHER)
    user.config("helix/languages.toml", snippet.partition("[[language]]")[0] + beside)
    with terminal([program("hx"), "add.py"], folder=user.project, environment=user.environment, rows=16) as screen:
        screen.wait("add.py")
        screen.keys("g", "e", "o")
        screen.type("return ")
        screen.wait_pressing("C-x", "another")
        screen.wait_pressing("C-x", "a + b text")
        lines = screen.text().splitlines()
        assert [line.split()[0] for line in lines[3:5]] == ["~", "~"]
        assert "a + b" in lines[3]
        assert "another" in lines[4]
