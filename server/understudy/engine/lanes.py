"""The two lanes: typing, where a keystroke waits for the answer, and work, which takes longer (fixes, the agent).

Each may have an engine of its own. Where they share one, the prompts of work are admitted so that typing goes first:
`understudy.engine.admission` decides when, `understudy.engine.prefill` cuts long prompts into pieces.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TypeVar

from understudy.core.errors import EngineRefused
from understudy.core.ledger import kept_file
from understudy.core.settings import EngineSettings, Settings
from understudy.engine.admission import Admission, Job
from understudy.engine.base import (
    ChatChunk,
    ChatRequest,
    Chunk,
    Engine,
    EngineSource,
    TextRequest,
    Usage,
)
from understudy.engine.local import LocalSource
from understudy.engine.prefill import Prefiller
from understudy.engine.remote import may_charge
from understudy.engine.rendezvous import addresses, place
from understudy.engine.source import source_for
from understudy.engine.state import EngineFolder, engine_root
from understudy.engine.through import ThroughEngine, ThroughSource

WORK_PRIORITY = 10  # typing has 0; lower goes first
UNABLE = (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED)
SHORT = 256  # characters of a prompt that is not worth cutting
Piece = TypeVar("Piece", Chunk, ChatChunk)
Request = TypeVar("Request", TextRequest, ChatRequest)


@dataclass(frozen=True, slots=True)
class Lanes:
    """Where the engines of both lanes come from. `expect(seconds)` says that a key was pressed, after which a
    completion will be asked for in so many seconds unless another key is. `warming`: the engine of typing for what is
    read ahead, which nobody gives way to; None where it may cost money."""

    typing: EngineSource
    work: EngineSource
    expect: Callable[[float], None]
    warming: EngineSource | None = None


def lanes_for(settings: Settings, who: str = "editor", workspace: str = "") -> Lanes:
    """The lanes that the settings describe. `who`: a word for this front door in `understudy engine status`;
    `workspace`: what requests that keep to one replica have in common. Raises as `source_for`."""
    ledger = kept_file(enabled=settings.statistics.enabled)
    typing = source_for(settings.engine, who, workspace, ledger)
    warming = None if may_charge(settings.engine) else _Guest(typing)
    own = work_settings(settings)
    if own is None:
        return replace(shared_lanes(typing), warming=warming)
    if own.url or own.urls:
        work = source_for(own, who, workspace)
        if {*map(place, addresses(own))} & {*map(place, addresses(settings.engine))}:
            # Two models of one server, as a base and an adapter, or another key there: it is one engine all the same.
            admission = Admission()
            return Lanes(_typing(typing, admission), _work(work, admission), admission.expect, warming)
        return Lanes(typing, work, _nothing, warming)
    second = LocalSource(own, who=who, folder=EngineFolder(engine_root("work")), ledger=ledger)
    return Lanes(typing, second, _nothing, warming)


def work_settings(settings: Settings) -> EngineSettings | None:
    """What the work lane's own engine would be called in `engine`; None where it shares that of typing."""
    work = settings.work
    if not (work.url or work.urls or work.model):
        return None
    own = {name: getattr(work, name) for name in type(work).model_fields}
    return settings.engine.model_copy(update={**own, "fim": "auto"})


def shared_lanes(source: EngineSource) -> Lanes:
    """Both lanes on one engine."""
    admission = Admission()
    return Lanes(_typing(source, admission), _work(_Guest(source), admission), admission.expect)


class TypingEngine(ThroughEngine):
    """A shared engine as typing sees it: at any time, and work gives way."""

    def __init__(self, engine: Engine, admission: Admission) -> None:
        super().__init__(engine)
        self._admission = admission

    async def stream(self, request: TextRequest) -> AsyncGenerator[Chunk, None]:
        """Continue a raw prompt, piece by piece."""
        with self._admission.typing():
            async with aclosing(self.engine.stream(request)) as chunks:
                async for chunk in chunks:
                    yield chunk

    async def chat(self, request: ChatRequest) -> AsyncGenerator[ChatChunk, None]:
        """Continue a chat, piece by piece."""
        with self._admission.typing():
            async with aclosing(self.engine.chat(request)) as chunks:
                async for chunk in chunks:
                    yield chunk


