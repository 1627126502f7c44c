"""One list out of all producers: weighed, near files first, broken ones left out."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import get_args

import pytest

from understudy.context.cursor import Cursor
from understudy.context.index.memory import MemoryIndex
from understudy.context.index.record import FileRecord
from understudy.context.pieces import Origin, Piece
from understudy.context.rank import FARTHEST, IMPORTER, LEANT_ON, MAX_CANDIDATES, WEIGHTS, Nearness, proposed, ranked
from understudy.core.text import Document


def piece(key: str, origin: Origin = "named", score: float = 1.0, path: str = "/p/a.py", *forms: str) -> Piece:
    return Piece(path, 0, key, forms or (key,), score, origin)


def at(path: str, index: MemoryIndex | None = None) -> Cursor:
    return Cursor(Document("file://" + path, 1, "python", ""), 0, path, None, None, index or MemoryIndex())


def everywhere(_: str) -> float:
    return 1.0


def test_every_reason_has_a_weight() -> None:
    assert WEIGHTS.keys() == set(get_args(Origin))
    assert all(0 < weight <= 1 for weight in WEIGHTS.values())


def test_all_forms_have_the_same_line_ends() -> None:
    """A signature is put together of rows, a body is cut from the file: one must be found in the other."""
    (found,) = ranked(
        [piece("f", "named", 1.0, "/p/a.py", "def f(\r\n    a):\r\n    pass\r", "def f(\n    a):")], everywhere
    )
    assert found.forms == ("def f(\n    a):\n    pass", "def f(\n    a):")


def test_the_score_is_the_producers_by_the_weight_of_its_reason() -> None:
    found = ranked([piece("b", "similar"), piece("a", "named"), piece("c", "named", 0.1)], everywhere)
    assert [(it.key, it.score) for it in found] == [
        ("a", WEIGHTS["named"]),
        ("b", WEIGHTS["similar"]),
        ("c", pytest.approx(0.1 * WEIGHTS["named"])),
    ]
    assert ranked([piece("much", "named", 7.0), piece("less", "named", -1.0)], everywhere)[0].score == 1.0


def test_far_files_count_less() -> None:
    pieces = [piece("far", path="/q/z.py"), piece("near", path="/p/a.py")]
    found = ranked(pieces, lambda path: 1.0 if path == "/p/a.py" else 0.0)
    assert [(it.key, it.score) for it in found] == [("near", 1.0), ("far", FARTHEST)]


def test_what_two_name_is_shown_once_and_counts_more() -> None:
    short = piece("f", "named", 0.5, "/p/a.py", "def f():")
    full = piece("f", "sibling", 1.0, "/p/a.py", "def f():\n    pass", "def f():")
    for given in ([short, full], [full, short]):
        (both,) = ranked(given, everywhere)
        assert both.origin == "named"
        assert both.forms == full.forms
        assert 0.5 < both.score < 1


def test_equals_are_in_the_order_of_paths_whatever_comes_first() -> None:
    pieces = [piece(f"{path}#{name}", path=path) for path in ("/p/b.py", "/p/a.py") for name in "yx"]
    expected = ["/p/a.py#x", "/p/a.py#y", "/p/b.py#x", "/p/b.py#y"]
    assert [it.key for it in ranked(pieces, everywhere)] == expected
    assert [it.key for it in ranked(pieces[::-1], everywhere)] == expected


def test_there_are_not_too_many() -> None:
    assert len(ranked([piece(str(number)) for number in range(2 * MAX_CANDIDATES)], everywhere)) == MAX_CANDIDATES


def test_how_near_a_file_is() -> None:
    paths = ("/p/main.py", "/p/beside.py", "/lib/used.py", "/app/user.py", "/lib/leant.py", "/lib/far.py")
    edges = {"/p/main.py": ("/lib/used.py",), "/app/user.py": ("/p/main.py",)}
    index = MemoryIndex([FileRecord(path, "python") for path in paths], edges=edges)
    near = Nearness.of(at("/p/main.py", index), {"/p/main.py": 0.5, "/lib/leant.py": 0.2, "/lib/far.py": 0.05})
    assert near("/p/main.py") == near("/lib/used.py") == 1
    assert near("/app/user.py") == IMPORTER
    assert near("/lib/leant.py") == LEANT_ON
    assert 0 < near("/lib/far.py") < near("/p/beside.py") < 1
    assert near("/elsewhere/x.py") == 0


def test_a_broken_producer_costs_its_own_pieces_and_is_named_once(caplog: pytest.LogCaptureFixture) -> None:
    def works(_: Cursor) -> Iterator[Piece]:
        yield piece("fine")

    def breaks(_: Cursor) -> Iterator[Piece]:
        yield piece("half")
        raise LookupError("of test_rank")

    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            found = proposed(at("/p/a.py"), [("named", works), ("caller", breaks), ("test", works)])
            assert [it.key for it in found] == ["fine", "fine"]
    assert [record.getMessage() for record in caplog.records] == [
        "Nothing is shown as 'caller' for now: LookupError('of test_rank')"
    ]
