"""Regions that were edited and files that are open."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from understudy.context.recent import MAX_REGIONS, NEAR_LINES, EditLog, OpenFiles
from understudy.core.text import Document, Edit, apply

LINES = "".join(f"line {number}\n" for number in range(200))


def document(text: str, name: str = "a.py") -> Document:
    return Document(f"file:///{name}", 1, "python", text)


def edit(
    log: EditLog, text: str, row: int, now: float, inserted: str = "new ", name: str = "a.py"
) -> tuple[EditLog, str]:
    start = sum(len(line) + 1 for line in text.split("\n")[:row])
    after = text[:start] + inserted + text[start:]
    return log.after(document(text, name), document(after, name), now), after


def rows(log: EditLog) -> list[tuple[int, int]]:
    return [region.lines(0) for region in log.regions]


def test_near_edits_are_one_region_and_far_ones_are_two() -> None:
    log, text = edit(EditLog(), LINES, 10, 0)
    log, text = edit(log, text, 10 + NEAR_LINES, 10)
    assert rows(log) == [(10, 11 + NEAR_LINES)]
    log, text = edit(log, text, 100, 20)
    assert rows(log) == [(10, 11 + NEAR_LINES), (100, 101)]


def test_typing_on_keeps_the_place_and_coming_back_makes_it_the_newest() -> None:
    log, text = edit(EditLog(), LINES, 10, 0)
    log, text = edit(log, text, 100, 0.5)
    log, text = edit(log, text, 10, 0.9)
    assert [first for first, _ in rows(log)] == [10, 100]
    log, text = edit(log, text, 10, 5)
    assert [first for first, _ in rows(log)] == [100, 10]


def test_regions_move_with_the_text_above_them() -> None:
    log, text = edit(EditLog(), LINES, 100, 0)
    log, text = edit(log, text, 10, 5, "two\nmore\n")
    assert rows(log) == [(102, 103), (10, 13)]
    region = log.regions[0]
    assert region.document.text[region.span.start : region.span.end] == "new "


def test_the_oldest_go_first_and_so_do_closed_files() -> None:
    log = EditLog()
    for number in range(MAX_REGIONS + 2):
        log, _ = edit(log, LINES, 10, number, name=f"{number}.py")
    assert [region.document.uri for region in log.regions] == [
        f"file:///{number}.py" for number in range(2, MAX_REGIONS + 2)
    ]
    assert log.without("file:///3.py").regions == tuple(
        region for region in log.regions if "3.py" not in region.document.uri
    )


def test_a_formatter_is_not_the_user() -> None:
    log, text = edit(EditLog(), LINES, 150, 0)
    formatted = text.replace("line", "  line")
    assert log.after(document(text), document(formatted), 1).regions == ()
    assert EditLog().after(document(LINES), document(LINES), 1).regions == ()


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30), st.text(alphabet="ab\n", max_size=6)), max_size=12))
def test_regions_stay_inside_the_text_and_hold_what_was_typed(edits: list[tuple[int, int, str]]) -> None:
    log, text = EditLog(), "abc\n" * 12
    for now, (start, length, inserted) in enumerate(edits):
        start = min(start, len(text))
        after = text[:start] + inserted + text[start + length :]
        log = log.after(document(text), document(after), float(now * 2))
        text = after
        spans = sorted((region.span.start, region.span.end) for region in log.regions)
        assert all(region.document.text == text for region in log.regions)
        assert all(0 <= first <= last <= len(text) for first, last in spans)
        assert all(one[1] <= other[0] for one, other in pairwise(spans))


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30), st.text(alphabet="ab\n", max_size=2)), max_size=9))
def test_what_stood_there_before_all_edits_is_known(edits: list[tuple[int, int, str]]) -> None:
    original = "abc\n" * 12
    log, text = EditLog(), original
    for now, (start, length, inserted) in enumerate(edits):
        start = min(start, len(text))
        after = text[:start] + inserted + text[start + length :]
        log = log.after(document(text), document(after), float(now))
        text = after
    undone = (Edit(region.span, region.was) for region in log.regions)
    assert apply(text, tuple(undone)) == original


def test_open_files_keep_their_order_and_lose_the_one_visited_longest_ago() -> None:
    files = OpenFiles(limit=2)
    files.put(document("a", "a.py"))
    files.put(document("b", "b.py"), 1)
    files.put(document("a2", "a.py"))
    assert [file.document.text for file in files.visited(5)] == ["a2", "b"]
    assert [file.document.text for file in files.visited(1)] == ["a2"]
    assert files.visited(0) == []
    files.put(document("c", "c.py"))
    assert [file.document.text for file in files] == ["a2", "c"]
    files.close("file:///a.py")
    files.close("file:///a.py")
    assert [file.document.text for file in files] == ["c"]


def test_an_open_file_remembers_where_the_user_was() -> None:
    files = OpenFiles()
    files.put(document("long text"), 7)
    files.put(document("short"))
    file = files.get("file:///a.py")
    assert file is not None
    assert file.offset == 5
