"""Ghost text next to what else goes on in an editor: undo, indenting, menus, windows, mappings."""

from __future__ import annotations

from neovim import WITH_PLUGIN, Neovim, Open

BLOCK = "if a:\n    b()\n\tc()\n}"


def test_an_accepted_text_is_one_step_of_undo(nvim: Neovim) -> None:
    nvim.type(r"offer if a:\n    b()\nc")
    nvim.shows("if a:\n    b()\nc")
    nvim.type("<Tab>")
    nvim.type(" tail<Esc>")
    before = r"offer if a:\n    b()\nc"
    nvim.holds(f"{before}if a:\n    b()\nc tail")
    nvim.type("u")
    nvim.holds(f"{before}if a:\n    b()\nc")
    nvim.type("u")
    nvim.holds(before)
    nvim.type("<C-r>")
    nvim.holds(f"{before}if a:\n    b()\nc")


def test_several_lines_are_kept_as_they_are(nvim: Neovim) -> None:
    line = "  offer " + BLOCK.replace("\n", r"\n").replace("\t", r"\t")
    for setting in ("autoindent", "cindent", "smartindent", "expandtab sw=2", "textwidth=5 fo+=t"):
        nvim.type("<Esc>")
        nvim.command(f"setlocal tabstop=8 {setting}")
        nvim.lua("vim.api.nvim_buf_set_lines(0, 0, -1, true, { ... })", line)
        nvim.type("ggA")
        nvim.shows(BLOCK.replace("\t", " " * 8))
        nvim.type("<Tab>")
        nvim.holds(line + BLOCK)


def test_a_repeated_insertion_repeats_the_accepted_text(nvim: Neovim) -> None:
    nvim.type("<Esc>")
    nvim.command("setlocal autoindent")
    nvim.lua(r"vim.api.nvim_buf_set_lines(0, 0, -1, true, { '  offer a\\n  b', 'x' })")
    nvim.type("A!<BS>")
    nvim.shows("a\n  b")
    nvim.type("<Tab>;<Esc>")
    nvim.until(lambda: nvim.lines[1:] == ["  b;", "x"])
    nvim.type("G.")
    nvim.until(lambda: nvim.lines[2:] == ["xa", "  b;"])


def test_nothing_is_shown_with_paste_set(nvim: Neovim) -> None:
    nvim.command("set paste")
    nvim.type("offer hello")
    nvim.settle()
    assert nvim.ghost is None


def test_ghost_text_beside_the_popup_menu(nvim: Neovim) -> None:
    for completeopt, word in (("menu,menuone", "prefix_one"), ("menuone,noinsert", "pre"), ("menuone,noselect", "pre")):
        nvim.type("<Esc>")
        nvim.command(f"set completeopt={completeopt}")
        nvim.lua("vim.api.nvim_buf_set_lines(0, 0, -1, true, { 'prefix_one prefix_two', '' })")
        nvim.type("Gioffer pre<C-n>")
        nvim.until(lambda: nvim.lua("return vim.fn.pumvisible() == 1"))
        assert nvim.lines[1] == f"offer {word}"
        nvim.shows(word)
        nvim.type("<Tab>")
        nvim.holds(f"prefix_one prefix_two\noffer {word}{word}")
        assert not nvim.lua("return vim.fn.pumvisible() == 1")
        nvim.type("!")
        nvim.holds(f"prefix_one prefix_two\noffer {word}{word}!")


def test_two_windows_on_one_buffer(nvim: Neovim) -> None:
    nvim.lua("vim.api.nvim_buf_set_lines(0, 0, -1, true, { 'one', 'offer two', 'three' })")
    nvim.type("<Esc>gg")
    nvim.command("split")
    nvim.type("jA")
    nvim.shows("two")
    nvim.type("<Tab>")
    nvim.holds("one\noffer twotwo\nthree")
    assert nvim.cursor == (2, len("offer twotwo"))
    nvim.type("<Esc>")
    nvim.command("wincmd p")
    assert nvim.cursor[0] == 1


def test_going_to_another_window_takes_the_ghost_text_along(nvim: Neovim) -> None:
    nvim.command("split")
    nvim.type("offer hello")
    nvim.shows("hello")
    nvim.command("wincmd p")
    assert nvim.ghost is None
    nvim.type("<Tab>")
    nvim.settle()
    assert "hellohello" not in nvim.text


