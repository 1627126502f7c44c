"""VS Code: the light bulb opens on a checked fix for what another extension reports; questions and explanations."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from code_server import code_server
from programs import ROOT
from user import User, new_user
from workbench import LOOK_EVERY, Workbench, workbench

pytestmark = pytest.mark.timeout(300)  # the first test packages the extension

BROKEN = """export function total(prices: number[]): number {
  let sum = 0;
  for (const price of prices) {
    sum += pric;
  }
  return sum;
}
"""
FIXED = BROKEN.replace("pric;", "price;")
SCRIPT = r"""
!when "Explain this problem"
!always
"Nothing is called **pric** here.\n"
===
!when "Cannot find name 'pric'"
!always
"<<<<<<< SEARCH\n    sum += pric;\n=======\n    sum += price;\n>>>>>>> REPLACE\n"
===
!when "start at one"
!always
"<<<<<<< SEARCH\n  let sum = 0;\n=======\n  let sum = 1;\n>>>>>>> REPLACE\n"
===
!always
"\n"
"""
# In the line where there is room, else in the margin.
BULB = ".lightBulbWidget:visible, [class*='codicon-gutter-lightbulb']:visible"
MENU = ".action-widget .monaco-list-row.action"


@pytest.fixture(name="code", scope="module")
def fixture_code(vsix: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """A window of someone with a TypeScript project that has its own compiler."""
    user = new_user(tmp_path_factory.mktemp("fixes") / "home")
    user.engine_says(SCRIPT)
    own_compiler(user)
    with code_server(user, vsix) as server, workbench(server) as window:
        window.wait_for_state("Ready.")
        yield window


def own_compiler(user: User) -> None:
    """Put a `tsc` where npm puts one."""
    node, tsc = Path(sys.executable).with_name("node"), ROOT / "node_modules" / "typescript" / "bin" / "tsc"
    script = user.file("node_modules/.bin/tsc", f'#!/bin/sh\nexec "{node}" "{tsc}" "$@"\n')
    script.chmod(0o755)


def test_the_menu_opens_on_a_checked_fix(code: Workbench, artefacts: Path) -> None:
    code.edit("total.ts", BROKEN)
    go_to(code, "sum += pric")
    code.page.wait(BULB, "visible")
    code.until(
        lambda: "(checked: parses, tsc clean)" in "".join(menu(code)), lambda: f"a checked fix, not {menu(code)}", 60
    )
    menu(code, leave=False)
    code.picture(artefacts / "fix.png")
    code.page.click(f"{MENU}:has-text('checked: parses')")
    code.until(lambda: code.page.texts(MENU) == [], "the menu is gone")
    assert code.saved("total.ts") == FIXED
    code.has_the_cursor()
    code.press("Control+Z")
    assert code.saved("total.ts") == BROKEN


def test_an_explanation_is_shown_beside_the_code(code: Workbench, artefacts: Path) -> None:
    code.edit("explained.ts", BROKEN)
    go_to(code, "sum += pric")
    code.until(lambda: "Explain" in "".join(menu(code)), "the menu explains")
    menu(code, leave=False)
    code.page.click(f"{MENU}:has-text('Explain')")
    code.page.wait(".tab[aria-label*='Explanation.md']", "visible")
    code.until(lambda: code.page.reads("Nothing is called pric here."), "the explanation")
    code.picture(artefacts / "explanation.png")


def test_what_the_user_says_is_asked_for_and_done(code: Workbench, artefacts: Path) -> None:
    code.edit("changed.ts", FIXED)
    go_to(code, "let sum")
    code.command("Change Selection as I Say")
    code.page.wait(".quick-input-widget .input", "visible")
    code.picture(artefacts / "asked.png")
    code.type("start at one")
    code.press("Enter")
    code.has_the_cursor()
    code.until(lambda: "let sum = 1;" in code.saved("changed.ts"), "the change")


def go_to(code: Workbench, words: str) -> None:
    """Put the cursor behind the first place with these words."""
    code.press("Control+Home", "Control+F")
    code.page.wait(".find-widget.visible", "visible")
    code.press("Control+A")
    code.page.type(words, 0)
    code.press("Enter", "Escape", "ArrowRight")
    code.has_the_cursor()


def menu(code: Workbench, *, leave: bool = True) -> list[str]:
    """Open the menu of code actions; its rows."""
    # While the menu is open the same key takes what is marked in it: what comes late is closed before another try.
    code.until(lambda: opened(code), "a menu of code actions")
    rows = [text.strip() for text in code.page.texts(MENU)]
    if leave:
        code.press("Escape")
        code.page.wait(MENU, "hidden")
        code.has_the_cursor()
    return rows


def opened(code: Workbench) -> bool:
    """Ask for the menu; whether it is there soon. Until the language's own extension runs there is none."""
    code.press("Escape", "Control+.")
    end = time.monotonic() + 5
    while not code.page.texts(MENU):
        if time.monotonic() > end:
            return False
        time.sleep(LOOK_EVERY)
    return True
