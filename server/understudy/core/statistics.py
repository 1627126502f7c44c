"""What is counted: how requests ended, what was offered, accepted and kept. Figures and names only, never source text.

`core.ledger` keeps the events in a file; features see the `Recorder` protocol alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Answer:
    """How one request ended. `result` is the value of a source or a reason; `offered` says which of the two it is.

    Milliseconds, and tokens where a new engine request told them.
    """

    result: str
    offered: bool
    language: str
    total_ms: float
    first_token_ms: float | None = None
    prompt_tokens: int | None = None
    cached_tokens: int | None = None
    completion_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Suggested:
    """A suggestion that had not been offered before: typing along it, or asking again, does not make another."""

    language: str


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A suggestion that was taken: whole, or its first `length` code points. A suggestion gives at most one."""

    language: str
    whole: bool
    length: int


@dataclass(frozen=True, slots=True)
class Retention:
    """The share (0 to 1) of an accepted text that was still there `after` seconds later."""

    language: str
    after: int
    share: float


Event = Answer | Suggested | Acceptance | Retention


class Recorder(Protocol):
    """Takes events; never blocks its caller noticeably and never raises."""

    def record(self, event: Event) -> None:
        """Count one event."""
        ...

    def flush(self) -> None:
        """Wait until everything so far is kept."""
        ...

    def close(self) -> None:
        """Keep what is left and let go. Events after that are dropped."""
        ...


class NullRecorder:
    """Counts nothing: the statistics are switched off."""

    def record(self, event: Event) -> None:
        """Drop the event."""

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is open."""
