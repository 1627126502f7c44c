"""What is counted: how requests ended, what was offered, accepted and kept. Figures and names only, never source text.

`core.ledger` keeps the events in a file; features see the `Recorder` protocol alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

Lane = Literal["typing", "work"]
Purpose = Literal["typing", "work", "warming"]
"""What an engine is asked for: completions, what takes longer, and what is read ahead of completions in a pause."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a request for a completion ended. `result` is the value of a source or a reason; `offered` says which of the
    two it is. Milliseconds; `first_token_ms` where a new engine request was made for it."""

    result: str
    offered: bool
    language: str
    total_ms: float
    first_token_ms: float | None = None


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


APPLIED = "applied"


@dataclass(frozen=True, slots=True)
class Fixed:
    """What became of a code action that the user chose. `action`: its name. `result`: `APPLIED`, "explained", or why
    nothing came of it, as "cancelled". `seconds`: from the choice to the end, 0 where the edit was prepared."""

    action: str
    result: str
    language: str
    seconds: float


@dataclass(frozen=True, slots=True)
class EngineRequest:
    """What one request to an engine cost, whatever became of its answer: an abandoned one costs as well.

    `model`: the served name. `cached_tokens`: of the prompt; None where the engine did not say, as vLLM before an
    answer has ended. `seconds`: from the request to its end.
    """

    lane: Purpose
    model: str
    prompt_tokens: int
    cached_tokens: int | None
    completion_tokens: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Energy:
    """What a GPU drew in the `seconds` before now while an engine used it: the whole board, whoever else did. `board`:
    its UUID."""

    board: str
    joules: float
    seconds: float


Event = Answer | Suggested | Acceptance | Retention | Fixed | EngineRequest | Energy


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
