"""A program in a terminal of fixed size, driven as a user does: keys go in, the screen comes out.

It runs in a tmux of its own (a private socket, no configuration), so that nothing of the developer's tmux counts. When
the `with` ends, the program and all that it started are gone.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from picture import Cursor, svg
from processes import descendants, end_all
from programs import program

PATIENCE = 20.0
LOOK_EVERY = 0.02
# A key that follows Escape at once is one with Alt, to every program in a terminal.
AFTER_ESCAPE = 0.1
# No line of tmux's own; an Escape counts at once; the last screen stays to be read when the program ends.
SETTINGS = (
    *("set", "-g", "default-terminal", "tmux-256color", ";", "set", "-g", "status", "off", ";"),
    *("set", "-s", "escape-time", "0", ";", "set", "-g", "remain-on-exit", "on", ";"),
)


class Terminal:
    """What runs in the terminal; made by `terminal`."""

    def __init__(self, tmux: Sequence[str], columns: int, rows: int) -> None:
        self._tmux = tmux
        self.columns = columns
        self.rows = rows

    def keys(self, *names: str) -> None:
        """Press keys by tmux's names: `Escape`, `Tab`, `C-x`, `M-x`, `Down`, or a character."""
        for name in names:
            self._ask("send-keys", "-t", ":", name)
            if name == "Escape":
                time.sleep(AFTER_ESCAPE)

    def type(self, text: str, *, pause: float = 0.0) -> None:
        """Type text as it stands, with a pause in seconds after each character."""
        for part in text if pause else [text]:
            self._ask("send-keys", "-t", ":", "-l", "--", part)
            time.sleep(pause)

    def text(self) -> str:
        """The screen, line by line, without colours."""
        return self._ask("capture-pane", "-t", ":", "-p")

    def capture(self) -> str:
        """The screen with its colours, as escape sequences."""
        return self._ask("capture-pane", "-t", ":", "-p", "-e", "-N")

    def cursor(self) -> Cursor:
        """Column and row, from 0."""
        column, row, visible = self._ask("display", "-t", ":", "-p", "#{cursor_x} #{cursor_y} #{cursor_flag}").split()
        return Cursor(int(column), int(row), visible == "1")

    def pid(self) -> int:
        """The process that runs in the terminal."""
        return int(self._ask("display", "-t", ":", "-p", "#{pane_pid}"))

    def wait(self, wanted: str | Callable[[str], bool], *, seconds: float = PATIENCE) -> str:
        """Wait until the screen holds a text or satisfies a predicate; the screen as it is then."""
        found, screen = self._look_for(wanted, time.monotonic() + seconds)
        if not found:
            sought = repr(wanted) if isinstance(wanted, str) else "what was waited for"
            raise AssertionError(f"{sought} is not on the screen after {seconds:g} s:\n{screen}")
        return screen

    def wait_pressing(
        self, keys: Sequence[str], wanted: str | Callable[[str], bool], *, seconds: float = PATIENCE
    ) -> str:
        """Press keys again and again until the screen is as wanted, for what may come too early the first time."""
        end = time.monotonic() + seconds
        found = False
        while not found and time.monotonic() < end:
            self.keys(*keys)
            found, _ = self._look_for(wanted, time.monotonic() + 1.5)
        return self.wait(wanted, seconds=0)

    def stays(self, wanted: Callable[[str], bool], *, seconds: float) -> str:
        """See that the screen satisfies a predicate all the time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            screen = self.text()
            if not wanted(screen):
                raise AssertionError(f"the screen changed to:\n{screen}")
            time.sleep(LOOK_EVERY)
        return self.text()

    def picture(self, path: Path, *, title: str = "") -> Path:
        """Keep the screen as an SVG picture."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(svg(self.capture(), self.columns, self.rows, self.cursor(), title=title), encoding="utf-8")
        return path

    def _look_for(self, wanted: str | Callable[[str], bool], end: float) -> tuple[bool, str]:
        """Look until then; whether it was found, and the last screen."""
        while True:
            screen = self.text()
            found = wanted in screen if isinstance(wanted, str) else wanted(screen)
            if found or time.monotonic() > end:
                return found, screen
            time.sleep(LOOK_EVERY)

    def _ask(self, *words: str) -> str:
        ran = subprocess.run([*self._tmux, *words], capture_output=True, text=True, encoding="utf-8", timeout=30)
        if ran.returncode:
            raise AssertionError(f"the program in the terminal has ended: {ran.stderr.strip()}")
        return ran.stdout


@contextlib.contextmanager
def terminal(
    command: Sequence[str | Path],
    *,
    folder: Path,
    environment: Mapping[str, str],
    columns: int = 100,
    rows: int = 30,
) -> Iterator[Terminal]:
    """Run a program in a terminal; its environment is what is given, plus what a terminal sets."""
    # Not below the test's folder: the path of a socket may have some 100 bytes only.
    home = Path(tempfile.mkdtemp(prefix="tmux-"))
    tmux = [str(program("tmux")), "-S", str(home / "socket"), "-f", "/dev/null"]
    settings = {**environment, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
    pid = 0
    try:
        subprocess.run(
            [*tmux, *SETTINGS, "new", "-d", "-x", str(columns), "-y", str(rows), "-c", folder, *command],
            env=settings,
            check=True,
            capture_output=True,
            timeout=30,
        )
        screen = Terminal(tmux, columns, rows)
        pid = screen.pid()
        yield screen
    finally:
        family = descendants(pid) if pid else []
        subprocess.run([*tmux, "kill-server"], capture_output=True, timeout=30)
        end_all(family)
        shutil.rmtree(home)
