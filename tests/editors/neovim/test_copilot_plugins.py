"""Plugins for Copilot's language server, unmodified, with Understudy in its place.

They are not part of this repository. UNDERSTUDY_PLUGINS names a folder with clones of them:

    git clone https://github.com/zbirenbaum/copilot.lua
    git clone https://github.com/folke/sidekick.nvim
    git clone https://github.com/github/copilot.vim

UNDERSTUDY_RECORD names a folder for what they and the server say to each other (tests/e2e/conversations).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from neovim import REAL_SERVER, Neovim, Open

E2E = Path(__file__).parents[2] / "e2e"
ADD = "def add(a, b):\n"
# Several words, so that there is something to accept a part of; then other alternatives.
SCRIPT = '"a + b"\n" + 0\\n"\n===\n!always\n"b - a\\n"\n'

COPILOT_LUA = """
vim.opt.rtp:prepend(plugin)
require("copilot").setup({
  server = { type = "binary", custom_server_filepath = server },
  suggestion = {
    auto_trigger = true,
    keymap = { accept = "<M-l>", accept_word = "<M-w>", next = "<M-n>", dismiss = "<M-d>" },
  },
  panel = { enabled = false },
})
"""

# The name is how it tells a server that offers next edits.
SIDEKICK = """
vim.opt.rtp:prepend(plugin)
vim.lsp.config("understudy-copilot", { cmd = { server, "--stdio" }, root_dir = vim.fn.getcwd() })
vim.lsp.enable("understudy-copilot")
require("sidekick").setup()
vim.keymap.set("n", "<Tab>", function() require("sidekick").nes_jump_or_apply() end)
"""

COPILOT_VIM = """
vim.opt.rtp:prepend(plugin)
vim.g.copilot_agent_command = server
vim.g.copilot_command = server
"""


@contextmanager
def with_plugin(open_neovim: Open, user: Any, name: str, init: str) -> Iterator[Neovim]:
    """A Neovim with one of them and the real server; skips without it."""
    folder = os.environ.get("UNDERSTUDY_PLUGINS")
    plugin = Path(folder or "", name)
    if not folder or not plugin.is_dir():
        pytest.skip(f"{name} is not in the folder that UNDERSTUDY_PLUGINS names. `git clone` it there (see this file).")
    user.engine_says(SCRIPT)
    user.file("add.py", ADD)
    conversation = user.home / "conversation.jsonl"
    paths = (f"{user.project}=/project", f"{plugin}=/plugin", f"{user.home}=/home/user")
    server = (sys.executable, str(E2E / "record.py"), str(conversation), *paths, "--", *REAL_SERVER)
    with open_neovim(server, init=f'local plugin = "{plugin}"\n{init}') as nvim:
        nvim.command("edit add.py")
        # The server creates its display of progress when the engine starts, and this one starts at once.
        nvim.until(lambda: conversation.exists() and "workDoneProgress/create" in conversation.read_text())
        nvim.settle()
        yield nvim
    if record := os.environ.get("UNDERSTUDY_RECORD"):
        # Neovim does not wait for the answer to `shutdown`, so what comes after it is never twice the same.
        lines = conversation.read_text("utf-8").splitlines(keepends=True)
        kept = takewhile(lambda line: '"method": "shutdown"' not in line, lines)
        Path(record, f"{name}.jsonl").write_text("".join(kept), "utf-8")
        Path(record, f"{name}.script").write_text(SCRIPT, "utf-8")


def test_copilot_lua(open_neovim: Open, user: Any) -> None:
    with with_plugin(open_neovim, user, "copilot.lua", COPILOT_LUA) as nvim:

        def shows(ghost: str | None) -> None:
            nvim.until(lambda: nvim.ghost_of("copilot.suggestion") == ghost)

        nvim.type("Goreturn ")
        shows("a + b + 0")
        nvim.type("<M-n>")
        shows("b - a (2/2)")
        nvim.type("<M-w>")
        nvim.until(lambda: nvim.lines[1] == "    return b ")
        shows("- a (2/2)")
        nvim.type("<M-l>")
        nvim.holds(ADD + "    return b - a")
        nvim.settle()
        for keys in ("<CR>", "x", " ", "=", " "):
            nvim.type(keys)
        shows("b - a")
        nvim.type("<M-d>")
        shows(None)
        nvim.settle()


def test_sidekick_shows_and_applies_a_next_edit(open_neovim: Open, user: Any) -> None:
    with with_plugin(open_neovim, user, "sidekick.nvim", SIDEKICK) as nvim:
        nvim.type("Goreturn <Esc>")
        nvim.until(lambda: nvim.lua("return require('sidekick.nes').have()"))
        shown = nvim.lua("return require('sidekick.nes')._edits[1].text")
        assert shown == "a + b + 0"
        nvim.until(lambda: nvim.ghost_of("sidekick.ui"))
        nvim.type("<Tab>")  # jumps there
        nvim.settle()
        nvim.type("<Tab>")
        nvim.until(lambda: nvim.lines[1] == "    return a + b + 0")
        nvim.settle()


def test_copilot_vim(open_neovim: Open, user: Any) -> None:
    with with_plugin(open_neovim, user, "copilot.vim", COPILOT_VIM) as nvim:

        def shows(ghost: str | None) -> None:
            nvim.until(lambda: nvim.ghost_of("github-copilot") == ghost)

        nvim.type("Goreturn ")
        shows("a + b + 0")
        nvim.type("<M-Right>")
        nvim.until(lambda: nvim.lines[1] == "    return a")
        shows(" + b + 0")
        nvim.type("<Tab>")
        nvim.holds(ADD + "    return a + b + 0")
        nvim.type("<CR>x = ")
        shows("b - a")
        nvim.type("<M-]>")  # asks for alternatives
        nvim.settle()
        nvim.type("<C-]>")
        shows(None)
