"""What a run of `infill` came to: a row for each strategy, and which of them `engine.fim` should name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from understudy.evaluation.journal import Record
from understudy.evaluation.judge import PASSED
from understudy.evaluation.metrics import Interval, Percentiles, paired_difference, wilson
from understudy.evaluation.strategies import Strategy
from understudy.evaluation.table import Report

REFUSED = "refused"
HEADS = ("strategy", "format", "n", "pass@1", "95 %", "exact", "similar", "first token", "whole", "truncated")


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one strategy. Shares from 0 to 1; milliseconds. `ends`: how many programs ended how."""

    strategy: str
    form: str
    passed: tuple[bool, ...]
    exact: float
    similarity: float
    first_token: Percentiles
    total: Percentiles
    truncated: int
    ends: Counter[str]

    @property
    def share(self) -> float:
        """pass@1: the share of problems whose first and only answer passes (Chen et al. 2021)."""
        return sum(self.passed) / max(1, len(self.passed))

    @property
    def interval(self) -> Interval:
        """Of `share`."""
        return wilson(sum(self.passed), len(self.passed))


def summarise(benchmark: str, strategies: Sequence[Strategy], records: Sequence[Record], setting: str) -> Report:
    """The figures of all strategies. `setting`: what `engine.fim` says now."""
    rows = [row_of(strategy.name, strategy.fim.name, records) for strategy in strategies]
    advice = recommendation(rows, setting)
    figures = {"benchmark": benchmark, "strategies": [as_json(row) for row in rows], "recommendation": advice}
    return Report(figures, [*table(rows), *unusual(rows), "", advice])


def row_of(name: str, form: str, records: Sequence[Record]) -> Row:
    """The figures of the strategy `name`, whose records are in the order of the problems."""
    own = [record for record in records if record["strategy"] == name]
    answered = [record for record in own if "refused" not in record]
    return Row(
        name,
        form,
        tuple(record["verdict"] == PASSED for record in own),
        # What was refused counts as wrong, not as absent.
        sum(record["exact"] for record in answered) / max(1, len(own)),
        fmean([record["similarity"] for record in answered] + [0.0] * (len(own) - len(answered)) or [0.0]),
        Percentiles.of([record["first_token_ms"] for record in answered if record["first_token_ms"] is not None]),
        Percentiles.of([record["total_ms"] for record in answered]),
        sum(record["truncated"] for record in answered),
        Counter(record["verdict"] for record in own),
    )


def recommendation(rows: Sequence[Row], setting: str) -> str:
    """Which strategy to use: the best, where it is really better than each other one."""
    if len(rows) < 2:
        return "Name two strategies or more (--strategy fim --strategy hole) to see which one `engine.fim` should say."
    best, *others = sorted(rows, key=lambda row: -row.share)
    stays = f"`engine.fim` may stay at `{setting}`."
    for other in others:
        margin = paired_difference(best.passed, other.passed)
        between = (
            f"{best.strategy} passes {100 * (best.share - other.share):+.1f} points against {other.strategy} "
            f"(95 % interval {100 * margin.low:+.1f} to {100 * margin.high:+.1f}, paired bootstrap)"
        )
        if margin.low <= 0:
            return f"No strategy is really better: {between}. {stays}"
    if setting in (best.strategy, best.form):
        return f"{best.strategy} is the best: {between}. {stays}"
    return f"{best.strategy} is the best: {between}. Set `engine.fim` to `{best.form}`."


def table(rows: Sequence[Row]) -> list[str]:
    """The figures as lines of one width."""
    cells = [HEADS, *(_cells(row) for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(HEADS))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells]


def unusual(rows: Sequence[Row]) -> list[str]:
    """How programs ended that neither passed nor failed their tests."""
    return [
        f"{row.strategy}: {count} of {len(row.passed)} {word if word == REFUSED else f'were over a limit: {word}'}"
        for row in rows
        for word, count in sorted(row.ends.items())
        if word not in (PASSED, "failed")
    ]


def as_json(row: Row) -> dict[str, Any]:
    """A row for programs."""
    return {
        "strategy": row.strategy,
        "format": row.form,
        "problems": len(row.passed),
        "pass_at_1": round(row.share, 4),
        "pass_at_1_interval_95": [round(row.interval.low, 4), round(row.interval.high, 4)],
        "exact": round(row.exact, 4),
        "edit_similarity": round(row.similarity, 4),
        "first_token_ms": {"p50": row.first_token.p50, "p95": row.first_token.p95} if row.first_token.count else None,
        "total_ms": {"p50": row.total.p50, "p95": row.total.p95} if row.total.count else None,
        "truncated": row.truncated,
        "ends": dict(row.ends),
    }


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.strategy,
        row.form,
        str(len(row.passed)),
        f"{100 * row.share:.1f} %",
        f"{100 * row.interval.low:.1f} to {100 * row.interval.high:.1f}",
        f"{100 * row.exact:.1f} %",
        f"{100 * row.similarity:.1f} %",
        _milliseconds(row.first_token),
        _milliseconds(row.total),
        str(row.truncated),
    )


def _milliseconds(times: Percentiles) -> str:
    return f"{times.p50:.0f}, {times.p95:.0f} ms" if times.count else "-"
