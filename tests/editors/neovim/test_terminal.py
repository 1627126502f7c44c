"""Neovim in a terminal, as a user sees it; the picture is kept for a person to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from neovim import PLUGIN
from programs import program
from terminal import terminal

SCRIPT = r"""
!when "def total"
!always
"sum = 0\n    for price in prices:\n        sum += price\n    return sum\n"
"""


def test_ghost_text_of_several_lines_on_the_screen(user: Any, artefacts: Path) -> None:
    user.engine_says(SCRIPT)
    user.file("prices.py", '"""Prices in cents."""\n\n\ndef total(prices):\n    \n')
    init = user.file(
        "init.lua",
        f'vim.opt.rtp:prepend("{PLUGIN}")\nvim.o.laststatus = 2\n'
        "vim.o.statusline = \" %f %= %{v:lua.require'understudy'.status()} \"\n",
    )
    command = [program("nvim"), "-n", "-i", "NONE", "-u", init, "prices.py"]
    with terminal(command, folder=user.project, environment=user.environment, columns=70, rows=14) as screen:
        screen.wait("Understudy ready")
        screen.keys("5", "G", "A")
        screen.wait(lambda text: "sum = 0" in text and "return sum" in text)
        screen.picture(artefacts / "ghost-text.svg", title="Ghost text in Neovim")
        screen.keys("M-Right")
        screen.wait("sum = 0")
        screen.keys("Tab")
        screen.keys("Escape")
        screen.type(":w")
        screen.keys("Enter")
        screen.wait("written")
        screen.picture(artefacts / "accepted.svg", title="Accepted in Neovim")
    assert (user.project / "prices.py").read_text() == (
        '"""Prices in cents."""\n\n\ndef total(prices):\n    sum = 0\n'
        "    for price in prices:\n        sum += price\n    return sum\n"
    )
