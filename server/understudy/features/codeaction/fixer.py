"""Code actions for one workspace: what can be done at a place, what is prepared already, and doing it.

offers ► listed from tree and diagnostics ► with what is prepared ► the rest is prepared in a pause
run    ► may we? ► prepared? ► tasks ► each: ask ► read ► find the place ► verify ► once more ► proposal
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace

from understudy.checking.base import Checking
from understudy.context.workspace import Workspace
from understudy.core import trace
from understudy.core.errors import EngineError, NoChat
from understudy.core.settings import FixSettings
from understudy.core.text import Document, Span
from understudy.engine.base import EngineSource
from understudy.features.codeaction import listing
from understudy.features.codeaction.actions import FIX_KIND
from understudy.features.codeaction.asking import Asking
from understudy.features.codeaction.attempt import Means
from understudy.features.codeaction.carry import Typed, carried
from understudy.features.codeaction.fix import FIX
from understudy.features.codeaction.look import Look
from understudy.features.codeaction.noticed import Noticed
from understudy.features.codeaction.outcome import Explanation, Job, Offer, Outcome, Proposal, Query, Reason, Withheld
from understudy.features.codeaction.prepared import Prepared
from understudy.features.codeaction.series import carry_out
from understudy.features.codeaction.speculate import Speculation
from understudy.features.codeaction.tasks import IGNORED

PREPARING = 15  # the priority of what nobody has asked for yet: after all other work, which has 10
DISABLED = "Code actions are switched off; the setting `fix.enabled` switches them on."
# What would come of it again if it were asked for again.
LASTING = (
    *(Reason.UNREADABLE, Reason.UNMATCHED, Reason.FAILED_CHECK, Reason.NOTHING_TO_DO, Reason.TOO_LONG),
    Reason.ENGINE_FAILED,  # an engine that fails raises an error; this one took too long
)


class Fixer:
    """Implements `lsp.services.Fixer`. `engine` is that of work. `speculates`: fixes may be prepared before anybody
    asks for them, since a request costs no money. `noticing` asks quick checkers about texts of which the editor
    reports no problems (`noticed.quick`); None: nobody is asked about those."""

    def __init__(
        self,
        settings: FixSettings,
        engine: EngineSource,
        workspace: Workspace,
        checking: Checking,
        *,
        speculates: bool = True,
        noticing: Checking | None = None,
    ) -> None:
        self._settings = settings
        self._asking = Asking(engine)
        self._workspace = workspace
        self._checking = checking
        self._prepared = Prepared()
        self._running: set[asyncio.Task[Outcome]] = set()
        self._noticed = Noticed(noticing) if noticing is not None and settings.enabled else None
        may = speculates and settings.speculate and settings.enabled
        self._speculation = Speculation(self._asking.current, self._prepare, self._known) if may else None

    def offers(self, query: Query) -> tuple[Offer, ...]:
        """What can be done at a place, in the order of the menu; at once, and never by asking a model."""
        if not self._settings.enabled:
            return ()
        query = self._noticing(query)
        found = listing.offers(query, self._workspace)
        if self._workspace.ignored(query.document.uri):
            # Who opens the menu is told why; nobody who moves the cursor is.
            first = () if query.automatic else found[:1]
            return tuple(replace(it, disabled=self._ignored(query.document)) for it in first)
        found = tuple(self._with_result(it) for it in found)
        # Editors ask for other kinds as well, as for what is done when a file is saved: that says nothing of problems.
        if self._speculation is not None and listing.wanted(FIX_KIND, query.only):
            self._speculation.want([it.job for it in found if _is_one_fix(it.job) and not (it.disabled or it.ready)])
        return found

    def ready(self, job: Job, document: Document) -> Proposal | None:
        """The checked result of a job, if it is prepared, for the text as it is in `document` now; at once."""
        result = self._prepared.get(job, document)
        return result if isinstance(result, Proposal) else None

    async def run(self, job: Job, report: Callable[[str], None], instruction: str = "") -> Outcome:
        """Do a job: ask, verify, ask again at most once. `report` gets what is being done, in a few words. The result
        is for the text that the job was made for. Cancelling the task cancels it, down to the engine."""
        if self._speculation is not None:
            self._speculation.stop()
        # A task of its own, so that `aclose` ends the work and not its caller.
        task = asyncio.create_task(self._run(job, report, instruction))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await task

    def carried(self, proposal: Proposal, documents: Mapping[str, Document]) -> Proposal | None:
        """A result for the texts as they are by now, by URI; None where the user has changed what it is about."""
        return carried(proposal, documents)

    def changed(self, before: Document | None, after: Document | None) -> None:
        """A document was opened (no `before`), changed, or closed (no `after`)."""
        if self._noticed is not None:
            self._noticed.changed(before, after)
        if before is None:
            return
        if after is None or after.uri != before.uri:
            self._prepared.forget(before.uri)
            if self._speculation is not None:
                self._speculation.forget(before.uri)
            return
        typed = Typed.of(before, after)
        self._prepared.typed(typed)
        if self._speculation is not None:
            self._speculation.typed(typed)

    async def aclose(self) -> None:
        """Cancel what is under way, and wait until connections and checkers are given back."""
        running = tuple(self._running)
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)
        if self._speculation is not None:
            await self._speculation.aclose()
        if self._noticed is not None:
            await self._noticed.aclose()

    def _noticing(self, query: Query) -> Query:
        """The query with the problems that quick checkers have seen there, where the editor reports none at all and
        the menu was opened by hand: a bulb would light for what nobody sees."""
        if self._noticed is None:
            return query
        if query.diagnostics:
            self._noticed.told(query.document.language)
        elif not query.automatic:
            return replace(query, diagnostics=self._noticed.at(query.document, query.span))
        return query

    async def _run(self, job: Job, report: Callable[[str], None], instruction: str) -> Outcome:
        with trace.span("code action", action=job.action, language=job.document.language) as span:
            outcome = await self._outcome(job, report, instruction)
            span.note(outcome=outcome.reason.value if isinstance(outcome, Withheld) else type(outcome).__name__)
        return outcome

    async def _outcome(self, job: Job, report: Callable[[str], None], instruction: str) -> Outcome:
        if not self._settings.enabled:
            return Withheld(Reason.DISABLED, DISABLED)
        if not instruction and (ready := self.ready(job, job.document)) is not None:
            return ready
        try:
            outcome = await self._done(job, report, instruction)
        except NoChat as error:
            return Withheld(Reason.NO_CHAT, str(error))
        except EngineError as error:
            reason = Reason.ENGINE_FAILED if self._asking.current() is not None else Reason.NO_ENGINE
            return Withheld(reason, str(error))
        self._keep(job, outcome)
        return outcome

    async def _done(self, job: Job, report: Callable[[str], None], instruction: str = "", priority: int = 0) -> Outcome:
        """The outcome of a job. Raises `EngineError`."""
        if self._workspace.ignored(job.document.uri):
            return Withheld(Reason.IGNORED, self._ignored(job.document))
        try:
            chat = await self._asking.chat(report, priority)
            return await carry_out(job, instruction, Means(chat, self._workspace, self._checking, report))
        except EngineError:
            self._asking.failed()
            raise

    async def _prepare(self, job: Job) -> None:
        self._keep(job, await self._done(job, _nobody, priority=PREPARING))

    def _keep(self, job: Job, outcome: Outcome) -> None:
        lasting = isinstance(outcome, Proposal) or (isinstance(outcome, Withheld) and outcome.reason in LASTING)
        if lasting and _is_one_fix(job):
            assert not isinstance(outcome, Explanation)
            self._prepared.put(job, self._around(job), outcome)

    def _around(self, job: Job) -> Span:
        """What has to stay as it is for the job's result to be worth something: the definition around its problem."""
        look = Look(job.document, job.span, self._workspace)
        return look.enclosing(job.diagnostics[0].span)

    def _known(self, job: Job) -> bool:
        return self._prepared.get(job, job.document) is not None

    def _with_result(self, offer: Offer) -> Offer:
        ready = None if offer.disabled else self.ready(offer.job, offer.job.document)
        return offer if ready is None else replace(offer, title=ready.title, ready=ready, preferred=ready.checked)

    def _ignored(self, document: Document) -> str:
        return self._workspace.ignore_reason(document.uri) or IGNORED


def _is_one_fix(job: Job) -> bool:
    return job.action == FIX and len(job.diagnostics) == 1


def _nobody(_: str) -> None:
    """Nobody waits."""
