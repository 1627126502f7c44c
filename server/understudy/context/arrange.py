"""What is shown of other files, in the order in which the model sees it, and the account of how it was chosen."""

from __future__ import annotations

from dataclasses import dataclass

from understudy.context.pieces import Origin

MAX_DROPPED = 200  # of the account: what is further down explains nothing


@dataclass(frozen=True, slots=True)
class Shown:
    """Whole lines, with their ends, of the file that the model knows as `path`: chosen pieces, one below the other.

    A file may come twice: what is added later stands at the end, so that nothing before it moves.
    """

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """One piece that is shown: why, and what it costs. `form` counts from the fullest, 0; `path` is as the model sees
    it; `tokens` are those of its own lines, and of a header or a path that stand there for its sake."""

    key: str
    path: str
    origin: Origin
    score: float
    form: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Dropped:
    """One candidate that is not shown, and why not: there was no room, or the prompt shows these rows already."""

    key: str
    path: str
    origin: Origin
    score: float
    reason: str
