"""The server behind the plugin: its state, its commands, its end and its return."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

import pytest
from neovim import REAL_SERVER, WITH_PLUGIN, Neovim, Open
from processes import runs


def test_a_pause_hides_what_is_shown_and_its_end_asks_again(nvim: Neovim) -> None:
    nvim.type("offer hello")
    nvim.shows("hello")
    nvim.command("Understudy snooze 10")
    nvim.shows(None)
    nvim.until(lambda: nvim.lua("return require('understudy').status()") == "Understudy paused")
    nvim.type("x")
    nvim.settle()
    assert nvim.ghost is None
    nvim.type(r"<M-\>")
    nvim.shows("hellox")  # by hand it still answers
    nvim.type("<C-]>")
    nvim.command("Understudy resume")
    nvim.type("y")
    nvim.shows("helloxy")


def test_a_language_is_switched_off_and_on(nvim: Neovim) -> None:
    nvim.command("Understudy toggle")
    nvim.until(lambda: "completions for python are off" in nvim.command("messages"))
    nvim.type("offer hello")
    nvim.settle()
    assert nvim.ghost is None
    nvim.command("Understudy toggle python")
    nvim.until(lambda: "completions for python are on" in nvim.command("messages"))
    nvim.type("!")
    nvim.shows("hello!")


def test_the_status_is_told_and_can_be_asked_for(nvim: Neovim) -> None:
    nvim.lua(
        "seen = {}; vim.api.nvim_create_autocmd('User', { pattern = 'UnderstudyStatus',"
        " callback = function(event) table.insert(seen, event.data.state) end })"
    )
    nvim.until(lambda: nvim.lua("return require('understudy').status()") == "Understudy ready")
    nvim.type("<Esc>")
    nvim.command("set statusline=%{v:lua.require'understudy'.status()}")
    assert nvim.lua("return vim.api.nvim_eval_statusline(vim.o.statusline, {}).str") == "Understudy ready"
    nvim.command("Understudy snooze")
    nvim.until(lambda: nvim.lua("return seen[#seen]") == "paused")
    nvim.lua("said = {}; vim.api.nvim_echo = function(chunks) table.insert(said, chunks[1][1]) end")
    nvim.command("Understudy status")
    said = nvim.until(lambda: nvim.lua("return said[1]"))
    assert "Understudy is paused for 5 min" in said
    assert "Suggestions: 3, accepted: 1" in said


def test_statistics_and_models(nvim: Neovim) -> None:
    nvim.type("<Esc>")
    nvim.until(lambda: nvim.lua("return require('understudy').status()") == "Understudy ready")
    nvim.command("Understudy stats")
    nvim.holds("the report")
    nvim.type("q")
    nvim.lua("vim.ui.select = function(items, _, chosen) shown = items; chosen(items[2]) end")
    nvim.command("Understudy model")
    nvim.until(lambda: nvim.lua("return shown and #shown") == 3)
    nvim.until(lambda: sum('"built"' in line for line in nvim.said) == 2)  # with the model that was chosen
    nvim.until(lambda: nvim.lua("return require('understudy.status').get().state") == "ready")
    assert nvim.lua("return vim.fn.getcompletion('Understudy model ', 'cmdline')") == ["fake", "slow", "acme/large"]
    assert nvim.lua("return vim.fn.getcompletion('Understudy s', 'cmdline')") == [
        "snooze",
        "start",
        "stats",
        "status",
        "stop",
    ]


def test_the_log_has_what_the_server_wrote(open_neovim: Open) -> None:
    talks = r"""
    local say = [[printf '%s\n%s\n' "it says 'a\b'" twice >&2; exec "$0" "$@"]]
    vim.lsp.config("understudy", { cmd = { "sh", "-c", say, server, "lsp" } })
    """
    with open_neovim(init=WITH_PLUGIN + talks) as nvim:
        nvim.edit("new.py")
        nvim.command("Understudy log")
        assert nvim.lines[0].startswith("What the server wrote")
        assert nvim.lines[1:] == [r"it says 'a\b'", "twice"]


def test_what_the_command_does_not_understand_is_explained(nvim: Neovim) -> None:
    nvim.type("<Esc>:Understudy nonsense<CR>")
    assert "there is no `:Understudy nonsense`" in nvim.command("messages")
    nvim.type(":Understudy snooze soon<CR>")
    assert "how many minutes?" in nvim.command("messages")


def test_a_missing_program_is_told_once_and_by_checkhealth(open_neovim: Open) -> None:
    init = WITH_PLUGIN + 'vim.lsp.config("understudy", { cmd = { "no-such-program", "lsp" } })\n'
    with open_neovim(init=init) as nvim:
        assert "the command `no-such-program` is not there" in nvim.command("messages")
        nvim.command("checkhealth understudy")
        assert "ERROR The command `no-such-program` is not there" in nvim.text
        assert "pipx install ." in nvim.text


def test_checkhealth_with_the_real_server(open_neovim: Open) -> None:
    with open_neovim(REAL_SERVER) as nvim:
        nvim.edit("add.py")
        nvim.until(lambda: nvim.lua("return require('understudy.status').get().state") == "ready")
        nvim.command("checkhealth understudy")
        assert "understudy 0." in nvim.text
        assert "The server is running and attached to 1 buffer." in nvim.text
        assert "Understudy is ready" in nvim.text
        assert "<Tab>: Accept the suggestion" in nvim.text
        assert "No other plugin shows ghost text." in nvim.text
        assert "ERROR" not in nvim.text
        assert "WARNING" not in nvim.text
        nvim.lua("vim.g.loaded_copilot = 1")
        nvim.command("checkhealth understudy")
        assert "Ghost text also comes from copilot.vim." in nvim.text


def test_the_real_server_from_typing_to_accepting(open_neovim: Open) -> None:
    with open_neovim(REAL_SERVER) as nvim:
        nvim.edit("add.py")
        nvim.until(lambda: nvim.lua("return require('understudy.status').get().state") == "ready")
        nvim.type("Goreturn ")
        nvim.shows("a + b")
        nvim.type("<M-Right>")
        nvim.shows(" + b")
        nvim.type(" +<Tab>")
        nvim.until(lambda: nvim.lines[-1] == "    return a + b")
        nvim.type("<Esc>:Understudy status<CR>")
        nvim.until(lambda: nvim.lua("return require('understudy.status').get().accepted") == 1)


def test_what_a_file_defines_that_was_never_opened_is_known(open_neovim: Open, user: Any) -> None:
    """And what it defines after a change in it was saved: Neovim on Linux tells of no other changes."""
    user.file(".git/HEAD", "ref: refs/heads/main\n")
    prices = user.file("prices.py", "def discounted(cart, rate):\n    return rate\n")
    user.file("app.py", "from prices import discounted\n\n\ndef total(cart):\n    pass\n")
    user.engine_says(
        '!when "discounted(cart, rate, today)"\n!always\n"cart, 1, None)"\n===\n'
        '!when "discounted(cart, rate)"\n!always\n"cart, 1)"\n===\n!always\n"cart)"\n'
    )
    with open_neovim(REAL_SERVER) as nvim:
        nvim.edit("app.py")
        nvim.until(lambda: nvim.lua("return require('understudy.status').get().state") == "ready")

        def offered(ghost: str) -> bool:
            nvim.type(r"<Esc>:5<CR>ccreturn discounted(<M-\>")
            nvim.settle()
            return nvim.ghost == ghost

        nvim.until(lambda: offered("cart, 1)"))
        prices.write_text("def discounted(cart, rate, today):\n    return rate\n")
        nvim.type("<Esc>:silent write<CR>")
        nvim.until(lambda: offered("cart, 1, None)"))


def test_a_server_that_was_killed_comes_back(nvim: Neovim) -> None:
    nvim.type("offer hello")
    nvim.shows("hello")
    os.kill(nvim.server_pids()[0], signal.SIGKILL)
    nvim.until(lambda: len(nvim.server_pids()) == 2)
    nvim.until(lambda: nvim.lua("return require('understudy').status()") == "Understudy ready")
    nvim.shows("hello")
    nvim.type("<Tab>")
    nvim.holds("offer hellohello")


def test_a_server_that_dies_again_and_again_is_left_alone_until_asked_for(nvim: Neovim) -> None:
    for number in range(5):
        nvim.until(lambda number=number: len(nvim.server_pids()) == number + 1)
        nvim.until(lambda: nvim.lua("return #vim.lsp.get_clients({ name = 'understudy', bufnr = 0 })"))
        os.kill(nvim.server_pids()[-1], signal.SIGKILL)
        nvim.until(lambda: not nvim.lua("return #vim.lsp.get_clients({ name = 'understudy' })"))
    time.sleep(1)
    assert len(nvim.server_pids()) == 5
    assert "the server ended five times within three minutes" in nvim.command("messages")
    assert nvim.lua("return require('understudy').status()") == "Understudy problem"
    nvim.command("Understudy restart")
    nvim.until(lambda: nvim.lua("return require('understudy').status()") == "Understudy ready")
    nvim.type("offer hello")
    nvim.shows("hello")


def test_restart(nvim: Neovim) -> None:
    first = nvim.server_pids()[0]
    nvim.command("Understudy restart")
    nvim.until(lambda: len(nvim.server_pids()) == 2)
    nvim.until(lambda: not runs(first))
    nvim.type("offer hello")
    nvim.shows("hello")


def test_a_server_that_the_user_stopped_stays_stopped(nvim: Neovim) -> None:
    nvim.lua("vim.lsp.enable('understudy', false)")
    nvim.until(lambda: not runs(nvim.server_pids()[0]))
    time.sleep(1)
    assert len(nvim.server_pids()) == 1
    nvim.type("<Esc>:Understudy snooze<CR>")
    assert "the server is not running" in nvim.command("messages")


def test_changed_settings_reach_the_server(nvim: Neovim) -> None:
    nvim.type("offer hello")
    nvim.shows("hello")
    nvim.lua("require('understudy').setup({ settings = { completion = { disabledLanguages = { 'python' } } } })")
    nvim.noted("built", ["python"])
    nvim.type("x!")
    nvim.settle()
    assert nvim.ghost is None
    assert len(nvim.server_pids()) == 1


def test_one_server_for_several_projects_whenever_they_are_opened(open_neovim: Open, user: Any) -> None:
    with open_neovim() as nvim:
        names = ("first", "second", "third")
        for name in names:
            (user.project / name / ".git").mkdir(parents=True)
        nvim.command("edit first/a.py | split second/a.py")  # the server has not answered yet
        folders = [f"file://{user.project}/{name}" for name in names]
        nvim.noted("built", [], folders[:2])
        nvim.edit("third/a.py")
        nvim.noted("built", [], folders)
        assert len(nvim.server_pids()) == 1


def test_languages_have_the_names_of_the_protocol(nvim: Neovim) -> None:
    nvim.type("<Esc>")
    nvim.edit("a.cs")
    nvim.command("Understudy toggle")
    nvim.until(lambda: "completions for csharp are off" in nvim.command("messages"))
    nvim.type("ioffer hello")
    nvim.settle()
    assert nvim.ghost is None


@pytest.mark.parametrize("server", [REAL_SERVER, None])
def test_leaving_neovim_leaves_no_server(open_neovim: Open, server: tuple[str, ...] | None) -> None:
    with open_neovim(server) if server else open_neovim() as nvim:
        nvim.edit("add.py")
        (pid,) = nvim.server_pids()
        nvim.type("ioffer x")
    end = time.monotonic() + 10
    while runs(pid) and time.monotonic() < end:
        time.sleep(0.05)
    assert not runs(pid)
