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
# Helix asks once: what a server that is still starting does not know then comes with the next question.
ASK_AGAIN = ("Escape", "A", "C-x")
OTHER = Path(__file__).parents[1] / "other_server.py"


def test_helix_finds_the_server(user: User, snippet: str) -> None:
    user.config("helix/languages.toml", snippet)
    ran = subprocess.run(
        [program("hx"), "--health", "python"], env=user.environment, capture_output=True, text=True, check=True
    )
    assert f"understudy: {user.home}/bin/understudy" in re.sub(r"\x1b\[[\d;]*m", "", ran.stdout)
    assert not ran.stderr


def test_the_entry_stands_first_beside_that_of_another_server(user: User, snippet: str) -> None:
    assert '"pylsp"' in snippet
    other = f'[language-server.other]\ncommand = "{sys.executable}"\nargs = ["{OTHER}"]\n'
    user.config("helix/languages.toml", snippet.replace('"pylsp"', '"other"') + other)
    with terminal([program("hx"), "add.py"], folder=user.project, environment=user.environment, rows=16) as screen:
        screen.wait("add.py")
        screen.keys("g", "e", "o")
        screen.type("return ")
        screen.wait_pressing(ASK_AGAIN, lambda text: "other_word" in text and "a + b" in text)
        menu = screen.text().splitlines()[3:5]
        assert "a + b" in menu[0]
        assert "other_word" in menu[1]
