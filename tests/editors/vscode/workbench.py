"""What a user of VS Code sees and does, in words: the one place that knows how its page is made."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from browser import Browser, browser
from code_server import CodeServer

PATIENCE = 60.0
LOOK_EVERY = 0.05
STATE = "[id='understudy.understudy.understudy.state']"
NOTIFICATION = ".notifications-toasts .notification-list-item"
GHOST = """
[...document.querySelectorAll(".ghost-text-decoration, .ghost-text-decoration-preview, .ghost-text")]
  .filter((each) => !each.parentElement.closest(".ghost-text-decoration, .ghost-text"))
  .map((each) => each.textContent).join("").replaceAll("\\u00a0", " ")
"""
CURSOR_SHOWS = "document.activeElement?.closest('.monaco-editor') !== null"
WATCH = f"""
(() => {{
  const item = document.querySelector("{STATE}");
  window.seen = [];
  const note = () => window.seen.push(item.getAttribute("aria-label"));
  new MutationObserver(note).observe(item, {{ attributes: true, childList: true, subtree: true }});
}})()
"""


class Workbench:
    """One window."""

    def __init__(self, page: Browser, server: CodeServer) -> None:
        self.page = page
        self.server = server

    def reload(self) -> None:
        """Open the window anew."""
        self.page.open(self.server.url)
        self.page.wait(STATE, "visible")

    # The editor

    def edit(self, name: str, text: str) -> None:
        """Open a file of the project that holds `text`, with the cursor at its end."""
        file = self.server.user.file(name, text)
        self.page.press("Control+P")
        self.page.wait(".quick-input-widget", "visible")
        self.page.type(str(file), 0)
        self.page.wait(f".quick-input-list .monaco-list-row[aria-label*='{name}']", "visible")
        self.page.press("Enter")
        self.page.wait(f".tab.active[data-resource-name='{name}']", "visible")
        self.has_the_cursor()
        self.page.press("Control+End")

    def has_the_cursor(self) -> None:
        """Wait until keys go to the editor."""
        self.until(lambda: self.page.evaluate(CURSOR_SHOWS), "the editor has the cursor")

    def type(self, text: str, delay_ms: int = 30) -> None:
        """Type as a person does."""
        self.page.type(text, delay_ms)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.press(key)

    def ghost(self) -> str:
        """The ghost text that shows; empty if none does."""
        return str(self.page.evaluate(GHOST))

    def wait_for_ghost(self, text: str) -> None:
        self.until(lambda: self.ghost() == text, lambda: f"ghost text {text!r}, not {self.ghost()!r}")

    def stays_without_ghost(self, seconds: float = 1.5) -> None:
        """Wait until what shows is gone, and look for a while: nothing appears."""
        self.wait_for_ghost("")
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert self.ghost() == ""
            time.sleep(LOOK_EVERY)

    def saved(self, name: str) -> str:
        """Save, and what is in the file then."""
        self.page.press("Control+S")
        self.page.wait(".tab.active:not(.dirty)", "visible")
        return (self.server.user.project / name).read_text()

    # Understudy

    def command(self, title: str) -> None:
        """Run a command of Understudy's by its title, from the palette."""
        self._from_palette(f"Understudy: {title}")

    def _from_palette(self, title: str) -> None:
        self.page.press("Control+Shift+P")
        self.page.wait(".quick-input-widget", "visible")
        self.page.type(title, 0)
        self.page.click(f".quick-input-list .monaco-list-row[aria-label^='{title}']")

    def state(self) -> str:
        """What the status bar says, as a screen reader reads it."""
        return str(self.page.attribute(STATE, "aria-label"))

    def wait_for_state(self, words: str) -> None:
        self.until(lambda: words in self.state(), lambda: f"the state {words!r}, not {self.state()!r}")

    def stays_in_state(self, words: str, seconds: float = 1.5) -> None:
        """Look for a while: the state does not change."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert words in self.state()
            time.sleep(LOOK_EVERY)

    def watch_states(self) -> None:
        """Note each state that shows from now on."""
        self.page.evaluate(WATCH)

    def states_seen(self) -> list[str]:
        return list(self.page.evaluate("window.seen"))

    def menu(self) -> list[str]:
        """Click on the status bar; the menu's rows."""
        self.page.click(STATE)
        self.page.wait(".quick-input-list .monaco-list-row", "visible")
        return self.rows()

    def leave_menu(self) -> None:
        """Take none of the rows."""
        self.page.press("Escape")
        self.page.wait(".quick-input-widget", "hidden")
        self.has_the_cursor()

    def rows(self) -> list[str]:
        """The rows of the list that is open, as a user reads them."""
        return [text.strip() for text in self.page.texts(".quick-input-list .monaco-list-row .label-name")]

    def choose(self, row: str) -> None:
        """Take a row of the list that is open."""
        self.page.click(f".quick-input-list .monaco-list-row:has-text('{row}')")

    def notification(self, words: str) -> None:
        """Wait for a notification that holds `words`."""
        self.page.wait(f"{NOTIFICATION}:has-text('{words}')", "visible")

    def answer(self, button: str) -> None:
        """Press a button of a notification."""
        self.page.click(f"{NOTIFICATION} .monaco-button:has-text('{button}')")

    def clear_notifications(self) -> None:
        """Dismiss all of them, also those that have gone into the list behind the bell."""
        self._from_palette("Notifications: Clear All Notifications")

    # Looking

    def picture(self, path: Path) -> None:
        self.page.picture(str(path))

    def until(self, holds: Callable[[], Any], what: str | Callable[[], str], patience: float = PATIENCE) -> None:
        """Wait for something; fail in words."""
        end = time.monotonic() + patience
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(f"Not seen in {patience:.0f} s: {what if isinstance(what, str) else what()}")
            time.sleep(LOOK_EVERY)


@contextmanager
def workbench(server: CodeServer) -> Iterator[Workbench]:
    """A window of `server` in a browser of its own."""
    with browser() as page:
        window = Workbench(page, server)
        window.reload()
        yield window
