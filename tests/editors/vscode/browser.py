"""A headless Chromium that does what it is told: `browser.mjs`, driven line by line."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from processes import descendants, end_all
from programs import program

DRIVER = Path(__file__).with_name("browser.mjs")


class BrowserError(Exception):
    """What the browser could not do, in its words."""


class Browser:
    """One page. The methods are those of the table in `browser.mjs`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def __getattr__(self, what: str) -> Any:
        return lambda *arguments: self._ask(what, *arguments)

    def _ask(self, *words: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{json.dumps(words)}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        answer = json.loads(line) if line else {"error": "the browser has ended"}
        if "error" in answer:
            raise BrowserError(f"{words}: {answer['error']}")
        return answer["value"]


@contextmanager
def browser(width: int = 1100, height: int = 700) -> Iterator[Browser]:
    """A browser with one empty page; it and all its processes are gone afterwards."""
    command = [program("node"), DRIVER, program("chromium"), str(width), str(height)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        try:
            yield Browser(process)
        finally:
            family = descendants(process.pid)
            assert process.stdin is not None
            process.stdin.close()
            end_all(family)
