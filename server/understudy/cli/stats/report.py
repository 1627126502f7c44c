"""What the statistics file says, as figures."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from understudy.features.completion.outcome import Source

DAY = 86400
LONGEST_PROMPT = 2**62
JOULES_PER_WH = 3600


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds of the answers that offered something."""

    count: int
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Retained:
    """The mean share of accepted texts still there `after` seconds, over `count` texts."""

    after: int
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a model was asked for in a lane. `cached`: of the `known` tokens of prompts for which the engine said it."""

    lane: str
    model: str
    requests: int
    prompt: int
    cached: int
    known: int
    completion: int
    seconds: float

    @property
    def cached_share(self) -> float | None:
        """The share of prompt tokens that came from the engine's cache, where it said so."""
        return self.cached / self.known if self.known else None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was counted since a time (seconds since 1970). Counts by source and by reason, most frequent
    first; `fixes`: what became of code actions, by result; `boards`: joules of each GPU."""

    days: int
    since: float
    requests: int
    offered: dict[str, int]
    not_offered: dict[str, int]
    latency: dict[str, Latency]
    first_token: Latency | None
    suggestions: int
    accepted: int
    partly: int
    retained: tuple[Retained, ...]
    fixes: dict[str, int]
    tokens: tuple[Tokens, ...]
    boards: dict[str, float]

    @property
    def anything(self) -> bool:
        """Whether anything was counted."""
        return bool(self.requests or self.fixes or self.tokens or self.boards)

    @property
    def without_engine(self) -> float | None:
        """The share of offers that cost no new engine request."""
        offers = sum(self.offered.values())
        return (offers - self.offered.get(Source.ENGINE.value, 0)) / offers if offers else None

    @property
    def joules(self) -> float:
        """The energy of all GPUs."""
        return math.fsum(self.boards.values())


def read_report(connection: sqlite3.Connection, days: int, now: float) -> Report:
    """The figures of the last `days` days. Raises `sqlite3.Error`."""
    begin = now - days * DAY
    since = (begin,)

    def one(query: str) -> int:
        return int(connection.execute(query, since).fetchone()[0] or 0)

    def counted(query: str) -> dict[str, int]:
        return dict(connection.execute(query, since).fetchall())

    def latency(query: str, *more: str) -> Latency | None:
        return _latency([row[0] for row in connection.execute(query, (*since, *more))])

    offered = counted(_COUNTS.format(1))
    latencies = {name: latency(_TIMES, name) for name in offered}
    return Report(
        days=days,
        since=begin,
        requests=one("SELECT count(*) FROM answers WHERE at >= ?"),
        offered=offered,
        not_offered=counted(_COUNTS.format(0)),
        latency={name: found for name, found in latencies.items() if found},
        first_token=latency("SELECT first_token_ms FROM answers WHERE at >= ? AND first_token_ms IS NOT NULL"),
        suggestions=one("SELECT count(*) FROM suggestions WHERE at >= ?"),
        accepted=one("SELECT count(*) FROM acceptances WHERE at >= ? AND whole"),
        partly=one("SELECT count(*) FROM acceptances WHERE at >= ? AND NOT whole"),
        retained=tuple(Retained(*row) for row in connection.execute(_RETAINED, since)),
        fixes=counted("SELECT result, count(*) FROM fixes WHERE at >= ? GROUP BY result ORDER BY 2 DESC, 1"),
        tokens=read_tokens(connection, begin),
        boards=joules_by_board(connection.execute(_ENERGY, since)),
    )


def read_tokens(
    connection: sqlite3.Connection, since: float, over: int = -1, up_to: int = LONGEST_PROMPT
) -> tuple[Tokens, ...]:
    """Tokens by lane and model, of requests whose prompts were longer than `over` and not than `up_to` tokens."""
    return tuple(Tokens(*row) for row in connection.execute(_TOKENS, (since, over, up_to)))


def joules_by_board(rows: Iterable[tuple[str, float, float, float]]) -> dict[str, float]:
    """Joules of each board, from intervals (board, begin, end, joules) in order of their begin.

    Two engines on one board measure it both: what overlaps counts once, in proportion to its time.
    """
    until: dict[str, float] = {}
    joules: dict[str, float] = {}
    for board, begin, end, drawn in rows:
        fresh = end - max(begin, until.get(board, begin))
        if fresh > 0:
            joules[board] = joules.get(board, 0.0) + drawn * fresh / (end - begin)
            until[board] = end
    return joules


_COUNTS = "SELECT result, count(*) FROM answers WHERE at >= ? AND offered = {} GROUP BY result ORDER BY 2 DESC, 1"
_TIMES = "SELECT total_ms FROM answers WHERE at >= ? AND offered = 1 AND result = ?"
_RETAINED = "SELECT after, count(*), avg(share) FROM retentions WHERE at >= ? GROUP BY after ORDER BY after"
_ENERGY = "SELECT board, at - seconds, at, joules FROM energy WHERE at >= ? ORDER BY 1, 2, 3"
_TOKENS = """
SELECT lane, model, count(*), sum(prompt_tokens), coalesce(sum(cached_tokens), 0),
    sum(CASE WHEN cached_tokens IS NULL THEN 0 ELSE prompt_tokens END), sum(completion_tokens), sum(seconds)
FROM requests WHERE at >= ? AND prompt_tokens > ? AND prompt_tokens <= ?
GROUP BY lane, model ORDER BY lane, 3 DESC, model
"""


def _latency(values: list[float]) -> Latency | None:
    if not values:
        return None
    ordered = sorted(values)
    return Latency(len(ordered), _quantile(ordered, 0.5), _quantile(ordered, 0.95))


def _quantile(ordered: list[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed (nearest rank)."""
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def as_json(report: Report) -> dict[str, object]:
    """The report for programs; tokens also summed up over lanes and models."""
    prompt, cached, known, completion = (
        sum(getattr(row, name) for row in report.tokens) for name in ("prompt", "cached", "known", "completion")
    )
    return {
        **asdict(report),
        "without_engine": report.without_engine,
        "prompt_tokens": prompt,
        "cached_tokens": cached,
        "known_prompt_tokens": known,
        "completion_tokens": completion,
        "cached_share": cached / known if known else None,
        "energy_wh": report.joules / JOULES_PER_WH if report.boards else None,
    }
