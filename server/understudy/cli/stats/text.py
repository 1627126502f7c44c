"""The report for people, in 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from understudy.cli.stats.cost import Bill
from understudy.cli.stats.report import JOULES_PER_WH, Report, Tokens
from understudy.engine.catalogue.schema import Price
from understudy.features.completion.outcome import Source

COLUMNS = 80
NAME_COLUMNS = 28
ORIGINS = {
    Source.ENGINE.value: "from the engine",
    Source.IN_FLIGHT.value: "from an answer under way",
    Source.CACHE.value: "from memory",
}


def as_text(report: Report, bill: Bill) -> str:
    """The report, section by section; what was not counted is left out."""
    sections = (
        _requests(report),
        _suggestions(report),
        _retention(report),
        _fixes(report),
        _tokens(report),
        _charged(report, bill),
        _energy(report, bill),
    )
    head = f"Completions and fixes of the last {report.days} days"
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


def _fixes(report: Report) -> list[str]:
    if not report.fixes:
        return []
    chosen = sum(report.fixes.values())
    rows = [_row(f"  {name}", count, _percent(count, chosen)) for name, count in report.fixes.items()]
    return [_row("code actions chosen", chosen), *rows]


def _tokens(report: Report) -> list[str]:
    if not report.tokens:
        return []
    head = f"{'tokens':<30}{'requests':>10}{'in':>14}{'cached':>10}{'out':>13}"
    return [head, *(_tokens_row(row) for row in report.tokens)]


def _tokens_row(row: Tokens) -> str:
    name = f"{row.lane}, {row.model}" if row.model else row.lane
    if len(name) > NAME_COLUMNS:
        name = name[: NAME_COLUMNS - 1] + "…"
    cached = "" if row.cached_share is None else f"{row.cached_share:.0%}"
    return f"  {name:<{NAME_COLUMNS}}{row.requests:>10,}{row.prompt:>14,}{cached:>10}{row.completion:>13,}"


def _charged(report: Report, bill: Bill) -> list[str]:
    if not report.tokens:
        return []
    model, provider = bill.offer.model, bill.offer.provider
    listed = ", then ".join(_price(price) for price in provider.prices)
    source = f" Source: {provider.source}." if provider.source else ""
    lanes = ", ".join(f"{lane} {_dollars(dollars)}" for lane, dollars in sorted(bill.dollars.items()))
    split = f" ({lanes})" if len(bill.dollars) > 1 else ""
    sentences = (
        f"{model.name} at {provider.name} would have charged about {_dollars(bill.total)} for them{split}: per million"
        f" tokens {listed}.{source} An estimate, since its tokens are not the same."
    )
    if model.infill == "none":
        sentences += " It cannot fill in the middle, which typing needs."
    return textwrap.wrap(sentences, COLUMNS)


def _price(price: Price) -> str:
    cached = "" if price.cached is None else f", {_listed(price.cached)} cached"
    limit = "" if price.up_to is None else f" (prompts up to {price.up_to:,} tokens)"
    return f"{_listed(price.input)} in{cached}, {_listed(price.output)} out{limit}"


def _listed(price: float) -> str:
    """A price as its list has it: with cents, and with more places where it has more."""
    cents = f"{price:.2f}"
    return f"${cents if float(cents) == price else f'{price:g}'}"


def _dollars(amount: float) -> str:
    return f"${_money(amount)}"


def _money(amount: float) -> str:
    """With cents; small amounts to four places, so that they are not nothing."""
    return f"{amount:,.2f}" if amount >= 0.1 or not amount else f"{amount:.4f}".rstrip("0").rstrip(".")


def _energy(report: Report, bill: Bill) -> list[str]:
    return list(_energy_lines(report, bill)) if report.boards else []


def _energy_lines(report: Report, bill: Bill) -> Iterator[str]:
    wh = report.joules / JOULES_PER_WH
    boards = "1 GPU" if len(report.boards) == 1 else f"{len(report.boards)} GPUs"
    yield f"{f'energy of {boards} while an engine ran':<40}{f'{wh:,.1f} Wh':>12}   of the whole board"
    if bill.energy is not None:
        yield f"{f'  at {bill.per_kwh:g} per kWh':<40}{_money(bill.energy):>12}"


def _row(name: str, count: int, rest: str = "") -> str:
    return f"{name:<40}{count:>12,}   {rest}".rstrip()


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:4.0%}"
