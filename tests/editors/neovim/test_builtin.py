"""Neovim's own inline completion with our server, and why the plugin does not use it.

It works, for somebody who wants nothing but `vim.lsp.inline_completion`; but typing along and accepting at once inserts
a character twice. That is asserted here as it is: once Neovim has it right, the plugin may shrink.
"""

from __future__ import annotations

import time

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


def edit(nvim: Neovim) -> None:
    """Begin a text once the server can answer: Neovim does not ask again by itself."""
    nvim.edit("new.py")
    nvim.until(lambda: any('"built"' in line for line in nvim.said))


def test_neovim_s_own_completion_works(open_neovim: Open) -> None:
    with open_neovim(init=BUILTIN) as nvim:
        edit(nvim)
        nvim.type("ioffer hello")
        shows(nvim, "hello")
        nvim.type("<Tab>")
        nvim.holds("offer hellohello")


def test_neovim_s_own_completion_duplicates_what_was_typed_along(open_neovim: Open) -> None:
    with open_neovim(init=BUILTIN) as nvim:
        edit(nvim)
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


# A server inside Neovim that never heard of cancelling: it answers its first question after the second.
CARELESS_SERVER = """
local function careless(dispatchers)
  local closing, late = false, nil
  asked = 0
  return {
    request = function(method, params, answer)
      if method == "initialize" then
        answer(nil, { capabilities = { inlineCompletionProvider = true, textDocumentSync = 2 } })
      elseif method == "textDocument/inlineCompletion" then
        asked = asked + 1
        local range = { start = params.position, ["end"] = params.position }
        local function offer(text)
          return function() answer(nil, { items = { { insertText = text, range = range } } }) end
        end
        if asked == 1 then
          late = offer("old")
        else
          vim.defer_fn(offer("new"), 10)
          vim.defer_fn(late, 500)
        end
      else
        answer(nil, nil)
      end
      return true, asked + 1
    end,
    notify = function() return true end,
    is_closing = function() return closing end,
    terminate = function() closing = true; dispatchers.on_exit(0, 0) end,
  }
end
vim.lsp.config("understudy", { cmd = careless })
"""


def type_twice(nvim: Neovim) -> None:
    nvim.edit("new.py")
    nvim.type("ix")
    nvim.until(lambda: nvim.lua("return asked") == 1)
    nvim.type("y")


def test_neovim_s_own_completion_lets_a_late_answer_replace_a_newer_one(open_neovim: Open) -> None:
    with open_neovim(init=BUILTIN + CARELESS_SERVER) as nvim:
        type_twice(nvim)
        shows(nvim, "new")
        shows(nvim, "ld")  # of "old", skipped by one character for the y that was typed since


def test_the_plugin_has_no_use_for_a_late_answer(open_neovim: Open) -> None:
    with open_neovim(init=WITH_PLUGIN + CARELESS_SERVER) as nvim:
        type_twice(nvim)
        nvim.shows("new")
        time.sleep(1)
        assert nvim.ghost == "new"
