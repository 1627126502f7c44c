"""What the composition root hands to the front door."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from understudy.core.settings import Settings
from understudy.core.statistics import NullRecorder, Recorder
from understudy.core.tally import Figures
from understudy.core.text import Document
from understudy.engine.base import EngineSource
from understudy.features.codeaction import outcome as fixes
from understudy.features.completion.outcome import Outcome, Query

if TYPE_CHECKING:
    from understudy.context.index.indexing import Progress


class Completer(Protocol):
    """Inline completion, as the front door uses it (`features.completion.complete.Completer`)."""

    async def complete(self, query: Query) -> Outcome:
        """Answer one query. Cancelling the task cancels it, down to the engine."""
        ...

    def changed(self, before: Document | None, after: Document | None) -> None:
        """A document was opened (no `before`), changed, or closed (no `after`)."""
        ...

    def shown(self, item_id: str) -> None:
        """The client says that it showed an item."""
        ...

    def accepted(self, item_id: str, length: int | None = None) -> None:
        """The client says that an item was accepted: whole, or its first `length` code points."""
        ...

    def rejected(self, item_id: str) -> None:
        """The client says that an item was dismissed."""
        ...

    async def aclose(self) -> None:
        """Cancel what is under way."""
        ...


class Fixer(Protocol):
    """Code actions, as the front door uses them (`features.codeaction.fixer.Fixer`)."""

    def offers(self, query: fixes.Query) -> tuple[fixes.Offer, ...]:
        """What can be done at a place, in the order of the menu; at once, and never by asking a model."""
        ...

    def ready(self, job: fixes.Job, document: Document) -> fixes.Proposal | None:
        """The checked result of a job, if it is prepared, for the text as it is in `document` now; at once."""
        ...

    async def run(self, job: fixes.Job, report: Callable[[str], None], instruction: str = "") -> fixes.Outcome:
        """Do a job: ask, verify, ask again at most once. `report` gets what is being done, in a few words. The result
        is for the text that the job was made for. Cancelling the task cancels it, down to the engine."""
        ...

    def carried(self, proposal: fixes.Proposal, documents: Mapping[str, Document]) -> fixes.Proposal | None:
        """A result for the texts as they are by now, by URI; None where the user has changed what it is about."""
        ...

    def changed(self, before: Document | None, after: Document | None) -> None:
        """A document was opened (no `before`), changed, or closed (no `after`)."""
        ...

    async def aclose(self) -> None:
        """Cancel what is under way."""
        ...


class Indexing(Protocol):
    """Reads the workspace's files, as the front door uses it (`context.index.indexing.Indexing`)."""

    async def run(self, report: Callable[[Progress], None]) -> None:
        """Read the files and follow their changes, until it is cancelled."""
        ...

    def touched(self, paths: Iterable[Path]) -> None:
        """Files were saved, or changed on disk."""
        ...

    def rescan(self) -> None:
        """Files may have changed: look at them all."""
        ...

    async def settled(self) -> None:
        """Wait until all that has changed so far is known; that needs `run`."""
        ...

    async def aclose(self) -> None:
        """Let go of what reads the files."""
        ...


def _nothing() -> None:
    """Nothing is kept."""


@dataclass(frozen=True, slots=True)
class Services:
    """Everything behind the front door, made anew when settings change.

    `engine` is asked for completions, `work` for what takes longer. `figures`: how this conversation went so far.
    `report`: what `understudy stats` prints; it reads a file. `indexing` is the same for as long as the folders and the
    rules about their files are; `unread` says why a folder is not read, or none is. `recorder` is told what becomes of
    code actions. `release` removes what is kept on disk only as long as the services are there.
    """

    settings: Settings
    engine: EngineSource
    work: EngineSource
    completer: Completer
    fixer: Fixer
    figures: Callable[[], Figures]
    report: Callable[[], str]
    indexing: Indexing | None = None
    unread: str = ""
    recorder: Recorder = field(default_factory=NullRecorder)
    release: Callable[[], None] = _nothing

    def announce(self, before: Document | None, after: Document | None) -> None:
        """A document was opened (no `before`), changed, or closed (no `after`). The completer is told first: what
        both know of the workspace hears of it there."""
        self.completer.changed(before, after)
        self.fixer.changed(before, after)


# Settings are only known once the client has sent them, so the root hands over a function.
BuildServices = Callable[[Settings, tuple[str, ...]], Services]
