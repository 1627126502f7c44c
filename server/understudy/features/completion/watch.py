"""What became of the suggestions: offered, accepted, typed against, still there later. Counted, never written down.

A suggestion is one as long as the user types along it, however many answers offered it on the way. It is counted as
accepted once at most, whether that was inferred from the text or the client said so, and in whichever order.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from understudy.core.statistics import Acceptance, Answer, Recorder, Retention, Suggested
from understudy.core.text import Document, Span
from understudy.features.completion.acceptance import Offered, Taking, follow
from understudy.features.completion.outcome import Completion, Outcome, Query
from understudy.features.completion.retention import Measured, Retained

NAMED = 256  # items that a client may still speak of
READ_SECONDS = 0.6  # what stood for less was hardly read: typing something else says nothing against it


@dataclass(slots=True)
class Suggestion:
    """One suggestion of `size` code points, offered `since` a time; how many of them were taken: as the text shows
    (`seen`), as the client `told`.
    """

    language: str
    size: int
    since: float
    seen: int = 0
    told: int = 0
    whole: bool = False
    ended: bool = False

    @property
    def taken(self) -> int:
        """The code points that were taken so far."""
        return max(self.seen, self.told)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a document offers now: the alternatives that still agree with its text, by the ids of their items."""

    suggestion: Suggestion
    items: dict[str, Offered]


class Watch:
    """Follows suggestions through the documents' changes. `clock` gives seconds."""

    def __init__(self, recorder: Recorder, clock: Callable[[], float] = monotonic) -> None:
        self._recorder = recorder
        self._clock = clock
        self._standing: dict[str, Standing] = {}
        self._documents: dict[str, Document] = {}
        self._named: OrderedDict[str, Suggestion] = OrderedDict()
        self._retained = Retained()

    def answered(self, query: Query, outcome: Outcome) -> None:
        """A request came to its outcome; what it offers stands from now on."""
        self._recorder.record(answer(query, outcome))
        if isinstance(outcome, Completion) and outcome.items:
            self._offer(outcome)

    def changed(self, before: Document | None, after: Document | None) -> list[bool]:
        """A document was opened, changed or closed. Gives True for a suggestion taken, False for one that was
        read and typed against.
        """
        if after is not None:
            self._documents[after.uri] = after
        if before is None:
            return []
        if after is None:
            self._close(before)
            return []
        self._measured(self._retained.changed(before, after, self._clock()))
        standing = self._standing.get(before.uri)
        return [] if standing is None else self._follow(standing, before, after)

    def shown(self, item_id: str) -> None:
        """The client says that it showed an item. Offered is what counts here, since few clients can say more."""

    def accepted(self, item_id: str, length: int | None = None) -> None:
        """The client says that an item was accepted: whole, or its first `length` code points."""
        if (suggestion := self._named.get(item_id)) is None:
            return
        late = suggestion.ended and not suggestion.taken
        suggestion.told = max(suggestion.told, suggestion.size if length is None else length)
        suggestion.whole = suggestion.whole or length is None or length >= suggestion.size
        if late:
            self._count(suggestion)

    def rejected(self, item_id: str) -> None:
        """The client says that an item was dismissed."""
        for uri, standing in list(self._standing.items()):
            if item_id in standing.items:
                self._end(uri)

    def close(self) -> None:
        """Measure what has fallen due, count what stands, and have it kept."""
        for document in list(self._documents.values()):
            self._close(document)
        self._recorder.close()

    def _offer(self, completion: Completion) -> None:
        document = completion.document
        items = {item.id: Offered.of(item, document) for item in completion.items}
        present = self._documents.get(document.uri, document)
        if present.text != document.text:  # the user typed on while the answer was on its way
            steps = {name: follow(offered, document.text, present.text) for name, offered in items.items()}
            items = {name: step.left for name, step in steps.items() if step.left is not None}
        if not items:
            return
        standing = self._standing.get(document.uri)
        first = next(iter(items.values()))
        if standing is not None and any(first.continues(offered) for offered in standing.items.values()):
            suggestion = standing.suggestion
        else:
            self._end(document.uri)
            suggestion = Suggestion(document.language, len(first.rest), self._clock())
            self._recorder.record(Suggested(document.language))
        self._standing[document.uri] = Standing(suggestion, items)
        self._named.update(dict.fromkeys(items, suggestion))
        while len(self._named) > NAMED:
            self._named.popitem(last=False)

    def _follow(self, standing: Standing, before: Document, after: Document) -> list[bool]:
        steps = {name: follow(offered, before.text, after.text) for name, offered in standing.items.items()}
        taking = next((step.taking for step in steps.values() if step.taking in (Taking.WHOLE, Taking.PART)), None)
        if taking is not None:
            name = next(name for name, step in steps.items() if step.taking is taking)
            at = standing.items[name].at
            self._retained.accepted(after, Span(at, at + steps[name].taken), self._clock())
            standing.suggestion.seen += steps[name].taken
            standing.suggestion.whole = standing.suggestion.whole or taking is Taking.WHOLE
        left = {name: step.left for name, step in steps.items() if step.left is not None}
        if left:
            self._standing[after.uri] = Standing(standing.suggestion, left)
        else:
            self._end(after.uri)
        if taking is not None:
            return [True]
        against = all(step.taking is Taking.AGAINST for step in steps.values())
        read = self._clock() - standing.suggestion.since >= READ_SECONDS
        return [False] if against and read and not standing.suggestion.taken else []

    def _end(self, uri: str) -> None:
        if (standing := self._standing.pop(uri, None)) is not None:
            standing.suggestion.ended = True
            if standing.suggestion.taken:
                self._count(standing.suggestion)

    def _count(self, suggestion: Suggestion) -> None:
        self._recorder.record(Acceptance(suggestion.language, suggestion.whole, suggestion.taken))

    def _close(self, document: Document) -> None:
        self._documents.pop(document.uri, None)
        self._end(document.uri)
        self._measured(self._retained.closed(document, self._clock()))

    def _measured(self, measured: list[Measured]) -> None:
        for each in measured:
            self._recorder.record(Retention(each.language, each.after, each.share))


def answer(query: Query, outcome: Outcome) -> Answer:
    """The figures of an outcome."""
    language = query.document.language
    if not isinstance(outcome, Completion):
        return Answer(outcome.reason.value, offered=False, language=language, total_ms=outcome.total_ms)
    return Answer(
        outcome.source.value,
        offered=True,
        language=language,
        total_ms=outcome.total_ms,
        first_token_ms=outcome.first_token_ms,
    )
