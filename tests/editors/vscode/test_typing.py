"""VS Code: ghost text while typing, taken, taken in part, dismissed, typed along."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from code_server import code_server
from user import ADD, new_user
from workbench import STATE, Workbench, workbench

pytestmark = pytest.mark.timeout(300)  # the first test packages the extension

# Slow in that file alone, and not where it is mere context: a prompt has a mark at the cursor.
SCRIPT = """
!always
!when "def slowly(a, b):\\n    return <"
!delay 1200
"a - b\\n"
===
!always
"a + b\\n"
"""


@pytest.fixture(name="code", scope="module")
def fixture_code(vsix: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """A window of someone who has `understudy` on the PATH."""
    user = new_user(tmp_path_factory.mktemp("typing") / "home")
    user.engine_says(SCRIPT)
    with code_server(user, vsix) as server, workbench(server) as window:
        window.wait_for_state("Ready.")
        yield window


def test_tab_takes_the_ghost_text(code: Workbench, artefacts: Path) -> None:
    code.edit("tab.py", ADD)
    code.type("    return ")
    code.wait_for_ghost("a + b")
    code.picture(artefacts / "ghost-text.png")
    code.press("Tab")
    code.wait_for_ghost("")
    assert code.saved("tab.py") == f"{ADD}    return a + b"


def test_the_tooltip_has_the_model_the_latency_and_the_acceptance(code: Workbench, artefacts: Path) -> None:
    code.edit("tooltip.py", ADD)
    code.type("    return ")
    code.wait_for_ghost("a + b")
    code.press("Tab")
    code.page.hover(STATE)
    tooltip = ".monaco-hover:visible"
    code.until(lambda: "Accepted" in "".join(code.page.texts(tooltip)), "the tooltip")
    code.picture(artefacts / "tooltip.png")
    text = "".join(code.page.texts(tooltip))
    assert "Model: scripted" in text
    assert "Median latency: " in text
    assert " of " in text
    code.page.hover(".view-lines")


def test_a_word_can_be_taken(code: Workbench) -> None:
    code.edit("word.py", ADD)
    code.type("    return ")
    code.wait_for_ghost("a + b")
    code.press("Control+ArrowRight")
    code.wait_for_ghost(" + b")
    code.press("Control+ArrowRight")
    code.wait_for_ghost("+ b")
    code.press("Escape")
    assert code.saved("word.py") == f"{ADD}    return a "


def test_escape_dismisses_it(code: Workbench) -> None:
    code.edit("escape.py", ADD)
    code.type("    return ")
    code.wait_for_ghost("a + b")
    code.press("Escape")
    code.stays_without_ghost(1.0)
    assert code.saved("escape.py") == f"{ADD}    return "


def test_typing_along_keeps_it(code: Workbench) -> None:
    code.edit("along.py", ADD)
    code.type("    return ")
    code.wait_for_ghost("a + b")
    for typed, rest in (("a", " + b"), (" ", "+ b"), ("+", " b")):
        code.type(typed)
        code.wait_for_ghost(rest)
    code.press("Tab")
    assert code.saved("along.py") == f"{ADD}    return a + b"


def test_text_of_several_units_stays_whole(code: Workbench) -> None:
    code.edit("face.py", '# 😀 é\ndef add(a, b):\n    """Adds 😀."""\n')
    code.type("    s = '😀'; return ")
    code.wait_for_ghost("a + b")
    code.press("Tab")
    assert code.saved("face.py").endswith("    s = '😀'; return a + b")


def test_the_status_bar_shows_a_long_request(code: Workbench, artefacts: Path) -> None:
    code.edit("slow.py", "def slowly(a, b):\n")
    code.type("    return ")
    code.wait_for_state("Asking the model.")
    code.picture(artefacts / "thinking.png")
    code.wait_for_ghost("a - b")
    code.wait_for_state("Ready.")
    code.press("Escape")


def test_the_status_bar_stays_calm_for_a_short_one(code: Workbench) -> None:
    # A busy machine makes a short request long now and then, yet not each of them.
    assert any(is_calm(code, f"short_{attempt}.py") for attempt in range(4))


def is_calm(code: Workbench, name: str) -> bool:
    code.edit(name, ADD)
    code.watch_states()
    code.type("    return ")
    code.wait_for_ghost("a + b")
    code.press("Escape")
    return "Understudy: Asking the model." not in code.states_seen()


def test_a_pause_keeps_quiet_but_for_the_key(code: Workbench, artefacts: Path) -> None:
    code.edit("pause.py", ADD)
    code.command("Snooze for 5 Minutes")
    code.wait_for_state("Paused for 5 more minutes.")
    code.type("    return ")
    code.stays_without_ghost()
    code.picture(artefacts / "paused.png")
    code.press("Alt+\\")
    code.wait_for_ghost("a + b")
    code.press("Escape")
    assert "Resume" in code.menu()
    code.choose("Resume")
    code.wait_for_state("Ready.")
    code.press("Backspace")
    code.type(" ")
    code.wait_for_ghost("a + b")


def test_a_language_can_be_switched_off_and_on(code: Workbench, artefacts: Path) -> None:
    code.edit("language.py", ADD)
    code.command("Toggle for This Language")
    code.wait_for_state("Off for python.")
    assert code.server.settings()["understudy.completion.disabledLanguages"] == ["python"]
    code.type("    return ")
    code.stays_without_ghost()
    code.picture(artefacts / "language-off.png")
    code.command("Toggle for This Language")
    code.wait_for_state("Ready.")
    code.press("Backspace")
    code.type(" ")
    code.wait_for_ghost("a + b")


def test_a_changed_setting_counts_at_once(code: Workbench) -> None:
    code.edit("setting.py", ADD)
    before = code.server.servers()
    code.server.change_settings({"understudy.completion.enabled": False})
    code.wait_for_state("Completions are switched off.")
    code.type("    return ")
    code.stays_without_ghost()
    code.server.change_settings({"understudy.completion.enabled": None})
    code.wait_for_state("Ready.")
    code.press("Backspace")
    code.type(" ")
    code.wait_for_ghost("a + b")
    assert code.server.servers() == before, "no start was needed"


def test_the_installation_is_checked_in_a_terminal_that_stays(code: Workbench, artefacts: Path) -> None:
    code.command("Check the Installation")
    code.page.wait(".xterm-rows:has-text('Everything that completions need is here.')", "visible")
    code.page.wait(".xterm-rows:has-text('press any key to close it')", "visible")
    code.picture(artefacts / "check-up.png")
