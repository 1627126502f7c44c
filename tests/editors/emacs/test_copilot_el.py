"""copilot.el, unmodified, with Understudy in the place of Copilot's language server.

It is not part of this repository. UNDERSTUDY_PLUGINS names a folder with a clone of it:

    git clone https://github.com/copilot-emacs/copilot.el

UNDERSTUDY_RECORD names a folder for what it and the server say to each other (tests/e2e/conversations).
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from processes import runs
from terminal import Terminal, terminal

QUIET = Path(__file__).with_name("quiet.el")
RECORDER = Path(__file__).parents[2] / "e2e" / "record.py"
SCRIPT = '!always\n"a + b"\n" + 0\\n"\n'
ADD = "def add(a, b):\n"

INIT = """\
(add-to-list 'load-path "{plugin}")
(require 'copilot)
(setq copilot-server-executable "{server}"
      copilot-indent-offset-warning-disable t)
(keymap-set copilot-completion-map "TAB" #'copilot-accept-completion)
(keymap-set copilot-completion-map "M-f" #'copilot-accept-completion-by-word)
(keymap-set copilot-completion-map "M-n" #'copilot-next-completion)
(keymap-set copilot-completion-map "C-g" #'copilot-clear-overlay)
(add-hook 'python-mode-hook #'copilot-mode)
"""

NEXT_EDIT = """\
(require 'copilot-nes)
(setq copilot-idle-delay nil
      copilot-nes-idle-delay 0.2)
(add-hook 'python-mode-hook #'copilot-nes-mode)
"""


@contextmanager
def with_copilot(emacs: Path, user: Any, name: str, init: str) -> Iterator[Terminal]:
    """Emacs with copilot.el and the real server; skips without the plugin."""
    folder = os.environ.get("UNDERSTUDY_PLUGINS")
    plugin = Path(folder or "", "copilot.el")
    if not folder or not plugin.is_dir():
        pytest.skip(
            "copilot.el is not in the folder that UNDERSTUDY_PLUGINS names. `git clone` it there (see this file)."
        )
    user.engine_says(SCRIPT)
    file = user.file("add.py", ADD)
    conversation = user.home / "conversation.jsonl"
    paths = (f"{user.project}=/project", f"{plugin}=/plugin", f"{user.home}=/home/user")
    server = user.home / "recorded"
    command = shlex.join((sys.executable, str(RECORDER), str(conversation), *paths, "--", "understudy"))
    server.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
    server.chmod(0o755)
    config = user.config("init.el", (INIT + init).format(plugin=plugin, server=server))
    with terminal(
        [emacs, "-Q", "-nw", "-l", QUIET, "-l", config, "+2", file], folder=user.project, environment=user.environment
    ) as screen:
        # The server says so when its engine is ready.
        screen.wait(lambda _: conversation.exists() and '"busy": false' in conversation.read_text("utf-8"))
        yield screen
        pid = screen.pid()
        screen.keys("C-x", "C-c")
        screen.wait(lambda _: not runs(pid))
    said = conversation.read_text("utf-8")
    if record := os.environ.get("UNDERSTUDY_RECORD"):
        Path(record, f"{name}.jsonl").write_text(said, "utf-8")
        Path(record, f"{name}.script").write_text(SCRIPT, "utf-8")


def test_ghost_text(emacs: Path, user: Any) -> None:
    with with_copilot(emacs, user, "copilot.el", "") as screen:
        screen.type("    return ", pause=0.05)
        screen.wait("    return a + b + 0")
        screen.keys("M-f")
        screen.wait(lambda _: screen.cursor().column == len("    return a"))
        screen.keys("Tab")
        screen.keys("Enter")
        screen.type("x = ", pause=0.05)
        screen.wait("\nx = a + b + 0")
        screen.keys("C-g")
        screen.wait(lambda text: "x = a" not in text)
        screen.keys("C-x", "C-s")
        screen.wait("Wrote")
        assert (user.project / "add.py").read_text() == ADD + "    return a + b + 0\nx = \n"


def test_next_edit(emacs: Path, user: Any) -> None:
    with with_copilot(emacs, user, "copilot.el.next-edit", NEXT_EDIT) as screen:
        screen.type("    return ", pause=0.05)
        screen.wait("    return a + b + 0")
        screen.keys("Tab", "C-x", "C-s")
        screen.wait("Wrote")
        assert (user.project / "add.py").read_text() == ADD + "    return a + b + 0\n"
