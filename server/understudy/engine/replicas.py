"""Several replicas of one model as one engine.

A request goes to the workspace's own replica; where that takes none, to the next by rank. One that was under way at a
replica that dies is asked for once more, elsewhere: the text of a raw stream goes on from where it broke off; a chat
begins anew, unless some of it has been given out.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import fields, replace
from http import HTTPStatus
from typing import TypeVar

from understudy.core.errors import EngineBroken, EngineError, EngineRefused
from understudy.engine.base import ChatChunk, ChatRequest, Chunk, Engine, Health, Load, ModelInfo, TextRequest, Tokens
from understudy.engine.failover import Attempts, Fault, fault_of
from understudy.engine.replica import LOG_REMEDY, Replica, Standing
from understudy.engine.resume import GIVEN_UP, Resumable, whole_prompt

T = TypeVar("T")
GRACE_SECONDS = 2.0
"""How long the slower replicas are waited for at the beginning, once one has answered."""


class Replicas:
    """An `Engine` over `replicas`, which are in the workspace's order; `info`: what all of them serve. Made within the
    event loop, in which it looks after them until `aclose`."""

    def __init__(self, replicas: Sequence[Replica], info: ModelInfo) -> None:
        self._replicas = tuple(replicas)
        self._info = info
        self._watches = [asyncio.create_task(replica.watch(info.id)) for replica in self._replicas]

    def answering(self) -> int:
        """How many of them answer, as far as is known; never waits."""
        return sum(replica.standing is not Standing.OUT for replica in self._replicas)

    def problems(self) -> tuple[str, ...]:
        """What is wrong with those that do not answer, a sentence each."""
        return tuple(replica.problem for replica in self._replicas if replica.standing is Standing.OUT)

    async def look(self) -> None:
        """Look how each of them is now."""
        await asyncio.gather(*(replica.look(self._info.id) for replica in self._replicas))
        if not self.answering():
            # Nobody is better served by waiting.
            for replica in self._replicas:
                replica.trust()

    async def stream(self, request: TextRequest) -> AsyncGenerator[Chunk, None]:
        """Continue a raw prompt, piece by piece."""
        now = asyncio.get_running_loop().time
        answer, attempts = Resumable(request, now()), Attempts(self._replicas)
        while part := answer.next_part(now()):
            replica = attempts.replica()
            try:
                whole = part.request
                with suppress(TimeoutError):  # then the rest of the request says so at once
                    async with asyncio.timeout_at(answer.end), replica.waited_for():
                        whole = await whole_prompt(part, replica.engine)
                whole = replace(whole, deadline=answer.left(now()))
                async with aclosing(_heard(replica, replica.engine.stream(whole))) as pieces:
                    async for piece in pieces:
                        yield answer.take(piece, part, now())
                answer.over(part)
            except EngineError as error:
                attempts.failed(error, begun=answer.begun)
                answer.broken()
                for end in answer.spent(now()):
                    yield end

    async def chat(self, request: ChatRequest) -> AsyncGenerator[ChatChunk, None]:
        """Continue a chat, piece by piece. Raises `EngineBroken` where the replica dies after its first words."""
        now = asyncio.get_running_loop().time
        end = None if request.deadline is None else now() + request.deadline
        attempts, begun = Attempts(self._replicas), False
        while True:
            replica = attempts.replica()
            left = request if end is None else replace(request, deadline=end - now())
            try:
                async with aclosing(_heard(replica, replica.engine.chat(left))) as pieces:
                    async for piece in pieces:
                        if piece.finish == "abort" and (end is None or now() < end):
                            raise EngineBroken(*GIVEN_UP)
                        begun = begun or bool(piece.text or piece.reasoning or piece.tool_calls or piece.finish)
                        yield piece
                return
            except EngineError as error:
                told = error
                if begun and fault_of(error, begun=True) is Fault.BROKE:
                    told = EngineBroken(
                        f"The engine at {replica.where} broke off in the middle of an answer.", LOG_REMEDY
                    )
                attempts.failed(told, begun=begun)
                if begun:
                    raise told from error

    async def tokenize(self, text: str) -> Tokens:
        """`text` in the model's own tokens."""
        return await self._ask(lambda engine: engine.tokenize(text))

    async def detokenize(self, ids: tuple[int, ...]) -> str:
        """The text of tokens."""
        return await self._ask(lambda engine: engine.detokenize(ids))

    async def tokenize_chat(self, request: ChatRequest) -> tuple[int, ...]:
        """The tokens of a chat in the model's template."""
        return await self._ask(lambda engine: engine.tokenize_chat(request))

    async def model(self) -> ModelInfo:
        """What all of them serve, as it was agreed on at the beginning."""
        return self._info

    async def load(self) -> Load:
        """The sum over those that answer; of their KV caches the fullest. Raises `EngineError`: none tells."""
        loads = await _ask_each(self._alive(), lambda engine: engine.load())
        total = {it.name: sum(getattr(load, it.name) for load in loads) for it in fields(Load)}
        return Load(**total | {"kv_cache": max(load.kv_cache for load in loads)})

    async def models(self) -> tuple[str, ...]:
        """The names that each of those that answer serves."""
        return (await served_by(self._alive()))[0]

    async def health(self) -> Health:
        """Ready if one of them is, as soon as it says so."""
        asked = [asyncio.create_task(replica.engine.health()) for replica in self._replicas]
        try:
            found = Health.DOWN
            for answer in asyncio.as_completed(asked):
                health = await answer
                if health is Health.READY:
                    return health
                found = health if found is Health.DOWN else found
            return found
        finally:
            for task in asked:
                task.cancel()

    async def aclose(self) -> None:
        """Look after them no longer, and give back the connections."""
        for watch in self._watches:
            watch.cancel()
        await asyncio.gather(*self._watches, return_exceptions=True)
        await asyncio.gather(*(replica.engine.aclose() for replica in self._replicas))

    async def _ask(self, question: Callable[[Engine], Awaitable[T]]) -> T:
        """A short question, to the first that answers it."""
        attempts = Attempts(self._replicas)
        while True:
            replica = attempts.replica()
            try:
                async with replica.waited_for():
                    return await question(replica.engine)
            except EngineError as error:
                if isinstance(error, EngineRefused) and error.status == HTTPStatus.NOT_FOUND:
                    # Not every server has all of vLLM's paths, and then the others are such servers too.
                    raise
                attempts.failed(error)

    def _alive(self) -> Sequence[Replica]:
        return [replica for replica in self._replicas if replica.standing is not Standing.OUT] or self._replicas


