"""`understudy stats`: how completions went on this machine, from the local statistics file."""

from __future__ import annotations

import argparse
import sqlite3
import time
from contextlib import closing
from dataclasses import asdict, dataclass

from understudy.cli.services import user_settings
from understudy.cli.terminal import say, say_json
from understudy.core.errors import UnderstudyError
from understudy.core.ledger import ledger_file, open_ledger
from understudy.features.completion.outcome import Source

DAY = 86400
DEFAULT_DAYS = 30
NOTHING_YET = "Nothing has been counted yet. Figures appear once an editor has asked for completions."
ORIGINS = {
    Source.ENGINE.value: "from the engine",
    Source.IN_FLIGHT.value: "from an answer under way",
    Source.CACHE.value: "from memory",
}
SWITCHED_OFF = "Counting is switched off (`statistics.enabled`)."


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
class Report:
    """Everything that `understudy stats` shows. Counts by source and by reason, most frequent first."""

    days: int
    requests: int
    offered: dict[str, int]
    not_offered: dict[str, int]
    latency: dict[str, Latency]
    first_token: Latency | None
    suggestions: int
    accepted: int
    partly: int
    retained: tuple[Retained, ...]
    prompt_tokens: int
    cached_tokens: int
    known_prompt_tokens: int
    completion_tokens: int

    @property
    def without_engine(self) -> float | None:
        """The share of offers that cost no new engine request."""
        offers = sum(self.offered.values())
        return (offers - self.offered.get(Source.ENGINE.value, 0)) / offers if offers else None

    @property
    def cached_share(self) -> float | None:
        """The share of prompt tokens that came from the engine's cache, where it said so."""
        return self.cached_tokens / self.known_prompt_tokens if self.known_prompt_tokens else None


def add_stats_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `stats`."""
    parser = commands.add_parser("stats", help="show how completions went")
    parser.add_argument("--days", type=days, default=DEFAULT_DAYS, metavar="N", help="how far back (%(default)s)")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.set_defaults(func=run_stats)


def days(word: str) -> int:
    """A number of days. Raises `argparse.ArgumentTypeError`."""
    if not word.isascii() or not word.isdigit() or not 0 < int(word) < 100_000:
        raise argparse.ArgumentTypeError(f"say a number of days from 1 on, not {word}")
    return int(word)


def run_stats(arguments: argparse.Namespace) -> int:
    """Print the report."""
    if arguments.json:
        report = find_report(arguments.days)
        say_json(as_json(report) if report else {})
    else:
        say(report_text(arguments.days, counting=user_settings().settings.statistics.enabled))
    return 0


def report_text(days: int, *, counting: bool) -> str:
    """The report for people; `counting`: whether it goes on. Raises `UnderstudyError`."""
    report = find_report(days)
    text = as_text(report) if report and report.requests else NOTHING_YET
    return text if counting else f"{text}\n{SWITCHED_OFF}"


def find_report(days: int) -> Report | None:
    """The figures of the user's statistics file, if there is one. Raises `UnderstudyError`."""
    file = ledger_file()
    if not file.exists():
        return None
    try:
        with closing(open_ledger(file)) as connection:
            return read_report(connection, days, time.time())
    except sqlite3.Error as error:
        raise UnderstudyError(
            f"The statistics in {file} cannot be read ({error}).", "Delete the file to begin anew."
        ) from error


def read_report(connection: sqlite3.Connection, days: int, now: float) -> Report:
    """The figures of the last `days` days. Raises `sqlite3.Error`."""
    since = (now - days * DAY,)

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
        requests=one("SELECT count(*) FROM answers WHERE at >= ?"),
        offered=offered,
        not_offered=counted(_COUNTS.format(0)),
        latency={name: found for name, found in latencies.items() if found},
        first_token=latency("SELECT first_token_ms FROM answers WHERE at >= ? AND first_token_ms IS NOT NULL"),
        suggestions=one("SELECT count(*) FROM suggestions WHERE at >= ?"),
        accepted=one("SELECT count(*) FROM acceptances WHERE at >= ? AND whole"),
        partly=one("SELECT count(*) FROM acceptances WHERE at >= ? AND NOT whole"),
        retained=tuple(Retained(*row) for row in connection.execute(_RETAINED, since)),
        prompt_tokens=one("SELECT sum(prompt_tokens) FROM answers WHERE at >= ?"),
        cached_tokens=one("SELECT sum(cached_tokens) FROM answers WHERE at >= ?"),
        known_prompt_tokens=one("SELECT sum(prompt_tokens) FROM answers WHERE at >= ? AND cached_tokens IS NOT NULL"),
        completion_tokens=one("SELECT sum(completion_tokens) FROM answers WHERE at >= ?"),
    )


_COUNTS = "SELECT result, count(*) FROM answers WHERE at >= ? AND offered = {} GROUP BY result ORDER BY 2 DESC, 1"
_TIMES = "SELECT total_ms FROM answers WHERE at >= ? AND offered = 1 AND result = ?"
_RETAINED = "SELECT after, count(*), avg(share) FROM retentions WHERE at >= ? GROUP BY after ORDER BY after"


def _latency(values: list[float]) -> Latency | None:
    if not values:
        return None
    ordered = sorted(values)
    return Latency(len(ordered), _quantile(ordered, 0.5), _quantile(ordered, 0.95))


def _quantile(ordered: list[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed (nearest rank)."""
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def as_json(report: Report) -> dict[str, object]:
    """The report for programs."""
    return {**asdict(report), "without_engine": report.without_engine, "cached_share": report.cached_share}


def as_text(report: Report) -> str:
    """The report for people."""
    sections = (_requests(report), _suggestions(report), _retention(report), _tokens(report))
    head = f"Completions of the last {report.days} days"
    return "\n\n".join([head, *("\n".join(lines) for lines in sections if lines)])


def _requests(report: Report) -> list[str]:
    lines = [_row("requests", report.requests)]
    for name, count in report.offered.items():
        found = report.latency[name]
        times = f"p50 {found.p50:,.0f} ms, p95 {found.p95:,.0f} ms"
        lines.append(
            _row(f"  offered, {ORIGINS.get(name, name)}", count, f"{_percent(count, report.requests)}   {times}")
        )
    for name, count in report.not_offered.items():
        lines.append(_row(f"  {name}", count, _percent(count, report.requests)))
    if report.without_engine is not None:
        lines.append(f"{report.without_engine:.0%} of what was offered cost no new engine request.")
    if report.first_token is not None:
        found = report.first_token
        lines.append(f"First token after {found.p50:,.0f} ms (p50), {found.p95:,.0f} ms (p95).")
    return lines


def _suggestions(report: Report) -> list[str]:
    if not report.suggestions:
        return []
    return [
        _row("suggestions", report.suggestions),
        _row("  accepted", report.accepted, _percent(report.accepted, report.suggestions)),
        _row("  partly accepted", report.partly, _percent(report.partly, report.suggestions)),
    ]


def _retention(report: Report) -> list[str]:
    rows = [
        _row(f"  after {found.after} s", found.count, f"{found.share:4.0%}   of the text") for found in report.retained
    ]
    return ["accepted text that was still there", *rows] if rows else []


def _tokens(report: Report) -> list[str]:
    if not report.prompt_tokens:
        return []
    cached = "" if report.cached_share is None else f"{report.cached_share:4.0%}   cached"
    return [_row("prompt tokens", report.prompt_tokens, cached), _row("completion tokens", report.completion_tokens)]


def _row(name: str, count: int, rest: str = "") -> str:
    return f"{name:<40}{count:>12,}   {rest}".rstrip()


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:4.0%}"
