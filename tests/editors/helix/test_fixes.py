"""In Helix the menu of code actions opens on a checked fix for what another server reports, and nothing ever waits."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from broken import ANSWERS, BROKEN, FIXED
from programs import ROOT
from terminal import Terminal
from user import User

Open = Callable[..., AbstractContextManager[Terminal]]

# What it says to all else, as to a request for a completion.
NOTHING_ELSE = r"""===
!always
"\n"
"""
OTHER = f"""
[language-server.other]
command = {json.dumps(sys.executable)}
args = [{json.dumps(str(ROOT / "tests" / "editors" / "other_server.py"))}]
"""
FIX = "Fix: Undefined name"
# Out of a menu that is open already.
MENU_KEYS = ("Escape", "Space", "a")
CHECKED = "(checked: parses, ruff clean)"


@pytest.fixture(name="snippet")
def fixture_snippet(snippet: str) -> str:
    """What a user has who runs another server, which reports problems."""
    assert '  "ruff",\n' in snippet
    return OTHER + snippet.replace('  "ruff",\n', '  "other",\n')


@pytest.fixture(name="project")
def fixture_project(user: User) -> User:
    user.file("joined.py", BROKEN)
    user.engine_says(ANSWERS + NOTHING_ELSE)
    return user


def go_to_the_problem(screen: Terminal) -> None:
    """Wait until it is reported, and put the cursor on it."""
    screen.keys("Escape")
    screen.wait("● 1")
    screen.keys("]", "d")


def turns(screen: str) -> bool:
    """Whether Helix shows that a server works, by a sign that turns."""
    return any("\u2800" < sign <= "\u28ff" for sign in screen)


def written(user: User, screen: Terminal) -> str:
    """What the file holds when Helix has written it."""
    screen.type(":write")
    screen.keys("Enter")
    screen.wait("written")
    return (user.project / "joined.py").read_text(encoding="utf-8")


def test_the_menu_opens_on_a_checked_fix(helix: Open, project: User, artefacts: Path) -> None:
    with helix("joined.py") as screen:
        go_to_the_problem(screen)
        screen.wait_pressing(MENU_KEYS, CHECKED)
        screen.picture(artefacts / "fix.svg", title="Helix")
        screen.keys("Enter")
        screen.wait("return path.join")
        assert written(project, screen) == FIXED
        screen.keys("u")
        screen.wait("return pth.join")


def test_a_fix_that_is_not_prepared_comes_when_it_is_ready(helix: Open, project: User) -> None:
    project.environment["UNDERSTUDY_FIX_SPECULATE"] = "false"
    with helix("joined.py") as screen:
        go_to_the_problem(screen)
        screen.wait_pressing(MENU_KEYS, FIX)
        screen.keys("Enter")
        screen.wait("return path.join")
        assert written(project, screen) == FIXED


def test_helix_does_as_it_is_told_while_the_model_writes(helix: Open, project: User) -> None:
    project.environment["UNDERSTUDY_FIX_SPECULATE"] = "false"
    project.engine_says('!when "Undefined name `pth`"\n!hang\n===\n!always\n"\\n"\n')
    with helix("joined.py") as screen:
        go_to_the_problem(screen)
        screen.wait_pressing(MENU_KEYS, FIX)
        screen.keys("Enter")
        screen.wait(turns)
        screen.keys("g", "g", "O")
        screen.type("# typed meanwhile")
        screen.keys("Escape")
        assert written(project, screen) == f"# typed meanwhile\n{BROKEN}"
        # It has no way to cancel progress, so that there is a command.
        screen.wait(turns)
        screen.type(":lsp-workspace-command understudy.cancelFix")
        screen.keys("Enter")
        screen.wait(lambda text: not turns(text))


def test_an_explanation_opens_as_a_document(helix: Open, project: User, artefacts: Path) -> None:
    with helix("joined.py") as screen:
        go_to_the_problem(screen)
        rows = screen.wait_pressing(MENU_KEYS, "Explain").split("Fix: ")[1].splitlines()
        below = next(row for row, text in enumerate(rows) if "Explain" in text)
        screen.keys(*["Down"] * below, "Enter")
        screen.wait("Nothing is called *pth* here.")
        screen.picture(artefacts / "explanation.svg", title="Helix")
