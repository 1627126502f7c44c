"""Helix goes on when its server is killed, and `:lsp-restart` brings suggestions back."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager

from processes import descendants, words
from terminal import Terminal

Open = Callable[..., AbstractContextManager[Terminal]]
ENTRY = "a + b text"


def test_the_editor_survives_a_killed_server_and_restarts_it(helix: Open) -> None:
    with helix() as screen:
        (server,) = [pid for pid in descendants(screen.pid()) if words(pid)[-1:] == ["lsp"]]
        os.kill(server, signal.SIGKILL)
        screen.wait("Language server exited: understudy")
        screen.keys("g", "e", "o")
        screen.type("return 1")
        screen.wait("return 1")
        screen.keys("Escape")
        screen.type(":lsp-restart")
        screen.keys("Enter")
        screen.keys("o")
        screen.type("return ")
        screen.wait_pressing(("Escape", "A", "C-x"), ENTRY)
