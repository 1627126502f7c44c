"""Helix with the settings that `extension/editors/helix/languages.toml` gives a user."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from programs import ROOT, program
from terminal import Terminal, terminal
from user import User

SNIPPET = ROOT / "extension" / "editors" / "helix" / "languages.toml"
# A theme in the terminal's own colours, for the pictures.
CONFIG = 'theme = "base16_transparent"\n'

Open = Callable[..., AbstractContextManager[Terminal]]


@pytest.fixture(name="snippet")
def fixture_snippet() -> str:
    return SNIPPET.read_text(encoding="utf-8")


@pytest.fixture(name="helix")
def fixture_helix(user: User, snippet: str) -> Open:
    """Opens a file of the user's project in Helix and waits until the server is there."""

    @contextlib.contextmanager
    def open_file(name: str = "add.py") -> Iterator[Terminal]:
        user.config("helix/languages.toml", snippet)
        user.config("helix/config.toml", CONFIG)
        command = [program("hx"), "-v", name]
        with terminal(command, folder=user.project, environment=user.environment, columns=90, rows=16) as screen:
            screen.wait(name)
            # Helix asks once, and what it asks while the server still starts is answered with nothing.
            for _ in range(400):
                screen.type(":lsp-workspace-command understudy.status")
                screen.keys("Enter")
                time.sleep(0.2)
                if '"state": "ready"' in "".join(user.logs().values()):
                    break
            else:
                pytest.fail("The server does not say that it is ready.")
            yield screen

    return open_file
