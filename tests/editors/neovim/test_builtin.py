"""Neovim's own inline completion with our server, and why the plugin does not use it.

It works, for somebody who wants nothing but `vim.lsp.inline_completion`; but typing along and accepting at once inserts
a character twice. That is asserted here as it is: once Neovim has it right, the plugin may shrink.
"""

from __future__ import annotations

from neovim import WITH_PLUGIN, Neovim, Open

BUILTIN = """
vim.lsp.config("understudy", { cmd = { server, "lsp" } })
vim.lsp.enable("understudy")
vim.lsp.inline_completion.enable()
vim.keymap.set("i", "<Tab>", function() vim.lsp.inline_completion.get() end)
"""
NAMESPACE = "nvim.lsp.inline_completion"


def shows(nvim: Neovim, ghost: str) -> None:
    nvim.until(lambda: nvim.ghost_of(NAMESPACE) == ghost)


def test_neovim_s_own_completion_works(open_neovim: Open) -> None:
    with open_neovim(init=BUILTIN) as nvim:
        nvim.edit("new.py")
        nvim.type("ioffer hello")
        shows(nvim, "hello")
        nvim.type("<Tab>")
        nvim.holds("offer hellohello")


def test_neovim_s_own_completion_duplicates_what_was_typed_along(open_neovim: Open) -> None:
    with open_neovim(init=BUILTIN) as nvim:
        nvim.edit("new.py")
        nvim.type("ioffer hello")
        shows(nvim, "hello")
        nvim.type("h<Tab>")
        nvim.holds("offer hellohelloh")  # test_suggestions.py has the same keys, with the plugin


def test_the_plugin_keeps_neovim_s_own_completion_from_showing_the_same(open_neovim: Open) -> None:
    with open_neovim(init="vim.lsp.inline_completion.enable()\n" + WITH_PLUGIN) as nvim:
        nvim.edit("new.py")
        nvim.type("ioffer hello")
        nvim.shows("hello")
        nvim.settle()
        assert nvim.ghost_of(NAMESPACE) is None
