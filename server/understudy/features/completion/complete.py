"""The pipeline from a keystroke to ghost text.

    may we? ► remembered: still agrees with what was suggested ► in flight: a stream agrees ► debounce
      ► gather context ► prompt ► stream, stopped early ► filters ► parse the result ► offer

A request that is cancelled lets go of its stream; the stream itself is kept a moment for the next keystroke.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic, perf_counter
from uuid import uuid4

from understudy.context.workspace import Workspace
from understudy.core import trace
from understudy.core.errors import EngineError, EngineRefused
from understudy.core.settings import CompletionSettings
from understudy.core.text import Document, changed_span
from understudy.engine.base import Engine, EngineSource, Streams, TextRequest
from understudy.engine.fim import FimPrompt
from understudy.engine.pressure import Pressure
from understudy.engine.served import Served, asking, describe
from understudy.features.completion import prompt
from understudy.features.completion.check import clean
from understudy.features.completion.counting import Counting
from understudy.features.completion.filters import REPLAYED, run
from understudy.features.completion.generation import Finished, Generation, Stop
from understudy.features.completion.memory import Memory, Recalled, Suggestion
from understudy.features.completion.outcome import Completion, Item, Outcome, Query, Reason, Skipped, Source, Trigger
from understudy.features.completion.pace import Pace
from understudy.features.completion.sample import sample
from understudy.features.completion.spot import Spot, edit_for
from understudy.features.completion.stopping import stop_rule
from understudy.features.completion.trigger import NEVER, Situation, refusal
from understudy.features.completion.warm import NOTHING_AHEAD, Ahead, Place, Warming, stable
from understudy.features.completion.watch import Watch

log = logging.getLogger(__name__)

NO_FIM = (
    "The model {} is not known to fill in the middle, so nothing is offered. "
    "Serve another model, or name its prompt format in the setting `engine.fim`: `hole` asks a chat model in words."
)


@dataclass(frozen=True, slots=True)
class Job:
    """A stream, and the request that it answers."""

    spot: Spot
    wanted: prompt.Wanted
    asked: prompt.Asked
    streams: Streams
    generation: Generation


class Completer:
    """Inline completion for one workspace and one engine. `clock` gives seconds."""

    def __init__(
        self,
        settings: CompletionSettings,
        engine: EngineSource,
        *,
        workspace: Workspace,
        watch: Watch,
        fim: str = "auto",
        clock: Callable[[], float] = monotonic,
        ahead: Ahead = NOTHING_AHEAD,
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._workspace = workspace
        self._watch = watch
        self._fim = fim
        self._memory = Memory()
        self._pace = Pace(settings.debounce_ms, clock)
        self._pressure = Pressure(clock)
        self._expect = ahead.expect
        self._counting = Counting()
        self._warming = Warming(ahead.warming, self._following)
        self._snoozed = False  # when it was asked last
        self._jobs: dict[str, Job] = {}
        self._served: tuple[Engine, Served] | None = None
        self._open: set[str] = set()
        # Items of a completer that has given way to another must not be taken for those of the other.
        self._ids = (f"{name}-{number}" for name in (uuid4().hex[:8],) for number in itertools.count(1))

    async def complete(self, query: Query) -> Outcome:
        """Answer one query. Cancelling the task lets go of the stream: it is closed unless a newer query takes it."""
        began = perf_counter()
        self._warming.stop()
        self._snoozed = query.snoozed
        with trace.span("completion", trigger=query.trigger.value, language=query.document.language) as span:
            try:
                outcome = await self._answer(query)
            except asyncio.CancelledError:
                self._watch.answered(query, Skipped(Reason.SUPERSEDED, _since(began)))
                raise
            except EngineError as error:
                # Another model may answer at the same address by now.
                self._served = None
                outcome = Skipped(Reason.ENGINE_FAILED, detail=str(error) if isinstance(error, EngineRefused) else "")
            outcome = replace(outcome, total_ms=_since(began))
            span.note(**_figures(outcome))
        self._watch.answered(query, outcome)
        self._rest(lambda: Place(query.document, query.offset))
        return outcome

    def changed(self, before: Document | None, after: Document | None) -> None:
        """A document was opened (no `before`), changed, or closed (no `after`)."""
        self._workspace.changed(before, after)
        self._drop_disagreeing(before, after)
        for accepted in self._watch.changed(before, after):
            self._pace.accepted() if accepted else self._pace.rejected()
        if after is not None:
            self._open.add(after.uri)
            self._rest(lambda: Place.after(before, after))
        elif before is not None:
            self._open.discard(before.uri)
            self._memory.forget(before.uri)
            self._counting.forget(before.uri)
            self._abandon(before.uri)

    def shown(self, item_id: str) -> None:
        """The client says that it showed an item."""
        self._watch.shown(item_id)

    def accepted(self, item_id: str, length: int | None = None) -> None:
        """The client says that an item was accepted: whole, or its first `length` code points."""
        self._watch.accepted(item_id, length)
        self._pace.accepted()

    def rejected(self, item_id: str) -> None:
        """The client says that an item was dismissed."""
        self._watch.rejected(item_id)
        self._pace.rejected()

    async def aclose(self) -> None:
        """Close every stream and wait until the connections are given back."""
        closing = (self._counting.aclose(), self._pressure.aclose(), self._warming.aclose())
        await asyncio.gather(*closing, *(job.generation.aclose() for job in self._jobs.values()))
        self._jobs.clear()
        self._watch.close()
        self._workspace.close()

    async def _answer(self, query: Query) -> Outcome:
        reason = refusal(self._situation(query))
        if reason is not None:
            # Rules that cannot be read ignore everything: that is for the user to know.
            broken = self._workspace.ignore_reason(query.document.uri) if reason is Reason.IGNORED_FILE else None
            return Skipped(reason, detail=broken or "")
        spot = Spot.of(query)
        by_hand = query.trigger is Trigger.INVOKED
        self._pace.key()
        if not by_hand and (recalled := self._memory.recall(spot.document, spot.offset)) is not None:
            return self._offer(query, spot, recalled, Source.CACHE)
        engine = self._engine.current()
        if engine is None:
            return Skipped(Reason.ENGINE_STARTING)
        return await (self._by_hand if by_hand else self._while_typing)(query, spot, engine)

    async def _while_typing(self, query: Query, spot: Spot, engine: Engine) -> Outcome:
        if self._agreeing(spot) is None:
            before = spot.document.text[max(0, spot.offset - 1) : spot.offset]
            self._pressure.look(engine)
            delay = self._pace.delay_ms(before, self._pressure.factor) / 1000
            self._expect(delay)
            await asyncio.sleep(delay)
            # While this request waited, a stream may have come to its end.
            if (recalled := self._memory.recall(spot.document, spot.offset)) is not None:
                return self._offer(query, spot, recalled, Source.CACHE)
        running = self._agreeing(spot)
        if running is not None and (outcome := await self._from(running, query, spot, Source.IN_FLIGHT)) is not None:
            return outcome
        job = await self._start(spot, engine, by_hand=False)
        return job if isinstance(job, Skipped) else await self._from(job, query, spot, Source.ENGINE) or _STALE

    async def _by_hand(self, query: Query, spot: Spot, engine: Engine) -> Outcome:
        job = await self._start(spot, engine, by_hand=True)
        if isinstance(job, Skipped):
            return job
        sampling = asyncio.create_task(self._further(job))
        try:
            first = await self._from(job, query, spot, Source.ENGINE) or _STALE
            others = await sampling
        finally:
            sampling.cancel()
        finished = job.generation.finished
        if finished is None or not others:
            return first
        self._remember(spot, job.wanted, tuple(job.asked.finish(text) for text in (finished.text, *others)))
        recalled = self._memory.recall(spot.document, spot.offset)
        return first if recalled is None else self._offer(query, spot, recalled, Source.ENGINE, finished)

    async def _further(self, job: Job) -> tuple[str, ...]:
        """Further alternatives to a job's answer; none where the engine cannot give them: the first is good alone."""
        further = self._settings.alternatives - 1
        if not further:
            return ()
        try:
            stop = _stop(job.spot, job.wanted, job.asked)
            return await sample(job.streams, prompt.sampled(job.asked.request, further), stop)
        except EngineError as error:
            log.info("No further alternatives: %s", error)
            return ()

    async def _from(self, job: Job, query: Query, spot: Spot, source: Source) -> Outcome | None:
        """The answer of a stream, or None when it turned out to disagree with what was typed."""
        async with job.generation.waiting():
            settled = await job.generation.settled(spot.document, spot.offset)
        if job.generation.failure is not None:
            raise job.generation.failure
        finished = job.generation.finished
        recalled = self._memory.recall(spot.document, spot.offset) if settled else None
        if recalled is None:
            return Skipped(Reason.TOO_SLOW) if settled and finished is not None and finished.late else None
        return self._offer(query, spot, recalled, source, finished)

    async def _start(self, spot: Spot, engine: Engine, *, by_hand: bool) -> Job | Skipped:
        """Start a stream for `spot`; the document's stream so far is closed, so that vLLM has one to serve."""
        uri = spot.document.uri
        self._abandon(uri)
        was_open = uri in self._open
        served = await self._describe(engine)
        if was_open and uri not in self._open:
            return _STALE
        if served.fim is None:
            return Skipped(Reason.NO_FIM, detail=NO_FIM.format(served.info.id))
        parsed = self._workspace.parse(spot.document)
        block = (
            self._settings.multiline == "auto" and self._workspace.shape(parsed, spot.document, spot.offset) == "block"
        )
        wanted = prompt.Wanted(block=block, by_hand=by_hand)
        shown = self._shown(engine, spot.document, spot.offset, served)
        asked = prompt.build(shown, served, served.fim, self._settings, wanted)
        self._warming.asked(asked.request)

        def harvest(finished: Finished) -> None:
            if finished.text or not finished.late:  # nothing within the deadline says nothing about the cursor
                self._remember(spot, wanted, (asked.finish(finished.text),))
            if not finished.late:
                self._pace.answered(finished.total_ms)

        streams = asking(engine, served.fim)
        generation = Generation(streams, asked.request, spot.anchor, _stop(spot, wanted, asked), harvest)
        self._jobs[uri] = job = Job(spot, wanted, asked, streams, generation)
        return job

    def _shown(self, engine: Engine, document: Document, offset: int, served: Served) -> FimPrompt:
        context = self._workspace.gather(
            document,
            offset,
            limit_tokens=prompt.budget(self._settings, served),
            count=self._counting.count,
            suffix_tokens=prompt.suffix_budget(served),
        )
        self._counting.learn(engine, document)
        return prompt.shown(context, document)

    def _rest(self, place: Callable[[], Place]) -> None:
        """The user may pause at a place; one who wants to be left alone has nothing read ahead either."""
        if not self._snoozed:
            self._warming.rest(place)

    async def _following(self, place: Place) -> TextRequest | None:
        """What the next prompt at a place begins with; None where none will be asked for, or one is under way."""
        engine, document = self._engine.current(), place.document
        offset = place.offset or 0
        refused = refusal(self._situation(Query(document, offset)))
        running = any(job.generation.running for job in self._jobs.values())
        if engine is None or running or refused in NEVER or document.uri not in self._open:
            return None
        served = await self._describe(engine)
        if served.fim is None or served.fim.words:
            return None
        await self._counting.learned(engine, document)
        shown = self._shown(engine, document, offset, served)
        return stable(shown, served.fim, cursor=place.offset is not None)

    def _remember(self, spot: Spot, wanted: prompt.Wanted, texts: tuple[str, ...]) -> None:
        parsed = self._workspace.parse(spot.document)
        around = spot.surroundings(block=wanted.block)
        verdicts = [clean(text, around, parsed, spot.offset) for text in texts]
        kept = tuple(dict.fromkeys(verdict for verdict in verdicts if isinstance(verdict, str)))
        reason = next((verdict for verdict in verdicts if isinstance(verdict, Reason)), Reason.EMPTY)
        self._memory.add(Suggestion(spot.anchor, kept, reason))

    def _offer(
        self, query: Query, spot: Spot, recalled: Recalled, source: Source, finished: Finished | None = None
    ) -> Outcome:
        texts = recalled.texts
        if recalled.closers:
            around = spot.surroundings(block=True)
            replayed = (run(text, around, REPLAYED) for text in texts)
            texts = tuple(text for text in replayed if isinstance(text, str))
        if not texts:
            return Skipped(recalled.reason)
        items = tuple(Item(next(self._ids), edit_for(query, text)) for text in texts)
        if finished is None or source is not Source.ENGINE:
            return Completion(query.document, query.offset, items, source)
        return Completion(
            query.document, query.offset, items, source, usage=finished.usage, first_token_ms=finished.first_token_ms
        )

    def _agreeing(self, spot: Spot) -> Job | None:
        job = self._jobs.get(spot.document.uri)
        agrees = job is not None and job.generation.running and job.generation.agrees(spot.document, spot.offset)
        return job if agrees else None

    def _drop_disagreeing(self, before: Document | None, after: Document | None) -> None:
        """Close a stream as soon as the user types against it, so that the engine is free for the next one."""
        job = self._jobs.get(after.uri) if after is not None else None
        if job is None or before is None or after is None or not job.generation.running:
            return
        span, text = changed_span(before.text, after.text)
        cursor = span.start + len(text)
        # An editor that closes a bracket by itself leaves the cursor before it.
        if not any(job.generation.agrees(after, at) for at in (cursor, cursor - 1) if at >= 0):
            self._abandon(after.uri)

    def _abandon(self, uri: str) -> None:
        if (job := self._jobs.pop(uri, None)) is not None:
            job.generation.close()

    async def _describe(self, engine: Engine) -> Served:
        if self._served is None or self._served[0] is not engine:
            self._served = engine, await describe(engine, self._fim)
        return self._served[1]

    def _situation(self, query: Query) -> Situation:
        return Situation(
            query,
            self._settings,
            ignored=self._workspace.ignored(query.document.uri),
            place=lambda: self._workspace.place(query.document, query.offset),
        )


def _figures(outcome: Outcome) -> dict[str, str | int]:
    if isinstance(outcome, Skipped):
        return {"skipped": outcome.reason.name}
    return {"source": outcome.source.name, "items": len(outcome.items)}


def _stop(spot: Spot, wanted: prompt.Wanted, asked: prompt.Asked) -> Stop:
    return stop_rule(spot.document, spot.offset, block=wanted.block, ending=asked.ending)


_STALE = Skipped(Reason.STALE)


def _since(began: float) -> float:
    return (perf_counter() - began) * 1000
