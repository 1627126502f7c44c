"""What was made for one text, for the text that its user has made of that since; or nothing, where they meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from understudy.core.text import Document, Edit, Span, changed_span, line_end, line_start
from understudy.editing.rebase import rebased
from understudy.features.codeaction.outcome import FileEdit, Job, Proposal


@dataclass(frozen=True, slots=True)
class Typed:
    """One change of a document, as it comes with every key: `span` of the text before has grown by `by`. To follow each
    takes a moment; to compare two texts that lie many of them apart takes a hundred times as long."""

    before: Document
    after: Document
    span: Span
    by: int

    @classmethod
    def of(cls, before: Document, after: Document) -> Typed:
        """What has changed."""
        span, text = changed_span(before.text, after.text)
        return cls(before, after, span, len(text) - (span.end - span.start))

    def place(self, place: Span) -> Span | None:
        """Where a place is after the change; None where its lines are others now."""
        old, new = self.before.text, self.after.text
        if old.find("\n", place.end, self.span.start) >= 0:  # a line lies between, as nearly always
            return place
        if old.find("\n", self.span.end, place.start) >= 0:
            return Span(place.start + self.by, place.end + self.by)
        first, last = line_start(old, place.start), line_end(old, place.end)
        if self.span.start >= last:
            by = 0
        elif self.span.end <= first:
            by = self.by
        else:
            return None
        if line_start(new, first + by) != first + by or line_end(new, last + by) != last + by:
            return None  # another line has grown together with one of its own
        return Span(place.start + by, place.end + by)

    def edit(self, edit: Edit) -> Edit | None:
        """An edit after the change; None where both touch the same lines, or an edit that brings or takes lines is
        beside the change."""
        old = self.before.text
        start = edit.span.start
        if any(end in edit.text or end in old[start : edit.span.end] for end in "\r\n"):
            start = max(0, start - 1)
        around = self.place(Span(start, edit.span.end))
        return (
            None
            if around is None
            else Edit(Span(around.end - (edit.span.end - edit.span.start), around.end), edit.text)
        )

    def job(self, job: Job) -> Job | None:
        """A job after the change; None where the lines that it is about are others now."""
        span = self.place(job.span)
        moved = [replace(it, span=place) for it in job.diagnostics if (place := self.place(it.span)) is not None]
        if span is None or len(moved) < len(job.diagnostics):
            return None
        return Job(job.action, self.after, span, tuple(moved))

    def proposal(self, proposal: Proposal) -> Proposal | None:
        """A result for this document alone after the change; None where they meet."""
        (file,) = proposal.files
        edits = tuple(edit for it in file.edits if (edit := self.edit(it)) is not None)
        about = self.place(proposal.about) if proposal.about is not None else None
        if len(edits) < len(file.edits) or (proposal.about is not None and about is None):
            return None
        return replace(proposal, files=(FileEdit(self.after, edits, file.new),), about=about)


def place_in(place: Span, old: str, new: str) -> Span | None:
    """Where a place of `old` is in `new`; None where its lines are others by now."""
    if old == new:
        return place
    # A place is carried as an edit of it would be.
    carried = rebased((Edit(place, ""),), old, new)
    return None if carried is None else carried[0].span


def carried(proposal: Proposal, documents: Mapping[str, Document]) -> Proposal | None:
    """A result for the texts as they are in `documents`, by URI; one that is not there is as it was. None where the
    user has changed what the result changes, or is about."""
    files: list[FileEdit] = []
    about = proposal.about
    for number, file in enumerate(proposal.files):
        now = documents.get(file.document.uri, file.document)
        edits = rebased(file.edits, file.document.text, now.text)
        if edits is None:
            return None
        if about is not None and not number:
            about = place_in(about, file.document.text, now.text)
            if about is None:
                return None
        files.append(FileEdit(now, edits, file.new))
    return replace(proposal, files=tuple(files), about=about)
