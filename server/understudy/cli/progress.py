"""A progress bar on the terminal; plain lines where the output is no terminal."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from understudy.engine.base import Progress

WIDTH = 28
LINE_STEP = 10  # percent between two lines where nothing can be redrawn


@contextmanager
def progress_bar(stream: TextIO | None = None) -> Iterator[Callable[[Progress], None]]:
    """A function that shows each progress on `stream` (standard error), never going back; then the bar is wiped."""
    out = stream or sys.stderr
    show = _redrawn(out) if out.isatty() else _lines(out)
    try:
        yield show
    finally:
        if out.isatty():
            out.write("\r\x1b[K")
            out.flush()


def _redrawn(out: TextIO) -> Callable[[Progress], None]:
    reached = 0

    def show(progress: Progress) -> None:
        nonlocal reached
        reached = max(reached, progress.percent or 0)
        columns = shutil.get_terminal_size().columns
        out.write("\r\x1b[K" + drawn(Progress(progress.message, reached), columns))
        out.flush()

    return show


def drawn(progress: Progress, columns: int) -> str:
    """The bar as one line that fits into `columns`."""
    percent = progress.percent or 0
    full = round(WIDTH * percent / 100)
    return f"[{'█' * full}{'░' * (WIDTH - full)}] {percent:3d} %  {progress.message}"[: max(columns - 1, 0)]


def _lines(out: TextIO) -> Callable[[Progress], None]:
    shown = -LINE_STEP
    message = ""

    def show(progress: Progress) -> None:
        nonlocal shown, message
        percent = progress.percent or 0
        if percent >= shown + LINE_STEP or (percent >= shown and progress.message.split()[0] != message.split(" ")[0]):
            shown, message = percent, progress.message
            out.write(f"{percent:3d} %  {progress.message}\n")
            out.flush()

    return show
