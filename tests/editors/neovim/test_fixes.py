"""Code actions in Neovim: problems of any linter, a checked fix in the menu, one step of undo, what a user is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from broken import ANSWERS, BROKEN, FIXED
from neovim import REAL_SERVER, Neovim, Open

# As the buffer has them, where the last line has no end.
BEFORE, AFTER = BROKEN.removesuffix("\n"), FIXED.removesuffix("\n")
CHANGES = r"""===
!when "join three"
!always
"<<<<<<< SEARCH\ndef joined(a, b):\n=======\ndef joined(a, b, c):\n>>>>>>> REPLACE\n"
"""
# As a linter plugin reports it: no language server stands behind it.
LINT = """
vim.diagnostic.set(vim.api.nvim_create_namespace("lint"), 0, {
  { lnum = 4, col = 11, end_lnum = 4, end_col = 14, source = "Ruff", code = "F821", severity = 1,
    message = "Undefined name `pth`" },
})
"""
MENU = """
offered, choice = {}, nil
vim.ui.select = function(items, options, chosen)
  offered = vim.tbl_map(function(item) return (item.action or item).title end, items)
  chosen(choice and items[choice])
end
"""


@pytest.fixture(name="nvim")
def fixture_nvim(open_neovim: Open, user: Any) -> Iterator[Neovim]:
    """A Neovim on a file with a problem that a linter has reported, the cursor on it."""
    user.engine_says(ANSWERS + CHANGES)
    user.file("joined.py", BROKEN)
    with open_neovim(REAL_SERVER) as nvim:
        nvim.edit("joined.py")
        nvim.until(lambda: nvim.lua("return require('understudy').status()") == "Understudy ready")
        nvim.lua(LINT)
        nvim.lua(MENU)
        nvim.type("4jfp")
        yield nvim


def offered(nvim: Neovim, ask: str = "vim.lsp.buf.code_action()") -> list[str]:
    nvim.lua(f"offered = {{}}; {ask}")
    return list(nvim.until(lambda: nvim.lua("return offered")))


def choose(nvim: Neovim, words: str) -> None:
    """Take the first entry of the menu whose title holds these words."""
    titles = offered(nvim)
    nvim.lua("choice = ...", next(number for number, title in enumerate(titles, 1) if words in title))
    offered(nvim)


def test_the_menu_opens_on_a_checked_fix_for_what_any_linter_reports(nvim: Neovim) -> None:
    nvim.until(lambda: "checked: parses, ruff clean" in offered(nvim, "require('understudy.fixes').fix()")[0])
    choose(nvim, "(checked: parses, ruff clean)")
    nvim.holds(AFTER)
    nvim.type("u")
    nvim.holds(BEFORE)


def test_a_fix_that_is_not_prepared_comes_when_it_is_ready(open_neovim: Open, user: Any) -> None:
    user.engine_says(ANSWERS + CHANGES)
    user.file("joined.py", BROKEN)
    user.environment["UNDERSTUDY_FIX_SPECULATE"] = "false"
    with open_neovim(REAL_SERVER) as nvim:
        nvim.edit("joined.py")
        nvim.until(lambda: nvim.lua("return require('understudy').status()") == "Understudy ready")
        nvim.lua(LINT)
        nvim.lua(MENU)
        nvim.type("4jfp")
        choose(nvim, "Fix")
        nvim.holds(AFTER)
        nvim.type("u")
        nvim.holds(BEFORE)


def test_what_the_user_says_is_asked_for_and_done(nvim: Neovim) -> None:
    nvim.lua("vim.ui.input = function(options, answered) asked = options.prompt; answered('join three') end")
    nvim.command("4Understudy change")
    nvim.holds(BEFORE.replace("(a, b):", "(a, b, c):"))
    assert nvim.lua("return asked")
    nvim.type("u")
    nvim.command("4Understudy change join three")
    nvim.holds(BEFORE.replace("(a, b):", "(a, b, c):"))


def test_an_explanation_is_shown_in_a_window_of_its_own(nvim: Neovim) -> None:
    choose(nvim, "Explain")
    nvim.until(lambda: "Nothing is called *pth* here." in nvim.text)
    assert nvim.lua("return vim.bo.filetype") == "markdown"
    nvim.type("q")
    nvim.holds(BEFORE)
