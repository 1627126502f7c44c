"""`understudy stats`: the figures add up, and so does what they would have cost."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typed_command import Run

from understudy.cli.stats.cost import Offer, bill_at, charge, offer_of
from understudy.cli.stats.report import Latency, Report, Tokens, joules_by_board, read_report
from understudy.cli.stats.text import COLUMNS, as_text
from understudy.core.ledger import Ledger, open_ledger
from understudy.core.statistics import Acceptance, Answer, Energy, EngineRequest, Event, Fixed, Retention, Suggested
from understudy.engine.catalogue.schema import Price

NOW = 1_764_036_000.0
LONG = Price(input=2.0, output=6.0, cached=0.2)
SHORT = Price(input=0.5, output=3.0, cached=0.05, up_to=1000)


@pytest.fixture(name="file")
def fixture_file(tmp_path: Path) -> Path:
    return tmp_path / "statistics.sqlite"


@pytest.fixture(name="full")
def fixture_full(file: Path) -> Iterator[Connection]:
    fill(file, NOW)
    with closing(open_ledger(file)) as connection:
        yield connection


def record(file: Path, now: float, *events: Event) -> None:
    ledger = Ledger(file, lambda: now)
    for event in events:
        ledger.record(event)
    ledger.close()


def fill(file: Path, now: float) -> None:
    answers = [Answer("engine", True, "python", float(number), 20.0) for number in range(1, 101)]
    remembered = [Answer("cache", True, "python", 1.0)] * 300
    nothing = [Answer("the model offered nothing", False, "python", 5.0)] * 100
    accepted = [Acceptance("python", whole, 20) for whole in (True, True, True, False)]
    kept = [Retention("python", 30, share) for share in (1.0, 0.5)]
    record(file, now, *answers, *remembered, *nothing, *[Suggested("python")] * 10, *accepted, *kept)
    record(file, now, *[Fixed("fix", "applied", "python", 3.0)] * 3, Fixed("test", "check failed", "go", 9.0))
    typing = [EngineRequest("typing", "small", 400, 300, 10, 0.1)] * 100
    cut_off = [EngineRequest("typing", "small", 400, None, 5, 0.1)] * 50
    work = [EngineRequest("work", "big", 2000, 1500, 100, 9.0)]
    record(file, now, *typing, *cut_off, *work)
    record(file, now, Energy("GPU-a", 7200.0, 60.0), Energy("GPU-b", 3600.0, 60.0))
    record(file, now + 60, Energy("GPU-a", 7200.0, 60.0))


def offer(*prices: Price) -> Offer:
    known = offer_of("Qwen3.6-Plus")
    return Offer(known.model, known.provider.model_copy(update={"prices": prices}))


def test_a_report_adds_up(full: Connection) -> None:
    report = read_report(full, 30, NOW + 86400)
    assert report.requests == 500
    assert report.offered == {"cache": 300, "engine": 100}
    assert report.not_offered == {"the model offered nothing": 100}
    assert report.latency["engine"] == Latency(100, 50.0, 95.0)
    assert report.without_engine == 0.75
    assert (report.suggestions, report.accepted, report.partly) == (10, 3, 1)
    assert [(each.after, each.count, each.share) for each in report.retained] == [(30, 2, 0.75)]
    assert report.fixes == {"applied": 3, "check failed": 1}
    typing, work = report.tokens
    assert typing == Tokens("typing", "small", 150, 60_000, 30_000, 40_000, 1250, pytest.approx(15.0))
    assert typing.cached_share == 0.75, "of the prompts for which it is known"
    assert (work.lane, work.model, work.requests, work.prompt) == ("work", "big", 1, 2000)
    assert report.boards == {"GPU-a": 14_400.0, "GPU-b": 3600.0}


def test_what_is_older_is_left_out(full: Connection) -> None:
    old = read_report(full, 1, NOW + 2 * 86400)
    assert not old.anything
    assert "30 %" not in as_text(old, bill_at(full, old, offer(LONG)))


def test_each_request_pays_by_its_own_length(full: Connection) -> None:
    report = read_report(full, 30, NOW)
    bill = bill_at(full, report, offer(SHORT, LONG), per_kwh=0.5)
    # 150 prompts of 400 tokens, three quarters of them cached, and 1250 tokens written
    assert bill.dollars["typing"] == pytest.approx((15_000 * 0.5 + 45_000 * 0.05 + 1250 * 3) / 1e6)
    assert bill.dollars["work"] == pytest.approx((500 * 2 + 1500 * 0.2 + 100 * 6) / 1e6)
    assert bill.total == pytest.approx(sum(bill.dollars.values()))
    assert bill.energy == pytest.approx(18_000 / 3.6e6 * 0.5)


def test_what_is_too_long_for_every_price_pays_the_last(full: Connection) -> None:
    report = read_report(full, 30, NOW)
    assert bill_at(full, report, offer(SHORT)).dollars["work"] == pytest.approx((500 * 0.5 + 1500 * 0.05 + 300) / 1e6)


requests = st.builds(
    lambda prompt, cached, written, seconds: EngineRequest(
        "typing", "m", prompt, min(cached, prompt), written, seconds
    ),
    st.integers(0, 300_000),
    st.integers(0, 300_000),
    st.integers(0, 9000),
    st.floats(0, 60),
)


@given(st.lists(requests, min_size=1, max_size=20))
def test_the_whole_costs_what_its_parts_cost(asked: list[EngineRequest]) -> None:
    def tokens(*rows: EngineRequest) -> Tokens:
        prompt, written = sum(row.prompt_tokens for row in rows), sum(row.completion_tokens for row in rows)
        cached = sum(row.cached_tokens or 0 for row in rows)
        return Tokens("typing", "m", len(rows), prompt, cached, prompt, written, 0.0)

    parts = sum(charge(tokens(row), LONG) for row in asked)
    assert charge(tokens(*asked), LONG) == pytest.approx(parts, abs=1e-12)


def test_a_price_is_said_as_its_list_has_it(full: Connection) -> None:
    priced = Price(input=0.248, output=1.485, cached=0.05)
    text = as_text(read_report(full, 30, NOW), bill_at(full, read_report(full, 30, NOW), offer(priced)))
    assert "$0.248 in, $0.05 cached, $1.485 out" in " ".join(text.split())
    dear = as_text(read_report(full, 30, NOW), bill_at(full, read_report(full, 30, NOW), offer(LONG)))
    assert "$2.00 in, $0.20 cached, $6.00 out" in " ".join(dear.split())


def test_no_price_for_cached_tokens_means_the_price_of_others() -> None:
    tokens = Tokens("typing", "m", 1, 1000, 900, 1000, 0, 0.0)
    assert charge(tokens, Price(input=1.0, output=1.0)) == pytest.approx(0.001)


intervals = st.lists(st.tuples(st.integers(1, 600), st.integers(0, 10**6)), max_size=30)


@given(intervals, intervals)
def test_energy_adds_up_and_a_second_engine_on_a_board_adds_none(
    one: list[tuple[int, int]], other: list[tuple[int, int]]
) -> None:
    rows = []
    for board, drawn in (("a", one), ("b", other)):
        end = 0.0
        for seconds, joules in drawn:
            rows.append((board, end, end + seconds, float(joules)))
            end += seconds
    wanted = {"a": sum(joules for _, joules in one), "b": sum(joules for _, joules in other)}
    for measured in (rows, sorted(rows * 2)):
        found = joules_by_board(measured)
        assert {board: found.get(board, 0.0) for board in wanted} == pytest.approx(wanted)


def test_intervals_that_overlap_count_in_proportion() -> None:
    assert joules_by_board([("a", 0.0, 60.0, 600.0), ("a", 30.0, 90.0, 600.0)]) == {"a": 900.0}


def test_stats_without_any(run: Run) -> None:
    answer = run("stats")
    assert answer.returncode == 0
    assert answer.stdout.startswith("Nothing has been counted yet.")
    assert json.loads(run("stats", "--json").stdout) == {}


def test_stats_says_that_counting_is_switched_off(run: Run) -> None:
    assert "switched off" in run("stats", UNDERSTUDY_STATISTICS_ENABLED="false").stdout


def test_stats_prints_the_report(run: Run, home: dict[str, str]) -> None:
    fill(Path(home["UNDERSTUDY_DATA_HOME"]) / "statistics.sqlite", time.time() - 60)
    said = run("stats", "--days", "7", "--kwh", "0.30").stdout
    assert "Completions and fixes of the last 7 days" in said
    assert "75% of what was offered cost no new engine request." in said
    for words in ("the model offered nothing", "p50 50 ms, p95 95 ms", "after 30 s", "partly accepted", "code actions"):
        assert words in said
    assert "  typing, small                      150        60,000       75%        1,250" in said
    assert "Qwen3.6-Plus at " in said
    assert "would have charged about $0.0" in said
    assert "Source: " in said
    assert "energy of 2 GPUs while an engine ran          5.0 Wh" in said
    assert "  at 0.3 per kWh                              0.0015" in said
    found = json.loads(run("stats", "--json").stdout)
    assert found["without_engine"] == 0.75
    assert (found["prompt_tokens"], found["completion_tokens"]) == (62_000, 1350)
    assert found["energy_wh"] == pytest.approx(5.0)
    assert found["cost"]["model"] == "Qwen3.6-Plus"
    assert found["cost"]["dollars"] > 0


def test_the_report_fits_a_terminal(full: Connection) -> None:
    row = Tokens("typing", "a-name-that-is-longer-than-its-column-is-wide", 9**9, 9**12, 1, 1, 9**11, 1.0)
    report = Report(30, 0.0, 0, {}, {}, {}, None, 0, 0, 0, (), {"applied": 9**9}, (row,), {"GPU-a": 9e9})
    text = as_text(report, bill_at(full, report, offer_of("Qwen3.6-Plus"), 0.3))
    assert max(len(line) for line in text.splitlines()) <= COLUMNS
    assert "a-name-that-is-lon" in text
