"""Results that are there before anybody asks for them, and what could not be had: each for one problem as long as the
text around it stays what it was."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from understudy.checking.diagnostic import Diagnostic
from understudy.core.text import Document, Span
from understudy.features.codeaction.carry import carried, place_in
from understudy.features.codeaction.outcome import Job, Proposal, Withheld

MOST = 32  # results that are kept, the newest
Key = tuple[str, str, str, str, str]


@dataclass(slots=True)
class _Entry:
    """`around` is the stretch of the job's document that must stay what it was, `target` where in it the problem
    begins. `now` remembers where that stretch is in the text that was asked about last."""

    document: Document
    target: int
    around: Span
    result: Proposal | Withheld
    now: tuple[str, Span | None] = field(default=("", None))

    def place(self, text: str) -> Span | None:
        if self.now[0] is not text:
            self.now = text, place_in(self.around, self.document.text, text)
        return self.now[1]


class Prepared:
    """What is kept of one workspace. A job is known again by its problem: tool, code, message and place."""

    def __init__(self) -> None:
        self._entries: OrderedDict[tuple[Key, int], _Entry] = OrderedDict()
        self._number = 0

    def put(self, job: Job, around: Span, result: Proposal | Withheld) -> None:
        """Keep the result of a job with one diagnostic."""
        for known, _ in self._of(job, job.document):
            del self._entries[known]
        target = job.diagnostics[0].span.start - around.start
        self._number += 1
        self._entries[_key(job), self._number] = _Entry(job.document, target, around, result)
        while len(self._entries) > MOST:
            self._entries.popitem(last=False)

    def get(self, job: Job, document: Document) -> Proposal | Withheld | None:
        """The result of a job for the text as it is in `document`; None where there is none, or no longer."""
        for _, entry in self._of(job, document):
            if isinstance(entry.result, Withheld):
                return entry.result
            return carried(entry.result, {document.uri: document})
        return None

    def forget(self, uri: str) -> None:
        """A document was closed."""
        for known in [it for it in self._entries if it[0][1] == uri]:
            del self._entries[known]

    def _of(self, job: Job, document: Document) -> list[tuple[tuple[Key, int], _Entry]]:
        """The entry for a job's problem at its place, if there is one."""
        if len(job.diagnostics) != 1 or not (same := [it for it in self._entries.items() if it[0][0] == _key(job)]):
            return []
        place = place_in(job.diagnostics[0].span, job.document.text, document.text)
        if place is None:
            return []
        found = ((known, entry, entry.place(document.text)) for known, entry in same)
        return [
            (known, entry) for known, entry, at in found if at is not None and at.start + entry.target == place.start
        ]


def _key(job: Job) -> Key:
    it: Diagnostic = job.diagnostics[0]
    return job.action, job.document.uri, it.source, it.code, it.message