async def introduce(replicas: Sequence[Replica]) -> ModelInfo:
    """What they all serve; its context is the shortest. Those that say so are up from then on; the others, once one has
    said it, are waited for a moment only. Raises `EngineRefused` where models differ, else the first one's error where
    none is up."""
    asked = {asyncio.create_task(replica.introduce()): replica for replica in replicas}
    try:
        waiting = set(asked)
        while waiting and not any(_is_good(task) for task in asked):
            _, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        if waiting:
            await asyncio.wait(waiting, timeout=GRACE_SECONDS)
    finally:
        for task in asked:
            task.cancel()
    await asyncio.gather(*asked, return_exceptions=True)
    return _agreed({replica: task for task, replica in asked.items()})


async def served_by(replicas: Sequence[Replica]) -> tuple[tuple[str, ...], int]:
    """The names that each of those that answer serves, and how many answer. Raises `EngineError`: none does."""
    lists = await _ask_each(replicas, lambda engine: engine.models())
    return tuple(name for name in lists[0] if all(name in names for names in lists)), len(lists)


def _agreed(met: Mapping[Replica, asyncio.Task[ModelInfo]]) -> ModelInfo:
    infos = {replica: task.result() for replica, task in met.items() if _is_good(task)}
    errors = [error for task in met.values() if not task.cancelled() and (error := task.exception())]
    for error in errors:
        # A model that one of them does not have. A key that one does not take leaves that one out.
        if not infos or (isinstance(error, EngineRefused) and error.status == HTTPStatus.NOT_FOUND):
            raise error
    first, *others = infos.values()
    if any(info.id != first.id for info in others):
        served = ", ".join(f"{info.id} at {replica.where}" for replica, info in infos.items())
        raise EngineRefused(
            HTTPStatus.CONFLICT,
            f"The replicas serve different models: {served}.",
            "Serve the same one at each, or name one that all of them have in `engine.model`.",
        )
    return replace(first, context=min(info.context for info in infos.values()))


def _is_good(task: asyncio.Task[ModelInfo]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is None


async def _ask_each(replicas: Sequence[Replica], question: Callable[[Engine], Awaitable[T]]) -> list[T]:
    """A short question to each. Raises the first one's error if none answers."""
    answers = await asyncio.gather(*(_answer_or_error(question(replica.engine)) for replica in replicas))
    errors = [answer for answer in answers if isinstance(answer, EngineError)]
    if len(errors) == len(answers):
        raise errors[0]
    return [answer for answer in answers if not isinstance(answer, EngineError)]


async def _answer_or_error(answer: Awaitable[T]) -> T | EngineError:
    try:
        return await answer
    except EngineError as error:
        return error


async def _heard(replica: Replica, source: AsyncGenerator[T, None]) -> AsyncGenerator[T, None]:
    """The pieces of `source`, which ends with an error when `replica` is found dead."""
    async with aclosing(source):
        while True:
            async with replica.waited_for():
                piece = await anext(source, None)
            if piece is None:
                return
            yield piece
