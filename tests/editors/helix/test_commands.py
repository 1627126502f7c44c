"""In Helix the commands are behind `:lsp-workspace-command`, and a menu of code actions that has nothing says so."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from terminal import Terminal

Open = Callable[..., AbstractContextManager[Terminal]]
ENTRY = "a + b text"


def run(screen: Terminal, command: str) -> None:
    screen.keys("Escape")
    screen.type(f":lsp-workspace-command {command}")
    screen.keys("Enter")


def test_the_menu_of_commands_lists_them(helix: Open, artefacts: Path) -> None:
    with helix() as screen:
        screen.type(":lsp-workspace-command")
        screen.keys("Enter")
        screen.wait("understudy.snooze")
        screen.picture(artefacts / "commands.svg", title="Helix")
        screen.type("snooze")
        screen.wait(lambda text: "understudy.resume" not in text)
        assert "understudy.snooze" in screen.text()


def test_snooze_stops_the_entry_and_resume_brings_it_back(helix: Open) -> None:
    with helix() as screen:
        run(screen, "understudy.snooze")
        screen.keys("g", "e", "o")
        screen.type("return ")
        screen.stays(lambda text: ENTRY not in text, seconds=1.5)
        run(screen, "understudy.resume")
        screen.keys("o")
        screen.type("return ")
        screen.wait(ENTRY)


def test_snooze_says_what_it_did(helix: Open) -> None:
    with helix() as screen:
        run(screen, "understudy.snooze")
        screen.wait("5 minutes")


def test_the_menu_of_code_actions_does_not_hold_the_editor_up(helix: Open) -> None:
    with helix() as screen:
        screen.keys("Space", "a")
        screen.wait("Complete the body of 'add'")
        screen.keys("Escape")
        screen.keys("g", "e", "o")
        screen.type("return ")
        screen.wait(ENTRY)


def test_nothing_turns_in_the_status_line_once_the_engine_is_there(helix: Open) -> None:
    with helix() as screen:
        screen.keys("g", "e", "o")
        screen.type("return ")
        screen.wait(ENTRY)
        screen.wait(" INS   add.py")