class WorkEngine(ThroughEngine):
    """A shared engine as work sees it: a request waits for its turns until its prompt is read, then runs."""

    def __init__(self, engine: Engine, admission: Admission) -> None:
        super().__init__(engine)
        self._admission = admission
        self._prefiller = Prefiller(engine, admission)
        self._tokenises = True

    async def stream(self, request: TextRequest) -> AsyncGenerator[Chunk, None]:
        """Continue a raw prompt, piece by piece."""
        request = replace(request, priority=request.priority or WORK_PRIORITY)
        late = tuple(Chunk("", index, "abort") for index in range(request.alternatives))
        async with aclosing(self._admitted(request, self.engine.stream, late)) as chunks:
            async for chunk in chunks:
                yield chunk

    async def chat(self, request: ChatRequest) -> AsyncGenerator[ChatChunk, None]:
        """Continue a chat, piece by piece."""
        request = replace(request, priority=request.priority or WORK_PRIORITY)
        late = (ChatChunk(finish="abort"),)
        async with aclosing(self._admitted(request, self.engine.chat, late)) as chunks:
            async for chunk in chunks:
                yield chunk

    async def _admitted(
        self, request: Request, ask: Callable[[Request], AsyncGenerator[Piece, None]], late: tuple[Piece, ...]
    ) -> AsyncGenerator[Piece, None]:
        """The chunks of a request, or `late` where its deadline comes before the first. The turn ends with the first
        chunk, when the prompt is read: what follows is one token per step, which hinders nobody."""
        now = asyncio.get_running_loop().time
        end = None if request.deadline is None else now() + request.deadline
        job = self._admission.job()
        try:
            async with asyncio.timeout_at(end):
                ids = await self._ids(request, job)
                cached = await self._prefiller.read(ids, job, request.priority)
                async with self._admission.turn(job, interruptible=False):
                    chunks = ask(request if end is None else replace(request, deadline=max(0.0, end - now())))
                    first = await anext(chunks, None)
        except TimeoutError:
            for chunk in late:
                yield chunk
            return
        usage: Usage | None = first.usage if first else None
        async with aclosing(chunks):
            if first is not None:
                yield _with_pieces(first, job)
            async for chunk in chunks:
                usage = chunk.usage or usage
                yield _with_pieces(chunk, job)
        self._prefiller.found(ids, cached, usage)

    async def _ids(self, request: TextRequest | ChatRequest, job: Job) -> tuple[int, ...]:
        """The prompt in tokens; none where it is short, or where the engine cannot say: then it is read in one go.

        That takes a turn too: a long prompt keeps vLLM's server busy for a while.
        """
        if isinstance(request, TextRequest) and not isinstance(request.prompt, str):
            return request.prompt
        if not (self._tokenises and self._prefiller.useful) or _characters(request) < SHORT:
            return ()
        try:
            async with self._admission.turn(job, interruptible=False):
                if isinstance(request, ChatRequest):
                    return await self.engine.tokenize_chat(request)
                assert isinstance(request.prompt, str)
                return (await self.engine.tokenize(request.prompt)).ids
        except EngineRefused as refused:
            # What is wrong with this prompt itself the real request will say better.
            self._tokenises = refused.status not in UNABLE
            return ()


def _with_pieces(chunk: Piece, job: Job) -> Piece:
    """A chunk whose usage tells what the whole request has cost: what its own pieces computed was not cached before."""
    usage = chunk.usage
    if usage is None or usage.cached is None or not job.computed:
        return chunk
    return replace(chunk, usage=replace(usage, cached=max(0, usage.cached - job.computed)))


class _Guest(ThroughSource):
    """The source of somebody else, who closes it."""

    def __init__(self, source: EngineSource) -> None:
        super().__init__(source, lambda engine: engine)

    async def aclose(self) -> None:
        """Nothing is to be let go of."""


def _typing(source: EngineSource, admission: Admission) -> EngineSource:
    return ThroughSource(source, lambda engine: TypingEngine(engine, admission))


def _work(source: EngineSource, admission: Admission) -> EngineSource:
    return ThroughSource(source, lambda engine: WorkEngine(engine, admission))


def _characters(request: TextRequest | ChatRequest) -> int:
    if isinstance(request, ChatRequest):
        tools = sum(len(str(tool.parameters)) + len(tool.description) for tool in request.tools)
        return tools + sum(len(message.content) for message in request.messages)
    return len(request.prompt)


def _nothing(seconds: float) -> None:
    """Nobody has to give way on an engine of one's own."""
