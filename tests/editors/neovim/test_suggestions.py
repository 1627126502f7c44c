"""Ghost text in a real Neovim: shown, typed along, accepted whole or in part, dismissed."""

from __future__ import annotations

from itertools import product

import pytest
from neovim import Neovim


def test_accepting_puts_the_ghost_text_into_the_buffer(nvim: Neovim) -> None:
    nvim.type("offer hello")
    nvim.shows("hello")
    nvim.type("<Tab>!")
    nvim.holds("offer hellohello!")
    nvim.noted("shown", "item-1")
    nvim.noted("accepted", "item-1", None)


def test_tab_is_a_tab_where_nothing_is_shown(nvim: Neovim) -> None:
    nvim.command("set noexpandtab")
    nvim.type("x<Tab>y")
    nvim.holds("x\ty")


def test_a_word_is_accepted_and_the_rest_stays_visible(nvim: Neovim) -> None:
    nvim.type("offer hello_big world")
    nvim.shows("hello_big world")
    nvim.type("<M-Right>")
    assert (nvim.text, nvim.ghost) == ("offer hello_big worldhello_big", " world")
    nvim.noted("accepted", "item-1", len("hello_big"))
    nvim.type("<M-Right>")
    nvim.holds("offer hello_big worldhello_big world")
    nvim.noted("accepted", "item-1", None)


def test_a_line_is_accepted_and_the_rest_stays_visible(nvim: Neovim) -> None:
    nvim.type(r"offer if a:\n    b()\nc")
    nvim.shows("if a:\n    b()\nc")
    nvim.type("<M-C-Right>")
    assert (nvim.lines[-1][-5:], nvim.ghost) == ("if a:", "\n    b()\nc")
    nvim.type("<M-C-Right>")
    assert (nvim.lines[-1], nvim.ghost) == ("    b()", "\nc")
    nvim.type("<M-C-Right>")
    assert (nvim.lines[-2:], nvim.ghost) == (["    b()", "c"], None)


def test_what_was_dismissed_stays_away_until_the_text_changes(nvim: Neovim) -> None:
    nvim.type("offer ab")
    nvim.shows("ab")
    nvim.type("<C-]>")
    assert nvim.ghost is None
    nvim.noted("rejected", "item-1")
    nvim.type("<Left>")
    nvim.type("<Right>")
    nvim.settle()
    assert nvim.ghost is None
    nvim.type("c")
    nvim.shows("abc")


def test_typing_along_keeps_the_ghost_text_and_asks_nobody(nvim: Neovim) -> None:
    nvim.type("offer hello")
    nvim.shows("hello")
    nvim.type("h")
    assert nvim.ghost == "ello"
    nvim.type("el")
    assert nvim.ghost == "lo"
    nvim.settle()
    assert not any("hellohel" in line for line in nvim.said)
    nvim.type("x")
    nvim.shows("hellohelx")


def test_deleting_what_was_typed_along_brings_the_ghost_text_back(nvim: Neovim) -> None:
    nvim.type("offer hello")
    nvim.shows("hello")
    nvim.type("he<BS>")
    assert nvim.ghost == "ello"


def test_typing_along_and_accepting_at_once_duplicates_nothing(nvim: Neovim) -> None:
    nvim.type("offer hello")
    nvim.shows("hello")
    nvim.type("h<Tab>")
    nvim.holds("offer hellohello")


def test_a_late_answer_does_not_replace_a_newer_one(nvim: Neovim) -> None:
    for key in "slow ab":
        nvim.type(key)
    nvim.shows("ab")
    nvim.type("<Esc>Slate one")
    nvim.type("<C-u>offer x")  # while "slow" answers are on their way
    nvim.shows("x")
    nvim.settle()
    assert nvim.ghost == "x"


def test_rapid_typing_shows_the_last_answer_alone(nvim: Neovim) -> None:
    nvim.type("slow ")
    for number, key in enumerate("abcdefgh", 1):
        nvim.type(key)
        assert nvim.ghost in (None, "abcdefgh"[:number])  # on a very busy machine an answer may be in time
    nvim.shows("abcdefgh")
    assert nvim.lua("return #vim.tbl_keys(vim.lsp.get_clients()[1].requests)") == 0


def test_leaving_insert_mode_hides_and_cancels(nvim: Neovim) -> None:
    nvim.type("slow a<Esc>")
    nvim.settle()
    assert nvim.ghost is None
    nvim.type("a")
    nvim.shows("a")
    nvim.type("<Esc>")
    assert nvim.ghost is None


@pytest.mark.parametrize("key", ["<C-c>", "<Insert>"])
def test_ghost_text_goes_with_insert_mode_however_that_ends(nvim: Neovim, key: str) -> None:
    nvim.type("offer hello")
    nvim.shows("hello")
    nvim.type(key)
    assert nvim.ghost is None


def test_a_tab_is_as_wide_as_it_will_be_before_another(nvim: Neovim) -> None:
    nvim.type("<Esc>")
    nvim.command("setlocal noexpandtab tabstop=8")
    nvim.lua("vim.api.nvim_buf_set_lines(0, 0, -1, true, { ... })", "offer \\tb\tz")
    nvim.type("0fzhi")
    nvim.shows(" " * 7 + "b")


WIDE = ("grüße", "🎉 👩‍👩‍👧", "日本 語", "a\u0308b o\u0308")


def test_characters_of_several_bytes_before_the_cursor_and_in_the_text(nvim: Neovim) -> None:
    for before, offered in product(("äöü", "🎉👩‍👩‍👧", "日本語", "e\u0301a\u0308"), WIDE):
        nvim.type("<Esc>")
        line = f"offer {before}|{before}{offered}"
        nvim.lua("vim.api.nvim_buf_set_lines(0, 0, -1, true, { ... })", before, line)
        nvim.type("GA")
        nvim.shows(before)
        nvim.type("<M-]>")
        nvim.shows(f"{before}{offered} (2/2)")
        nvim.type(before)
        assert nvim.ghost == f"{offered} (2/2)"
        nvim.type("<M-Right>")
        taken = nvim.lines[1].removeprefix(line + before)
        assert taken
        if taken != offered:
            length = f", {len(before + taken)}]"  # in characters
            nvim.until(lambda length=length: nvim.said[-1].startswith('note ["accepted"') and length in nvim.said[-1])
            assert nvim.ghost == f"{offered.removeprefix(taken)} (2/2)"
            nvim.type("<Tab>")
        nvim.holds(f"{before}\n{line}{before}{offered}")
        assert nvim.cursor == (2, len(nvim.lines[1].encode()))


def test_alternatives_are_asked_for_once_and_gone_through(nvim: Neovim) -> None:
    nvim.type("offer one|two|three")
    nvim.shows("one")
    nvim.type("<M-]>")
    nvim.shows("two (2/3)")
    nvim.type("<M-]>")
    assert nvim.ghost == "three (3/3)"
    nvim.type("<M-]>")
    assert nvim.ghost == "one (1/3)"
    nvim.type("<M-[>")
    assert nvim.ghost == "three (3/3)"
    nvim.type("<Tab>")
    nvim.holds("offer one|two|threethree")
    assert sum('"asked", "invoked"' in line for line in nvim.said) == 1


def test_asking_by_hand_works_where_nothing_comes_by_itself(nvim: Neovim) -> None:
    nvim.lua("require('understudy').setup({ automatic = false })")
    nvim.type("offer one")
    nvim.settle()
    assert nvim.ghost is None
    nvim.type(r"<M-\>")
    nvim.shows("one")
