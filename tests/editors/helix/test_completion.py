"""In Helix a suggestion is an entry of the completion menu: it shows, it is taken once, typing goes on around it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from terminal import Terminal
from user import User

Open = Callable[..., AbstractContextManager[Terminal]]
ENTRY = "a + b text"


def text_of(user: User, screen: Terminal) -> str:
    """What the file holds when Helix has written it."""
    screen.keys("Escape")
    screen.type(":write")
    screen.keys("Enter")
    screen.wait("written")
    return (user.project / "add.py").read_text(encoding="utf-8")


def start_line(screen: Terminal) -> None:
    """A new line below the last one, in insert mode."""
    screen.keys("g", "e", "o")
    screen.wait(" INS ")


def test_the_entry_shows_and_is_inserted_exactly_once(helix: Open, user: User, artefacts: Path) -> None:
    with helix() as screen:
        start_line(screen)
        screen.type("return ")
        screen.wait(ENTRY)
        screen.keys("C-n")
        screen.wait("Understudy")
        screen.picture(artefacts / "completion.svg", title="Helix")
        screen.keys("Enter")
        screen.wait(lambda text: ENTRY not in text)
        assert text_of(user, screen).splitlines()[2:] == ["    return a + b"]


def test_typing_goes_on_after_it_was_taken(helix: Open, user: User) -> None:
    with helix() as screen:
        start_line(screen)
        screen.type("return ")
        screen.wait(ENTRY)
        screen.keys("C-n", "Enter")
        screen.type("  # the sum")
        assert text_of(user, screen).splitlines()[2:] == ["    return a + b  # the sum"]


def test_typing_along_keeps_the_entry(helix: Open, user: User) -> None:
    user.engine_says('!always\n"amount + b\\n"\n')
    with helix() as screen:
        start_line(screen)
        screen.type("return ")
        screen.wait("amount + b text")
        screen.type("amo")
        screen.wait("unt + b text")
        screen.keys("C-n", "Enter")
        assert text_of(user, screen).splitlines()[2:] == ["    return amount + b"]


def test_typing_along_keeps_the_entry_behind_a_space(helix: Open, user: User) -> None:
    with helix() as screen:
        start_line(screen)
        screen.type("return ")
        screen.wait(ENTRY)
        screen.type("a ")
        screen.wait("+ b text")
        screen.type("+")
        screen.wait(lambda text: " b text" in text and "+ b text" not in text)
        screen.keys("C-n", "Enter")
        assert text_of(user, screen).splitlines()[2:] == ["    return a + b"]


def test_typing_against_it_takes_it_away(helix: Open, user: User) -> None:
    with helix() as screen:
        start_line(screen)
        screen.type("return ")
        screen.wait(ENTRY)
        screen.type("x")
        screen.wait(lambda text: ENTRY not in text)
        assert text_of(user, screen).splitlines()[2:] == ["    return x"]


def test_escape_leaves_the_text_as_it_was_typed(helix: Open, user: User) -> None:
    with helix() as screen:
        start_line(screen)
        screen.type("return ")
        screen.wait(ENTRY)
        screen.keys("Escape")
        screen.wait(lambda text: ENTRY not in text)
        assert text_of(user, screen).splitlines()[2:] == ["    return "]


@pytest.mark.parametrize("docstring", ["žluťoučký kůň", "🐎🐎", "e\u0301", "加算"])
def test_it_lands_at_the_cursor_behind_any_script(helix: Open, user: User, docstring: str) -> None:
    user.file("add.py", f'def add(a, b):\n    """{docstring}"""\n')
    with helix() as screen:
        start_line(screen)
        screen.type('assert "🐎ů", ')
        screen.wait(ENTRY)
        screen.keys("C-n", "Enter")
        assert text_of(user, screen).splitlines()[2:] == ['    assert "🐎ů", a + b']


def test_enter_is_a_new_line_while_nothing_is_chosen(helix: Open, user: User) -> None:
    with helix() as screen:
        start_line(screen)
        screen.type("return ")
        screen.wait(ENTRY)
        screen.keys("Enter")
        screen.type("pass")
        assert [line.strip() for line in text_of(user, screen).splitlines()[2:]] == ["return", "pass"]


def test_a_block_comes_as_one_entry_with_its_indentation(helix: Open, user: User, artefacts: Path) -> None:
    user.engine_says('!always\n"if a > b:\\n        return a\\n    return b\\n"\n')
    with helix() as screen:
        start_line(screen)
        screen.keys("C-x")
        screen.wait("if a > b: text")
        screen.keys("C-n")
        screen.wait("Understudy")
        screen.picture(artefacts / "block.svg", title="Helix")
        screen.keys("Enter")
        assert text_of(user, screen).splitlines()[2:] == ["    if a > b:", "        return a", "    return b"]
