"""What is counted of suggestions, through an editor's changes and a client's own words."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from understudy.core.statistics import Acceptance, Answer, Event, Retention, Suggested
from understudy.core.text import Document, Edit, Span
from understudy.engine.base import Usage
from understudy.features.completion.outcome import Completion, Item, Query, Reason, Skipped, Source
from understudy.features.completion.watch import READ_SECONDS, Watch

HEAD, TAIL = "def f(a, b):\n    ", "\n"
GHOST = "return a + b"


@dataclass
class Notebook:
    """Keeps the events in a list."""

    events: list[Event] = field(default_factory=list)

    def record(self, event: Event) -> None:
        self.events.append(event)

    def flush(self) -> None:
        return

    def close(self) -> None:
        return

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]


@dataclass
class Desk:
    """A document, the watch over it, and a clock that is set by hand."""

    notebook: Notebook = field(default_factory=Notebook)
    now: float = 0.0
    text: str = HEAD + TAIL

    def __post_init__(self) -> None:
        self.watch = Watch(self.notebook, lambda: self.now)
        self.watch.changed(None, self.document)

    @property
    def document(self) -> Document:
        return Document("file:///a.py", 1, "python", self.text)

    @property
    def cursor(self) -> int:
        return len(self.text) - len(TAIL)

    def offer(self, *texts: str, name: str = "", source: Source = Source.ENGINE) -> None:
        at = Span(self.cursor, self.cursor)
        items = tuple(Item(f"{name}{number}", Edit(at, text)) for number, text in enumerate(texts))
        query = Query(self.document, self.cursor)
        self.watch.answered(query, Completion(self.document, self.cursor, items, source))

    def insert(self, text: str) -> list[bool]:
        return self.change(self.text[: self.cursor] + text + TAIL)

    def change(self, text: str) -> list[bool]:
        before, self.text = self.document, text
        return self.watch.changed(before, self.document)

    def acceptances(self) -> list[Event]:
        self.watch.changed(self.document, None)
        return self.notebook.of(Acceptance)


@pytest.fixture(name="desk")
def fixture_desk() -> Desk:
    return Desk()


def test_an_accepted_suggestion_is_counted(desk: Desk) -> None:
    desk.offer(GHOST)
    assert desk.insert(GHOST) == [True]
    assert desk.notebook.of(Suggested) == [Suggested("python")]
    assert desk.acceptances() == [Acceptance("python", True, len(GHOST))]


def test_one_that_is_typed_is_not(desk: Desk) -> None:
    desk.offer(GHOST)
    assert [desk.insert(letter) for letter in GHOST] == [[]] * len(GHOST)
    assert desk.acceptances() == []


def test_typing_along_does_not_make_another_suggestion(desk: Desk) -> None:
    desk.offer(GHOST, name="a")
    for number in range(4):
        desk.insert(GHOST[number])
        desk.offer(GHOST[number + 1 :], name=f"b{number}", source=Source.CACHE)
    assert len(desk.notebook.of(Suggested)) == 1
    assert desk.insert(GHOST[4:]) == [True]
    assert desk.acceptances() == [Acceptance("python", True, len(GHOST) - 4)]


def test_what_nobody_can_have_read_is_not_rejected(desk: Desk) -> None:
    desk.offer(GHOST)
    desk.now += READ_SECONDS / 2
    assert desk.insert("y") == []


def test_typing_against_it_is_a_rejection(desk: Desk) -> None:
    desk.offer(GHOST)
    desk.now += READ_SECONDS
    assert desk.insert("y") == [False]
    desk.offer("ield a", name="b")
    assert len(desk.notebook.of(Suggested)) == 2
    assert desk.acceptances() == []


def test_parts_and_then_the_rest_are_one_acceptance(desk: Desk) -> None:
    desk.offer(GHOST)
    assert desk.insert("return") == [True]
    assert desk.insert(" a") == [True]
    desk.offer(" + b", name="b", source=Source.CACHE)
    assert desk.insert(" + b") == [True]
    assert desk.acceptances() == [Acceptance("python", True, len(GHOST))]


def test_a_part_alone_is_a_partial_acceptance(desk: Desk) -> None:
    desk.offer(GHOST)
    desk.insert("return")
    assert desk.insert("!") == []
    assert desk.acceptances() == [Acceptance("python", False, len("return"))]


def test_an_alternative_may_be_the_one(desk: Desk) -> None:
    desk.offer(GHOST, "yield a")
    assert desk.insert("yield a") == [True]
    assert desk.acceptances() == [Acceptance("python", True, len("yield a"))]


def test_the_clients_word_before_the_change_counts_once(desk: Desk) -> None:
    desk.offer(GHOST)
    desk.watch.accepted("0")
    desk.insert(GHOST)
    assert desk.acceptances() == [Acceptance("python", True, len(GHOST))]


def test_the_clients_word_after_the_change_counts_once(desk: Desk) -> None:
    desk.offer(GHOST)
    desk.insert(GHOST)
    desk.watch.accepted("0")
    assert desk.acceptances() == [Acceptance("python", True, len(GHOST))]


def test_the_clients_word_counts_where_the_text_says_nothing(desk: Desk) -> None:
    desk.offer(GHOST)
    desk.insert("something else")
    desk.watch.accepted("0", 6)
    assert desk.acceptances() == [Acceptance("python", False, 6)]


def test_a_part_that_client_and_text_both_tell_counts_once(desk: Desk) -> None:
    desk.offer(GHOST)
    desk.watch.accepted("0", 6)
    desk.insert("return")
    assert desk.acceptances() == [Acceptance("python", False, 6)]


def test_an_unknown_item_is_nobodys(desk: Desk) -> None:
    desk.watch.accepted("99")
    desk.watch.rejected("99")
    desk.watch.shown("99")
    assert desk.acceptances() == []


def test_a_dismissed_suggestion_no_longer_stands(desk: Desk) -> None:
    desk.offer(GHOST)
    desk.watch.rejected("0")
    assert desk.insert(GHOST) == []
    assert desk.acceptances() == []


def test_an_answer_that_came_late_is_followed_from_where_the_text_is_now(desk: Desk) -> None:
    old = desk.document
    query = Query(old, desk.cursor)
    item = Item("0", Edit(Span(desk.cursor, desk.cursor), GHOST))
    completion = Completion(old, desk.cursor, (item,), Source.ENGINE)
    desk.insert("r")
    desk.watch.answered(query, completion)
    assert desk.insert(GHOST[1:]) == [True]
    assert desk.acceptances() == [Acceptance("python", True, len(GHOST) - 1)]


def test_an_answer_that_no_longer_fits_is_no_suggestion(desk: Desk) -> None:
    old, at = desk.document, desk.cursor
    desk.insert("x")
    completion = Completion(old, at, (Item("0", Edit(Span(at, at), GHOST)),), Source.ENGINE)
    desk.watch.answered(Query(old, at), completion)
    assert desk.notebook.of(Suggested) == []


def test_retention_is_measured_at_its_times(desk: Desk) -> None:
    desk.offer(GHOST)
    desk.insert(GHOST)
    desk.now = 31.0
    desk.change(HEAD + "return a" + TAIL)
    desk.now = 95.0
    desk.change(HEAD + "return a" + TAIL + "\n")
    assert desk.notebook.of(Retention) == [Retention("python", 30, 1.0), Retention("python", 90, 0.5)]


def test_the_end_measures_what_is_due(desk: Desk) -> None:
    desk.offer(GHOST)
    desk.insert(GHOST)
    desk.now = 31.0
    desk.watch.close()
    assert desk.notebook.of(Retention) == [Retention("python", 30, 1.0)]


def test_every_outcome_is_counted_with_its_figures(desk: Desk) -> None:
    query = Query(desk.document, desk.cursor)
    desk.watch.answered(query, Skipped(Reason.EMPTY, 3.0))
    usage = Usage(400, 12, 380)
    item = Item("0", Edit(Span(0, 0), GHOST))
    desk.watch.answered(query, Completion(desk.document, 0, (item,), Source.ENGINE, usage, 20.0, 80.0))
    assert desk.notebook.of(Answer) == [
        Answer("the model offered nothing", offered=False, language="python", total_ms=3.0),
        Answer("engine", True, "python", 80.0, 20.0),
    ]
