"""The plugin's folder: it loads from the places that its README names, and its documentation is about what is there."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from neovim import PLUGIN, WITH_PLUGIN, Open
from programs import program

HELP = PLUGIN / "doc" / "understudy.txt"
LOADED = "return { vim.fn.exists(':Understudy'), vim.lsp.is_enabled('understudy') }"


def test_help_tags_are_made_without_complaint(tmp_path: Path) -> None:
    shutil.copytree(PLUGIN / "doc", tmp_path / "doc", ignore=shutil.ignore_patterns("tags"))
    made = subprocess.run(
        [program("nvim"), "--headless", "--clean", "-c", f"helptags {tmp_path / 'doc'}", "-c", "quit"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (made.returncode, made.stderr) == (0, "")
    tags = {line.split("\t")[0] for line in (tmp_path / "doc" / "tags").read_text().splitlines()}
    assert {"understudy", ":Understudy", "understudy-keys"} <= tags
    links = set(re.findall(r"\|(understudy[\w-]*)\|", HELP.read_text()))
    assert links <= tags


def test_every_lua_file_is_read_without_an_error(open_neovim: Open) -> None:
    files = sorted(map(str, PLUGIN.rglob("*.lua")))
    with open_neovim() as nvim:
        wrong = nvim.lua(
            "return vim.tbl_map(function(file) return select(2, loadfile(file)) or '' end, ...)",
            files,
        )
    assert [error for error in wrong if error] == []
    assert len(files) > 10


def test_the_documentation_has_every_key_and_every_word_of_the_command(open_neovim: Open) -> None:
    with open_neovim() as nvim:
        words = nvim.lua("return vim.fn.getcompletion('Understudy ', 'cmdline')")
        keys = nvim.lua(
            "local found = {} for _, mapping in ipairs(vim.api.nvim_get_keymap('i')) do"
            " if vim.startswith(mapping.desc or '', 'Understudy: ') then"
            " table.insert(found, (mapping.lhs:gsub('<M%-Bslash>', '<M-\\\\>'))) end end return found"
        )
    help_text, readme = HELP.read_text(), (PLUGIN / "README.md").read_text()
    assert len(words) == 13
    assert len(keys) == 14
    for word in words:
        assert re.search(rf"^:(\[range\])?Understudy \[?{word}\b", help_text, re.MULTILINE), word
        assert word == "status" or re.search(rf"\b{word}( 10)?`", readme), word
    for key in keys:
        assert key in help_text, key
        assert key.startswith("<Plug>") or f"`{key}`" in readme, key


def test_it_loads_as_a_package(open_neovim: Open, user: Any) -> None:
    start = Path(user.environment["XDG_DATA_HOME"]) / "nvim" / "site" / "pack" / "understudy" / "start"
    start.mkdir(parents=True)
    (start / "understudy").symlink_to(PLUGIN)
    with open_neovim(init="") as nvim:
        assert nvim.lua(LOADED) == [2, True]


def test_setup_alone_is_enough_for_a_plugin_manager_that_loads_late(open_neovim: Open) -> None:
    with open_neovim(init="") as nvim:
        assert nvim.lua(LOADED) == [0, False]
        nvim.lua(f"vim.opt.rtp:append('{PLUGIN}'); require('understudy').setup()")
        assert nvim.lua(LOADED) == [2, True]
        assert (
            nvim.lua("return vim.fn.maparg('<M-Right>', 'i', false, true).desc") == "Understudy: Accept the next word"
        )


def test_loading_it_twice_changes_nothing(open_neovim: Open) -> None:
    init = WITH_PLUGIN + 'require("understudy").setup()\nrequire("understudy").setup({})\n'
    with open_neovim(init=init) as nvim:
        nvim.edit("a.py")
        nvim.lua("require('understudy').setup({}); require('understudy').setup({})")
        nvim.type("i<Tab>x<Esc>uioffer hello")
        nvim.shows("hello")
        nvim.type("<Tab>")
        nvim.holds("offer hellohello")
        assert len(nvim.server_pids()) == 1
