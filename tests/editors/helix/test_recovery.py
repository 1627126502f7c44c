"""Helix goes on when its server is killed, and `:lsp-restart` brings suggestions back."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from terminal import Terminal, descendants

Open = Callable[..., AbstractContextManager[Terminal]]
ENTRY = "a + b text"


def command_line(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def test_the_editor_survives_a_killed_server_and_restarts_it(helix: Open) -> None:
    with helix() as screen:
        (server,) = [pid for pid in descendants(screen.pid()) if b"/understudy\0lsp" in command_line(pid)]
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
