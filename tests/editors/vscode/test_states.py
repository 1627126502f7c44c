"""VS Code: what the status bar says when not all is well, and what is done about it."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from code_server import code_server
from processes import words
from programs import ROOT
from user import ADD, new_user
from workbench import NOTIFICATION, Workbench, workbench

pytestmark = pytest.mark.timeout(300)  # the first test packages the extension

FAKE_SERVER = f"""#!/bin/sh
# Offers what the line of the cursor says; the setting `engine.model` says how its engine starts. An older version.
exec '{sys.executable}' -c 'import runpy, sys, understudy
sys.path.insert(0, "{ROOT}/tests/e2e")
understudy.__version__ = "0.0.9"
runpy.run_path("{ROOT}/tests/e2e/fake_server.py", run_name="__main__")'
"""


@pytest.fixture(name="code", scope="module")
def fixture_code(vsix: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """A window of someone who has `understudy` on the PATH."""
    user = new_user(tmp_path_factory.mktemp("states") / "home")
    with code_server(user, vsix) as server, workbench(server) as window:
        window.wait_for_state("Ready.")
        yield window


def kill_server(code: Workbench) -> None:
    (pid,) = code.server.servers()
    os.kill(pid, signal.SIGKILL)
    code.until(lambda: pid not in code.server.servers() and "Ready." not in code.state(), "the server is gone")


def test_a_killed_server_comes_back(code: Workbench) -> None:
    code.edit("killed.py", ADD)
    kill_server(code)
    code.wait_for_state("Ready.")
    code.type("    return ")
    code.wait_for_ghost("a + b")


def test_a_server_that_keeps_dying_is_a_problem_with_a_way_out(code: Workbench, artefacts: Path) -> None:
    code.edit("dying.py", ADD)
    gave_up = "The server keeps ending; its log may say why."
    for _ in range(5):
        code.until(lambda: "Ready." in code.state() or gave_up in code.state(), "a server that is ready")
        if gave_up not in code.state():
            kill_server(code)
    code.wait_for_state(gave_up)
    assert code.server.servers() == []
    code.picture(artefacts / "problem.png")
    assert code.menu()[:3] == ["Restart Server", "Check the Installation", "Show Log"]
    code.choose("Restart Server")
    code.wait_for_state("Ready.")
    code.type("    return ")
    code.wait_for_ghost("a + b")


def test_another_program_is_started_when_the_setting_says_so(code: Workbench, artefacts: Path) -> None:
    program = code.server.user.file("../fake-server", FAKE_SERVER)
    program.chmod(0o755)
    (before,) = code.server.servers()
    code.server.change_settings({"understudy.server.path": str(program)})
    code.until(lambda: before not in code.server.servers(), "the other server is stopped")
    code.wait_for_state("Ready.")
    code.notification("server is version 0.0.9, older than this extension")
    code.picture(artefacts / "older.png")
    code.edit("other.py", "")
    code.type("say hello")
    code.wait_for_ghost("hello")


def test_an_engine_that_starts_shows_how_far_it_is(code: Workbench, artefacts: Path) -> None:
    code.watch_states()
    code.server.change_settings({"understudy.engine.model": "slow"})
    code.until(lambda: any("Loading the model 60 %" in state for state in code.states_seen()), "the engine's start")
    code.wait_for_state("Ready.")
    code.server.change_settings({"understudy.engine.model": "stuck"})
    code.wait_for_state("Loading the model")
    code.picture(artefacts / "starting.png")


def test_an_engine_that_fails_is_a_problem_with_its_reason(code: Workbench, artefacts: Path) -> None:
    code.server.change_settings({"understudy.engine.model": "fails"})
    code.wait_for_state("Nobody answers at the address. Start the engine.")
    code.notification("Nobody answers at the address.")
    assert "Start Engine" in code.menu()
    code.picture(artefacts / "engine-failed.png")
    code.leave_menu()


def test_a_model_is_chosen_from_a_list_or_typed(code: Workbench) -> None:
    code.command("Choose Model…")
    code.until(lambda: "fake" in code.rows(), "the models")
    code.choose("the only one")
    code.wait_for_state("Ready.")
    assert code.server.settings()["understudy.engine.model"] == "fake"
    code.command("Choose Model…")
    code.choose("Type a name or a folder")
    code.page.wait(".quick-input-widget .quick-input-message:has-text('A name or a folder')", "visible")
    code.press("Control+A")
    code.type("slow")
    code.press("Enter")
    code.until(lambda: code.server.settings()["understudy.engine.model"] == "slow", "the setting")


def test_the_engine_is_stopped_and_started(code: Workbench) -> None:
    code.wait_for_state("Ready.")
    code.command("Stop Engine")
    code.wait_for_state("The engine was stopped.")
    code.command("Start Engine")
    code.wait_for_state("Ready.")


def test_statistics_are_shown_in_a_document_that_cannot_be_edited(code: Workbench) -> None:
    code.command("Show Statistics")
    code.page.wait(".tab.active[aria-label*='Understudy statistics']", "visible")
    code.page.wait(".view-lines:has-text('report')", "visible")


def test_a_program_that_is_not_there_is_named(code: Workbench) -> None:
    code.server.change_settings({"understudy.server.path": "/nowhere/understudy"})
    code.wait_for_state("There is no program /nowhere/understudy. Correct the setting")
    code.server.change_settings({"understudy.server.path": None, "understudy.engine.model": None})
    code.wait_for_state("Ready.")


def test_programs_that_change_faster_than_they_start_leave_the_last_one(code: Workbench) -> None:
    other = code.server.user.file("../other-server", FAKE_SERVER)
    other.chmod(0o755)
    for path in (str(other), None) * 3:
        code.server.change_settings({"understudy.server.path": path})
        time.sleep(0.35)  # a start takes longer

    def settled() -> bool:
        programs = [words(pid) for pid in code.server.servers()]
        return "Ready." in code.state() and len(programs) == 1 and "understudy" in Path(programs[0][1]).name

    for _ in range(3):
        code.until(settled, "the one server that the settings name last")
        time.sleep(1)
    assert settled()


def test_no_setting_of_the_editors_is_strange_to_the_server(code: Workbench) -> None:
    code.server.change_settings({"understudy.trace.server": "messages", "understudy.server.python": "python3"})
    code.server.change_settings({"understudy.completion.debounceMs": -1})
    code.notification("`completion.debounceMs` in the editor")
    assert not any("is not a setting" in text for text in code.page.texts(NOTIFICATION))
