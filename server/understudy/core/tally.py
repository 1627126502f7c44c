"""The figures of one conversation, for an editor's status line; kept also where statistics are switched off."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from understudy.core.statistics import Acceptance, Answer, Event, Recorder, Suggested

RECENT = 50  # answers whose latency is worth telling


@dataclass(frozen=True, slots=True)
class Figures:
    """The median latency (milliseconds) of the last answers that were new to the engine, if any; and counts."""

    latency_ms: float | None = None
    suggestions: int = 0
    accepted: int = 0


@dataclass(slots=True)
class Tally:
    """Counts what a conversation's recorders are told, from one change of settings to the next."""

    _latencies: deque[float] = field(default_factory=lambda: deque(maxlen=RECENT))
    _suggestions: int = 0
    _accepted: int = 0

    def figures(self) -> Figures:
        """How things went so far."""
        # Not with the module `statistics`, which would take its time before the reply to `initialize`.
        median = sorted(self._latencies)[len(self._latencies) // 2] if self._latencies else None
        return Figures(median, self._suggestions, self._accepted)

    def count(self, event: Event) -> None:
        """Take note of one event."""
        match event:
            case Answer(offered=True, first_token_ms=float()):
                self._latencies.append(event.total_ms)
            case Suggested():
                self._suggestions += 1
            case Acceptance():
                self._accepted += 1


@dataclass(frozen=True, slots=True)
class Tallied:
    """A recorder whose events also go into a tally."""

    tally: Tally
    recorder: Recorder

    def record(self, event: Event) -> None:
        """Count one event in both."""
        self.tally.count(event)
        self.recorder.record(event)

    def flush(self) -> None:
        """Wait until everything so far is kept."""
        self.recorder.flush()

    def close(self) -> None:
        """Close the recorder; the tally goes on."""
        self.recorder.close()
