"""The engine's log: appended to, rotated by size, read from its end."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

LIMIT_BYTES = 5_000_000
FOLLOW_SECONDS = 0.25


def previous(path: Path) -> Path:
    """Where a full log goes."""
    return path.with_name(path.name + ".1")


def append(path: Path, text: str, limit: int = LIMIT_BYTES) -> None:
    """Add `text`; a log that would exceed `limit` bytes becomes the previous one. Readable by the user alone."""
    data = text.encode("utf-8", "replace")
    if path.exists() and path.stat().st_size + len(data) > limit:
        path.replace(previous(path))
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, data)
    finally:
        os.close(descriptor)


def last_lines(path: Path, count: int) -> list[str]:
    """The last `count` lines, reaching into the previous log; none where there is no log."""
    lines: list[str] = []
    for file in (path, previous(path)):
        if len(lines) < count and file.exists():
            lines = file.read_text(encoding="utf-8", errors="replace").splitlines()[-(count - len(lines)) :] + lines
    return lines if count > 0 else []


def follow(path: Path, count: int, go_on: Callable[[], bool]) -> Iterator[str]:
    """The last `count` lines, then each new one, over rotations, while `go_on()` holds."""
    position = path.stat().st_size if path.exists() else 0
    yield from last_lines(path, count)
    rest = ""
    while go_on():
        size = path.stat().st_size if path.exists() else 0
        if size < position:
            position = 0
        if size > position:
            with path.open("rb") as file:
                file.seek(position)
                data = file.read(size - position)
            position = size
            *complete, rest = (rest + data.decode("utf-8", "replace")).split("\n")
            yield from complete
        else:
            time.sleep(FOLLOW_SECONDS)
