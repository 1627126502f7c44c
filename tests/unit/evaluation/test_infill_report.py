"""The table and the advice say no more than the figures do."""

from __future__ import annotations

from collections.abc import Sequence

from understudy.evaluation.infill_report import as_json, recommendation, row_of, table, unusual
from understudy.evaluation.journal import Record


def records(name: str, passed: Sequence[bool], **more: object) -> list[Record]:
    return [
        {
            "strategy": name,
            "verdict": "passed" if each else "failed",
            "exact": each,
            "similarity": 1.0 if each else 0.5,
            "first_token_ms": 10.0,
            "total_ms": 20.0 + place,
            "truncated": False,
            **more,
        }
        for place, each in enumerate(passed)
    ]


HALF = [True, False] * 50
MOST = [True, True, True, False] * 25
TABLE = [*records("fim", HALF), *records("hole", MOST)]
FIM, HOLE = row_of("fim", "qwen", TABLE), row_of("hole", "hole", TABLE)


def test_a_row() -> None:
    figures = as_json(HOLE)
    assert (figures["problems"], figures["pass_at_1"], figures["exact"]) == (100, 0.75, 0.75)
    assert figures["edit_similarity"] == 0.875
    assert figures["pass_at_1_interval_95"] == [0.657, 0.8245]
    assert figures["total_ms"] == {"p50": 70.0, "p95": 115.0}
    assert figures["ends"] == {"passed": 75, "failed": 25}


def test_the_table_is_one_width() -> None:
    head, *rows = table([FIM, HOLE])
    assert head.split()[:3] == ["strategy", "format", "n"]
    assert [row.split()[0] for row in rows] == ["fim", "hole"]
    assert len({line.index(word) for line, word in ((head, "pass@1"), (rows[0], "50.0 %"), (rows[1], "75.0 %"))}) == 1


def test_a_real_difference_is_recommended() -> None:
    advice = recommendation([FIM, HOLE], "auto")
    assert advice.startswith("hole is the best: hole passes +25.0 points against fim (95 % interval +")
    assert advice.endswith("Set `engine.fim` to `hole`.")
    assert recommendation([HOLE, FIM], "hole").endswith("`engine.fim` may stay at `hole`.")
    better = row_of("fim", "qwen", records("fim", MOST))
    worse = row_of("hole", "hole", records("hole", HALF))
    assert recommendation([worse, better], "hole").endswith("Set `engine.fim` to `qwen`.")
    assert recommendation([worse, better], "qwen").endswith("may stay at `qwen`.")


def test_chance_is_not() -> None:
    one_more = row_of("hole", "hole", records("hole", [True, True, *HALF[2:]]))
    advice = recommendation([FIM, one_more], "auto")
    assert advice.startswith("No strategy is really better: hole passes +1.0 points against fim")
    assert advice.endswith("may stay at `auto`.")


def test_the_best_must_beat_each_other_one() -> None:
    close = row_of("replace", "replace", records("replace", [False, *MOST[1:]]))
    assert recommendation([FIM, HOLE, close], "auto").startswith("No strategy is really better: hole passes +1.0")


def test_one_strategy_is_no_comparison() -> None:
    assert recommendation([FIM], "auto").startswith("Name two strategies")


def test_what_was_refused_counts_as_wrong() -> None:
    refused: list[Record] = [{"strategy": "fim", "verdict": "refused", "refused": "too long"}] * 50
    row = row_of("fim", "qwen", [*refused, *records("fim", [True] * 50)])
    assert (row.share, row.exact, row.similarity) == (0.5, 0.5, 0.5)
    assert unusual([row]) == ["fim: 50 of 100 refused"]
    late = row_of("fim", "qwen", records("fim", [False] * 4, verdict="time"))
    assert unusual([late]) == ["fim: 4 of 4 were over a limit: time"]


def test_nothing_at_all() -> None:
    row = row_of("fim", "qwen", [])
    assert (row.share, as_json(row)["total_ms"]) == (0, None)
    assert table([row])
