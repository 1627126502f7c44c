"""What was made for one text, for the text that its user has made of that since; or nothing, where they meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from understudy.core.text import Document, Edit, Span
from understudy.editing.rebase import rebased
from understudy.features.codeaction.outcome import FileEdit, Job, Proposal


def place_in(place: Span, old: str, new: str) -> Span | None:
    """Where a place of `old` is in `new`; None where its lines are others by now."""
    if old == new:
        return place
    # A place is carried as an edit of it would be.
    carried = rebased((Edit(place, ""),), old, new)
    return None if carried is None else carried[0].span


def job_in(job: Job, document: Document) -> Job | None:
    """A job for a later version of its document; None where the lines that it is about are others by now."""
    old, new = job.document.text, document.text
    if old == new:
        return job if job.document is document else replace(job, document=document)
    span = place_in(job.span, old, new)
    places = [place_in(it.span, old, new) for it in job.diagnostics]
    if span is None or None in places:
        return None
    moved = (replace(it, span=place) for it, place in zip(job.diagnostics, places, strict=True) if place is not None)
    return Job(job.action, document, span, tuple(moved))


def carried(proposal: Proposal, documents: Mapping[str, Document]) -> Proposal | None:
    """A result for the texts as they are in `documents`, by URI; one that is not there is as it was. None where the
    user has changed what the result changes, or is about."""
    files: list[FileEdit] = []
    about = proposal.about
    for number, file in enumerate(proposal.files):
        now = documents.get(file.document.uri, file.document)
        if file.new and now.text:
            return None  # somebody else has made the file
        edits = rebased(file.edits, file.document.text, now.text)
        if edits is None:
            return None
        if about is not None and not number:
            about = place_in(about, file.document.text, now.text)
            if about is None:
                return None
        files.append(FileEdit(now, edits, file.new))
    return replace(proposal, files=tuple(files), about=about)
