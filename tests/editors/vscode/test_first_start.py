"""VS Code, where nothing is installed: the extension installs the server that comes with it, and says why not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from code_server import code_server
from processes import descendants, words
from user import ADD, User, new_user
from workbench import Workbench, workbench

pytestmark = pytest.mark.timeout(300)  # the first test packages the extension

NOWHERE = "[global]\nindex-url = http://127.0.0.1:9/simple\n"


@pytest.fixture(name="code", scope="module")
def fixture_code(vsix: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """A window of someone who has a Python and no `understudy`."""
    user = new_user(tmp_path_factory.mktemp("first") / "home")
    (user.home / "bin" / "understudy").unlink()
    with code_server(user, vsix) as server, workbench(server) as window:
        yield window


def environments(code: Workbench) -> list[Path]:
    """What the extension has made, or has begun to make."""
    folder = code.server.storage / "environments"
    return sorted(folder.iterdir()) if folder.exists() else []


def pip_settings(user: User) -> Path:
    return user.config("pip/pip.conf", NOWHERE)


def test_the_offer_can_wait(code: Workbench, artefacts: Path) -> None:
    code.page.wait(".gettingStartedContainer:has-text('Get started with Understudy')", "visible")
    code.notification("Install it into an environment of its own?")
    code.picture(artefacts / "offer.png")
    code.answer("Not now")
    code.wait_for_state("The server is not installed.")
    assert code.menu()[0] == "Install Server…"
    code.press("Escape")
    assert environments(code) == []


def test_without_a_python_it_says_what_to_install(code: Workbench) -> None:
    code.server.change_settings({"understudy.server.python": "/bin/true"})
    code.command("Install Server…")
    code.notification("Understudy needs Python 3.11 or newer: /bin/true cannot be run.")
    code.wait_for_state("The server is not installed.")
    code.server.change_settings({"understudy.server.python": None})
    code.reload()


def test_without_a_network_it_says_what_is_missing(code: Workbench, artefacts: Path) -> None:
    settings = pip_settings(code.server.user)
    code.notification("Install it into an environment of its own?")
    code.answer("Install")
    code.notification("pip could not fetch what the server depends on")
    code.wait_for_state("The server is not installed.")
    code.picture(artefacts / "offline.png")
    assert environments(code) == []
    settings.unlink()


def test_a_cancelled_installation_leaves_nothing(code: Workbench, artefacts: Path) -> None:
    code.answer("Retry")
    code.notification("Installing Understudy")
    code.until(lambda: len(environments(code)) == 1, "an environment is begun")
    code.picture(artefacts / "installing.png")
    code.answer("Cancel")
    code.until(lambda: environments(code) == [], "what was begun is removed")
    code.wait_for_state("The server is not installed.")
    assert not any("pip" in word for pid in descendants(code.server.pid) for word in words(pid))


def test_it_installs_itself_and_completes(code: Workbench, artefacts: Path) -> None:
    code.reload()
    code.notification("Install it into an environment of its own?")  # and is not answered there
    code.command("Install Server…")
    code.until(lambda: "Ready." in code.state(), "a server that runs", patience=90)
    code.edit("first.py", ADD)
    code.type("    return ")
    code.wait_for_ghost("a + b")
    code.picture(artefacts / "first-ghost-text.png")
    (environment,) = environments(code)
    assert (environment / "bin" / "python").exists()


def test_an_offer_that_is_answered_late_changes_nothing(code: Workbench) -> None:
    code.clear_notifications()
    code.stays_in_state("Ready.")


def test_the_next_start_asks_nothing(code: Workbench) -> None:
    code.reload()
    code.wait_for_state("Ready.")


def test_another_version_of_the_extension_installs_its_own_server(code: Workbench) -> None:
    (before,) = environments(code)
    (wheel,) = (code.server.extension / "extension" / "dist").glob("*.whl")
    with ZipFile(wheel, "a") as archive:
        archive.comment = b"another build"
    code.reload()
    code.until(lambda: "Ready." in code.state(), "a server that runs", patience=90)
    (after,) = set(environments(code)) - {before}
    code.reload()
    code.wait_for_state("Ready.")
    code.until(lambda: environments(code) == [after], "the old environment is removed")