def test_two_buffers(nvim: Neovim) -> None:
    nvim.type("offer first")
    nvim.shows("first")
    nvim.type("<Esc>")
    nvim.edit("other.lua")
    nvim.type("ioffer second")
    nvim.shows("second")
    nvim.type("<Tab>")
    nvim.holds("offer secondsecond")
    assert len(nvim.server_pids()) == 1


def test_a_change_above_moves_the_ghost_text(nvim: Neovim) -> None:
    nvim.type("offer hello")
    nvim.shows("hello")
    nvim.lua("vim.api.nvim_buf_set_lines(0, 0, 0, true, { 'import sys', '' })")
    nvim.type("h")
    assert nvim.ghost == "ello"
    nvim.type("<Tab>")
    nvim.holds("import sys\n\noffer hellohello")


def test_text_that_an_editor_adds_after_the_cursor_is_left_to_the_server(nvim: Neovim) -> None:
    nvim.type("offer (a)")
    nvim.shows("(a)")
    nvim.command("inoremap ( ()<Left>")
    nvim.type("(")
    nvim.shows("(a)(")  # what this server offers there; "a)" would be one bracket too many


def test_tab_keeps_what_the_user_mapped(open_neovim: Open) -> None:
    mapping = 'vim.keymap.set("i", "<Tab>", function() return "mapped" end, { expr = true })\n'
    with open_neovim(init=WITH_PLUGIN + mapping) as nvim:
        nvim.edit("new.py")
        nvim.type("i<Tab>")
        nvim.holds("mapped")
        nvim.type("<C-u>offer hello")
        nvim.shows("hello")
        nvim.type("<Tab>")
        nvim.holds("offer hellohello")


def test_a_key_that_is_taken_stays_with_its_owner(open_neovim: Open) -> None:
    with open_neovim(init=WITH_PLUGIN + 'vim.keymap.set("i", "<M-Right>", "mine")\n') as nvim:
        nvim.edit("new.py")
        nvim.type("ioffer one two")
        nvim.shows("one two")
        nvim.type("<M-Right>")
        nvim.holds("offer one twomine")


def test_keys_of_the_user_s_choice(open_neovim: Open) -> None:
    keys = 'vim.g.understudy = { keys = { accept = "<C-y>", accept_word = "<C-e>", next = false } }\n'
    with open_neovim(init=WITH_PLUGIN + keys) as nvim:
        nvim.edit("new.py")
        nvim.type("ioffer one two")
        nvim.shows("one two")
        nvim.type("<C-e>")
        nvim.shows(" two")
        nvim.type("<C-y>")
        nvim.holds("offer one twoone two")
        assert nvim.lua("return vim.fn.maparg('<M-]>', 'i')") == ""
        nvim.lua("require('understudy').setup({ keys = false })")
        assert nvim.lua("return vim.fn.maparg('<C-y>', 'i')") == ""


def test_a_key_that_got_another_meaning_since_keeps_it(nvim: Neovim) -> None:
    nvim.lua("vim.keymap.set('i', '<Tab>', 'later'); vim.keymap.del('i', '<C-]>')")
    nvim.lua("require('understudy').setup({ keys = false })")
    nvim.type("<Tab>")
    nvim.holds("later")


def test_an_expression_mapping_of_the_user_s_own(nvim: Neovim) -> None:
    nvim.lua(
        "vim.keymap.set('i', '<C-l>', function() return require('understudy').accept() and '' or 'x' end,"
        " { expr = true })"
    )
    nvim.type("<C-l>")
    nvim.holds("x")
    nvim.type("<BS>offer hello")
    nvim.shows("hello")
    nvim.type("<C-l>!")
    nvim.holds("offer hellohello!")


def test_nothing_is_asked_while_a_macro_plays(nvim: Neovim) -> None:
    nvim.type("<Esc>")
    nvim.lua("vim.fn.setreg('q', 'Aoffer x\27o')")
    nvim.type("@q<Esc>")
    nvim.settle()
    assert not any('"asked", "automatic", "offer' in line for line in nvim.said)


def test_special_buffers_are_left_alone(nvim: Neovim) -> None:
    for buffer in (
        "help",
        "terminal",
        "new | setlocal buftype=nofile ft=python",
        "new | setlocal buftype=prompt ft=lua",
    ):
        nvim.type("<Esc>")
        nvim.command(buffer)
        nvim.settle()
        assert nvim.lua("return #vim.lsp.get_clients({ bufnr = 0 })") == 0, buffer
