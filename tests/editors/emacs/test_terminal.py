"""Emacs in a terminal with the real server: what is on the screen, and where the cursor stands."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from processes import descendants, runs, words
from programs import ROOT
from terminal import Terminal, terminal

QUIET = Path(__file__).with_name("quiet.el")
PACKAGE = ROOT / "extension" / "editors" / "emacs"
HEAD = "def add(a, b):\n"
INIT = f"""\
(add-to-list 'load-path "{PACKAGE}")
(require 'understudy)
(understudy-global-mode)
"""

Edit = Callable[..., AbstractContextManager[Terminal]]


@pytest.fixture(name="edit")
def fixture_edit(emacs: Path, user: Any) -> Edit:
    """Opens a file in Emacs at its end, once the server is ready."""

    @contextmanager
    def edit(script: str, text: str = HEAD, init: str = "", name: str = "add.py") -> Iterator[Terminal]:
        user.engine_says(script)
        config = user.config("init.el", INIT + init)
        command = [emacs, "-Q", "-nw", "-l", QUIET, "-l", config, user.file(name, text), "-f", "end-of-buffer"]
        with terminal(command, folder=user.project, environment=user.environment, columns=72, rows=20) as screen:
            screen.wait(lambda text: " Understudy" in text and " Understudy:" not in text)
            yield screen

    return edit


def column_of(screen: Terminal) -> int:
    return int(screen.cursor().column)


def ghost(text: str) -> str:
    """The engine's part of a script that always says `text`."""
    lines = text.splitlines(keepends=True)
    return "!always\n" + "".join('"' + line.replace("\n", "\\n").replace("\t", "\\t") + '"\n' for line in lines)


def test_typed_shown_accepted_saved(edit: Edit, user: Any, artefacts: Path) -> None:
    with edit(ghost("a + b\n")) as screen:
        screen.type("    return ", pause=0.03)
        screen.wait("    return a + b")
        assert column_of(screen) == len("    return ")
        screen.picture(artefacts / "ghost-text.svg", title="Emacs")
        screen.keys("Tab")
        screen.wait(lambda _: column_of(screen) == len("    return a + b"))
        screen.keys("C-x", "C-s")
        screen.wait("Wrote")
        assert (user.project / "add.py").read_text() == HEAD + "    return a + b\n"


@pytest.mark.parametrize(
    "init",
    [
        "",
        "(global-hl-line-mode)",
        "(global-display-line-numbers-mode)",
        "(setq-default truncate-lines t)",
        "(show-paren-mode) (electric-pair-mode)",
        "(load-theme 'modus-vivendi t)",
        "(setq-default show-trailing-whitespace t) (global-whitespace-mode)",
    ],
)
def test_the_cursor_stays_before_the_ghost_text(edit: Edit, artefacts: Path, init: str) -> None:
    with edit(ghost("a + b\n"), init=init) as screen:
        screen.type("    return ", pause=0.03)
        screen.wait(lambda text: "a + b" in text or "a·+·b" in text)
        margin = 4 if "line-numbers" in init else 0
        assert column_of(screen) == margin + len("    return ")
        screen.picture(artefacts / f"cursor-{len(init)}.svg", title=init)
        screen.keys("C-g")
        screen.wait(lambda text: "a + b" not in text and "a·+·b" not in text)
        assert column_of(screen) == margin + len("    return ")


BLOCK = "if a:\n        return b\n    return a\n"


def test_several_lines_with_text_below(edit: Edit, artefacts: Path) -> None:
    with edit(ghost(BLOCK), text=HEAD + "    \n\n\ndef below():\n    pass\n") as screen:
        screen.keys("M-<", "Down", "C-e")
        screen.type(" ")
        screen.keys("BSpace")
        lines = screen.wait("return b").splitlines()
        assert lines[2] == "    if a:"
        assert lines[3] == "        return b"
        assert "def below():" in screen.text()
        assert (column_of(screen), screen.cursor().row) == (4, 2)
        screen.picture(artefacts / "several-lines.svg", title="several lines")


def test_text_that_begins_with_a_new_line(edit: Edit, artefacts: Path) -> None:
    with edit(ghost("\n    return a + b\n"), text="def add(a, b)\n\n# below") as screen:
        screen.keys("M-<", "C-e")
        screen.type(":")
        lines = [line.rstrip() for line in screen.wait("    return a + b").splitlines()]
        assert lines[1:5] == ["def add(a, b):", "    return a + b", "", "# below"]
        assert (column_of(screen), screen.cursor().row) == (len("def add(a, b):"), 1)
        screen.picture(artefacts / "new-line.svg", title="a new line")
        screen.keys("Enter")
        assert screen.wait("    return a + b").splitlines()[2] == "    return a + b"
        screen.wait(lambda _: (column_of(screen), screen.cursor().row) == (4, 2))


def test_in_the_middle_of_wide_text(edit: Edit, artefacts: Path) -> None:
    with edit(ghost("漢字\n")) as screen:
        screen.type('    x = "😀é漢", ')
        screen.wait("漢字")
        assert column_of(screen) == len('    x = "') + 2 + 1 + 2 + len('", ')
        screen.picture(artefacts / "wide-text.svg", title="wide text")


def test_a_killed_server_is_one_sentence(edit: Edit) -> None:
    with edit(ghost("a + b\n")) as screen:
        server = [pid for pid in descendants(screen.pid()) if "lsp" in words(pid)]
        assert server
        os.kill(server[0], signal.SIGKILL)
        screen.wait("the server ended unexpectedly and is started again")
        screen.wait(lambda text: "(Python Understudy ElDoc)" in text)
        screen.type("    return ", pause=0.03)
        screen.wait("    return a + b")


CLOSE_STDIN = "import os, time; os.close(0); print(flush=True); time.sleep(9)"
DEAF = f"""
(defun tell-a-deaf-server ()
  (interactive)
  (let ((connection (jsonrpc-process-connection
                     :name "deaf"
                     :process (make-process :name "deaf" :noquery t :connection-type 'pipe
                                            :command '("{sys.executable}" "-c" "{CLOSE_STDIN}")))))
    (accept-process-output (jsonrpc--process connection) 10)
    (understudy-notify connection :initialized nil)
    (insert "# no error")))
(keymap-global-set "<f5>" #'tell-a-deaf-server)
"""


def test_a_pipe_that_broke_is_no_error(edit: Edit) -> None:
    """Not in batch mode, which such a pipe ends."""
    with edit(ghost("a + b\n"), init=DEAF) as screen:
        screen.keys("F5")
        screen.wait("no error")


def test_it_goes_with_the_window_that_is_left(edit: Edit) -> None:
    with edit(ghost("a + b\n")) as screen:
        screen.type("    return ", pause=0.03)
        screen.wait("    return a + b")
        screen.keys("C-x", "4", "b")
        screen.type("*scratch*")
        screen.keys("Enter")
        screen.wait(lambda text: "*scratch*" in text and "    return" in text and "return a + b" not in text)


def test_another_completion_has_the_screen(edit: Edit) -> None:
    init = """
    (global-completion-preview-mode)
    (defun words-at-point ()
      (pcase (bounds-of-thing-at-point 'symbol)
        (`(,start . ,end) (list start end '("abcdef")))))
    (add-hook 'python-mode-hook (lambda () (setq-local completion-at-point-functions '(words-at-point))))
    """
    with edit(ghost("ghost_text\n"), text="abcdef = 1\n", init=init) as screen:
        screen.type("abc", pause=0.05)
        screen.wait("\nabcdef\n")
        screen.stays(lambda text: "ghost_text" not in text, seconds=0.5)
        screen.keys("Tab")
        screen.wait(lambda _: column_of(screen) == len("abcdef"))
        screen.wait("abcdefghost_text")


def test_leaving_emacs_ends_the_server(edit: Edit) -> None:
    with edit(ghost("a + b\n")) as screen:
        server = [pid for pid in descendants(screen.pid()) if "lsp" in words(pid)]
        assert server
        screen.keys("C-x", "C-c")
        screen.wait(lambda _: not any(map(runs, server)), seconds=8)
