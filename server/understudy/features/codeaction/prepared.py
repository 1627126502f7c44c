"""Results that are there before anybody asks for them, and what could not be had: each for one problem as long as the
text around it stays what it was."""

from __future__ import annotations

from dataclasses import dataclass

from understudy.core.text import Document, Span
from understudy.features.codeaction.carry import Typed, place_in
from understudy.features.codeaction.outcome import Job, Proposal, Withheld

MOST = 16  # results that are kept, the newest


@dataclass(frozen=True, slots=True)
class _Entry:
    """A job's result for the text of the job, which goes along with what is typed. `around` is the stretch that must
    stay what it was."""

    job: Job
    around: Span
    result: Proposal | Withheld

    def after(self, typed: Typed) -> _Entry | None:
        job, around = typed.job(self.job), typed.place(self.around)
        result = typed.proposal(self.result) if isinstance(self.result, Proposal) else self.result
        return None if job is None or around is None or result is None else _Entry(job, around, result)


class Prepared:
    """What is kept of one workspace. A job is known again by its problem: tool, code, message and place."""

    def __init__(self) -> None:
        self._entries: list[_Entry] = []

    def put(self, job: Job, around: Span, result: Proposal | Withheld) -> None:
        """Keep the result of a job with one diagnostic. A result that changes other files is not kept, since nobody
        tells what becomes of those."""
        if isinstance(result, Proposal) and [it.document.uri for it in result.files] != [job.document.uri]:
            return
        others = [it for it in self._entries if not _same(it.job, job, job.diagnostics[0].span.start)]
        self._entries = [*others, _Entry(job, around, result)][-MOST:]

    def get(self, job: Job, document: Document) -> Proposal | Withheld | None:
        """The result of a job for the text as it is in `document`; None where there is none, or no longer."""
        alike = [it for it in self._entries if _about(it.job) == _about(job) and it.job.document.text == document.text]
        if not alike:
            return None
        place = place_in(job.diagnostics[0].span, job.document.text, document.text)
        found = (it.result for it in alike if place is not None and _same(it.job, job, place.start))
        return next(found, None)

    def typed(self, typed: Typed) -> None:
        """A document has changed."""
        uri, text = typed.before.uri, typed.before.text
        others = [it for it in self._entries if it.job.document.uri != uri]
        moved = (it.after(typed) for it in self._entries if it.job.document.uri == uri and it.job.document.text == text)
        self._entries = [*others, *(it for it in moved if it is not None)]

    def forget(self, uri: str) -> None:
        """A document was closed."""
        self._entries = [it for it in self._entries if it.job.document.uri != uri]


def _about(job: Job) -> tuple[str, ...]:
    """Which problem a job is about, wherever it stands; nothing for one that is not about one alone."""
    if len(job.diagnostics) != 1:
        return ()
    it = job.diagnostics[0]
    return job.action, job.document.uri, it.source, it.code, it.message


def _same(known: Job, job: Job, start: int) -> bool:
    return _about(known) == _about(job) and known.diagnostics[0].span.start == start
