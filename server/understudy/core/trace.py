"""Spans of time as JSON lines, to look inside a slow request. Off by default; timings, sizes and names, no source text.

A request and the engine calls made for it share an `id`, which travels with the asyncio task:

    {"at": 1764036000.1, "id": 7, "span": 9, "parent": 7, "name": "engine.stream", "ms": 81.4, "end": "ok"}
"""

from __future__ import annotations

import itertools
import json
import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

log = logging.getLogger(__name__)

Figure = int | float | bool | str | None
NAME = re.compile(r"[\w.:/#@+-]{1,80}")


@dataclass(slots=True)
class Span:
    """A span that is under way; `note` adds figures to its line."""

    id: int
    number: int
    figures: dict[str, Figure] = field(default_factory=dict)

    def note(self, **figures: Figure) -> None:
        """Add figures. A string that is no plain name gives way to its length, so that no source text gets in."""
        self.figures |= {name: _harmless(figure) for name, figure in figures.items()}


class _Sink:
    """The file that lines are appended to. The first failure ends the tracing, never a request."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: TextIO | None = None
        self._broken = False

    def write(self, line: dict[str, object]) -> None:
        if self._broken:
            return
        try:
            if self._file is None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._file = self._path.open("a", encoding="utf-8", buffering=1)
            self._file.write(json.dumps(line) + "\n")
        except OSError as error:
            self._broken = True
            log.warning("Tracing to %s ended: %s", self._path, error)

    def close(self) -> None:
        self._broken = True
        if self._file is not None:
            self._file.close()


@dataclass(slots=True)
class _Tracing:
    """Where this process traces to. One process has one, as with `logging`: spans begin where no settings are known."""

    sink: _Sink | None = None
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))


_tracing = _Tracing()
_current: ContextVar[Span | None] = ContextVar("understudy_span", default=None)


def start(file: Path) -> None:
    """Append to `file` from now on, in place of any file before."""
    stop()
    _tracing.sink = _Sink(file)


def stop() -> None:
    """Trace no more."""
    if _tracing.sink is not None:
        _tracing.sink.close()
        _tracing.sink = None


@contextmanager
def span(name: str, **figures: Figure) -> Iterator[Span]:
    """Time the block, as part of the span around it. `end` tells how it ended: `ok`, or the exception's name."""
    sink = _tracing.sink
    if sink is None:
        yield _IDLE
        return
    outer = _current.get()
    number = next(_tracing.numbers)
    inner = Span(outer.id if outer else number, number)
    inner.note(**figures)
    _current.set(inner)
    at, began, end = time.time(), time.perf_counter(), "ok"
    try:
        yield inner
    except BaseException as error:
        end = type(error).__name__
        raise
    finally:
        # Not `reset`: an asynchronous generator may be closed in another context than it was begun in.
        _current.set(outer)
        line: dict[str, object] = {"at": round(at, 3), "id": inner.id, "span": number, "name": name}
        line |= {"parent": outer.number} if outer else {}
        line |= {"ms": round((time.perf_counter() - began) * 1000, 3), "end": end}
        sink.write(line | inner.figures)


def _harmless(figure: Figure) -> Figure:
    if isinstance(figure, str) and not NAME.fullmatch(figure):
        return len(figure)
    return figure


class _Idle(Span):
    """What `span` gives while nothing is traced."""

    __slots__ = ()

    def note(self, **figures: Figure) -> None:
        """Drop the figures."""


_IDLE = _Idle(0, 0)
