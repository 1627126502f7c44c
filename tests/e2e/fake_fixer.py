"""Code actions that do what the diagnostics say, so that tests drive them from outside.

A diagnostic's message is a verb and a text; the entry of the menu is called as the message is:

    `prepared TEXT`  an edit that puts TEXT in the diagnostic's place is there when the menu is listed
    `later TEXT`     the same, but there only when it is asked for again
    `run TEXT`       the same, done when it is chosen; it says "asking the model"
    `wait TEXT`      the same, done when some open text holds the word `now`
    `never`          never ends but with the fixer, and says when it is cancelled
    `make PATH`      makes the file at PATH, which holds "made\\n"
    `explain TEXT`   explains
    `withhold TEXT`  comes to nothing; TEXT says why
    `boom`           raises, also when it is asked for what is prepared
    `ask`            puts what the user wants in the diagnostic's place
    `not TEXT`       cannot be done; TEXT says why
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from understudy.checking.diagnostic import Diagnostic
from understudy.core.text import Document, Edit, Span
from understudy.editing.rebase import rebased
from understudy.features.codeaction.outcome import (
    Explanation,
    FileEdit,
    Job,
    Offer,
    Outcome,
    Proposal,
    Query,
    Reason,
    Withheld,
)


class FakeFixer:
    def __init__(self) -> None:
        self._open: dict[str, Document] = {}
        self._changed = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()
        self._end: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def offers(self, query: Query) -> tuple[Offer, ...]:
        note("listed", query.only, query.automatic, query.asks, query.span.start, query.span.end)
        return tuple(offer_of(query.document, diagnostic) for diagnostic in query.diagnostics)

    def ready(self, job: Job, document: Document) -> Proposal | None:
        verb, text = words(job.diagnostics[0]) if job.diagnostics else ("", "")
        if verb == "boom":
            raise ValueError("on purpose")
        if verb not in ("prepared", "later"):
            return None
        return self.carried(proposal_of(job, text), {document.uri: document})

    async def run(self, job: Job, report: Callable[[str], None], instruction: str = "") -> Outcome:
        verb, text = words(job.diagnostics[0]) if job.diagnostics else ("change", "")
        note("run", verb, instruction)
        report("asking the model")
        if verb == "never":
            try:
                await asyncio.shield(self._end)
            finally:
                note("cancelled", verb)
        if verb == "boom":
            raise ValueError("on purpose")
        if verb == "wait":
            async with self._changed:
                await self._changed.wait_for(lambda: any("now" in it.text for it in self._open.values()))
        if verb == "explain":
            return Explanation("Why", text)
        if verb == "withhold":
            return Withheld(Reason.FAILED_CHECK, text)
        if verb == "make":
            new = Document(Path(text).as_uri(), 0, "python", "")
            return Proposal("made", (FileEdit(new, (Edit(Span(0, 0), "made\n"),), new=True),), checked=False)
        return proposal_of(job, instruction or text)

    def carried(self, proposal: Proposal, documents: Mapping[str, Document]) -> Proposal | None:
        files = []
        for file in proposal.files:
            now = documents.get(file.document.uri, file.document)
            edits = rebased(file.edits, file.document.text, now.text)
            if edits is None:
                return None
            files.append(replace(file, document=now, edits=edits))
        return replace(proposal, files=tuple(files))

    def changed(self, before: Document | None, after: Document | None) -> None:
        if before is not None:
            self._open.pop(before.uri, None)
        if after is not None:
            self._open[after.uri] = after
        task = asyncio.get_running_loop().create_task(self._tell())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def aclose(self) -> None:
        self._end.cancel()
        note("fixer closed")


def offer_of(document: Document, diagnostic: Diagnostic) -> Offer:
    verb, text = words(diagnostic)
    job = Job("fake", document, diagnostic.span, (diagnostic,))
    ready = proposal_of(job, text) if verb == "prepared" else None
    return Offer(
        job,
        diagnostic.message if ready is None else ready.title,
        "quickfix",
        (diagnostic,),
        preferred=verb == "prepared",
        disabled=text if verb == "not" else "",
        ready=ready,
        asks=verb == "ask",
    )


def proposal_of(job: Job, text: str) -> Proposal:
    title = f"{job.diagnostics[0].message if job.diagnostics else 'change'} (checked: parses)"
    return Proposal(title, (FileEdit(job.document, (Edit(job.span, text),)),), checked=True)


def words(diagnostic: Diagnostic) -> tuple[str, str]:
    verb, _, text = diagnostic.message.partition(" ")
    return verb, text


def note(*said: object) -> None:
    """What happened, as a line of stderr that a test can wait for."""
    sys.stderr.write(f"note {json.dumps(said)}\n")
    sys.stderr.flush()
