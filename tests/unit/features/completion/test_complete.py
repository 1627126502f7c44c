"""Requests that overlap: taken over, cancelled, typed against. The cases hold what comes of one after another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from understudy.context.workspace import Workspace
from understudy.core.errors import EngineRefused
from understudy.core.settings import CompletionSettings
from understudy.core.statistics import NullRecorder
from understudy.core.text import Document
from understudy.engine.base import ChatRequest, Chunk, ModelInfo, TextRequest, Tokens
from understudy.engine.pressure import POLL_SECONDS
from understudy.engine.script import parse
from understudy.engine.scripted import ScriptedEngine, ScriptedSource
from understudy.features.completion.complete import Completer
from understudy.features.completion.generation import GRACE_SECONDS
from understudy.features.completion.outcome import Completion, Outcome, Query, Reason, Skipped, Source, Trigger
from understudy.features.completion.trigger import MAX_CHARACTERS
from understudy.features.completion.warm import Ahead
from understudy.features.completion.watch import Watch

VALUE = '"va"\n!delay 300\n"lue"\n'
OTHER = '===\n"other"\n'


@dataclass
class Desk:
    """One open document with the cursor at its end."""

    completer: Completer
    engine: ScriptedEngine
    document: Document

    def ask(self) -> asyncio.Task[Outcome]:
        return asyncio.create_task(self.completer.complete(Query(self.document, len(self.document.text))))

    def type(self, text: str) -> None:
        before, self.document = self.document, replace(self.document, text=self.document.text + text)
        self.completer.changed(before, self.document)

    def close(self) -> None:
        self.completer.changed(self.document, None)


@asynccontextmanager
async def desk(script: str, *, debounce: int = 0, text: str = "x = ") -> AsyncIterator[Desk]:
    engine = ScriptedEngine(parse(script))
    settings = CompletionSettings(debounce_ms=debounce)
    completer = Completer(settings, ScriptedSource(engine), workspace=Workspace(), watch=Watch(NullRecorder()))
    document = Document("untitled:a", 1, "python", text)
    completer.changed(None, document)
    try:
        yield Desk(completer, engine, document)
    finally:
        await completer.aclose()
        assert all(seen.ended for seen in engine.seen), "a stream was left open"


async def has_begun(it: Desk) -> None:
    for _ in range(500):
        await asyncio.sleep(0.01)
        if it.engine.seen:
            return
    raise AssertionError("the engine was not asked")


async def test_typing_along_takes_the_running_stream_over() -> None:
    async with desk(VALUE) as it:
        first = it.ask()
        await has_begun(it)
        it.type("v")
        first.cancel()
        outcome = await it.ask()
        assert isinstance(outcome, Completion)
        assert (outcome.items[0].edit.text, outcome.source) == ("alue", Source.IN_FLIGHT)
        assert len(it.engine.seen) == 1


async def test_typing_against_a_stream_closes_it_before_anybody_asks_again() -> None:
    async with desk(VALUE + OTHER) as it:
        first = it.ask()
        await has_begun(it)
        first.cancel()
        it.type("q")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert it.engine.seen[0].ended == "aborted"
        outcome = await it.ask()
        assert isinstance(outcome, Completion)
        assert (outcome.items[0].edit.text, outcome.source) == ("other", Source.ENGINE)


async def test_a_stream_that_nobody_asks_for_again_is_closed_after_a_moment() -> None:
    async with desk('"va"\n!hang\n') as it:
        task = it.ask()
        await has_begun(it)
        task.cancel()
        await asyncio.sleep(GRACE_SECONDS + 0.05)
        assert it.engine.seen[0].ended == "aborted"
        assert task.cancelled()


async def test_closing_the_document_closes_its_stream() -> None:
    async with desk('"va"\n!hang\n') as it:
        task = it.ask()
        await has_begun(it)
        task.cancel()
        it.close()
        await asyncio.sleep(0.01)
        assert it.engine.seen[0].ended == "aborted"


async def test_a_key_within_the_wait_asks_the_engine_nothing() -> None:
    async with desk(VALUE, debounce=60) as it:
        for key in "abc":
            task = it.ask()
            await asyncio.sleep(0.01)
            task.cancel()
            it.type(key)
        assert it.engine.seen == []
        outcome = await it.ask()
        assert isinstance(outcome, Completion)
        assert len(it.engine.seen) == 1


async def test_what_a_failed_stream_said_is_told_to_all_who_wait_for_it() -> None:
    async with desk('"va"\n!delay 300\n!disconnect\n') as it:
        first = it.ask()
        await has_begun(it)
        second = it.ask()
        assert [outcome.reason for outcome in (await first, await second) if isinstance(outcome, Skipped)] == [
            Reason.ENGINE_FAILED
        ] * 2
        assert len(it.engine.seen) == 1


async def test_a_file_that_is_too_large_is_not_looked_at() -> None:
    async with desk(VALUE, text="x" * (MAX_CHARACTERS + 1)) as it:
        outcome = await it.ask()
        assert isinstance(outcome, Skipped)
        assert outcome.reason is Reason.TOO_LARGE
        assert it.engine.seen == []


async def test_what_the_engine_refuses_is_told_to_the_user() -> None:
    async with desk("!error 400 the context is too long") as it:
        outcome = await it.ask()
        assert isinstance(outcome, Skipped)
        assert outcome.reason is Reason.ENGINE_FAILED
        assert "the context is too long" in outcome.detail


async def test_a_model_without_a_format_is_told_to_the_user() -> None:
    engine = WithoutTokens([], model=ModelInfo("llama-chat", 4096))
    completer = Completer(
        CompletionSettings(debounce_ms=0), ScriptedSource(engine), workspace=Workspace(), watch=Watch(NullRecorder())
    )
    outcome = await completer.complete(Query(Document("untitled:a", 1, "python", "x = "), 4))
    await completer.aclose()
    assert isinstance(outcome, Skipped)
    assert outcome.reason is Reason.NO_FIM
    assert "llama-chat" in outcome.detail
    assert "engine.fim" in outcome.detail


async def test_a_text_that_was_cut_by_typing_is_not_remembered() -> None:
    async with desk('"va"\n!delay 200\n"lue"\n===\n"other"\n===\n"another"\n===\n"whole"\n') as it:
        task = asyncio.create_task(it.completer.complete(Query(it.document, 4, Trigger.INVOKED)))
        await has_begun(it)
        before = it.document
        it.type("q")
        outcome = await task
        assert isinstance(outcome, Skipped)
        it.completer.changed(it.document, before)
        it.document = before
        again = await it.ask()
        assert isinstance(again, Completion)
        assert again.items[0].edit.text == "whole"


async def test_what_breaks_in_a_stream_is_not_hidden() -> None:
    async with desk("") as it:
        it.engine.stream = broken_stream  # type: ignore[method-assign]
        with pytest.raises(ZeroDivisionError):
            await it.ask()


async def test_a_document_closed_while_the_engine_is_asked_what_it_serves() -> None:
    async with desk(VALUE) as it:
        gate = asyncio.Event()
        model = it.engine.model

        async def slow_model() -> ModelInfo:
            await gate.wait()
            return await model()

        it.engine.model = slow_model  # type: ignore[method-assign]
        task = it.ask()
        await asyncio.sleep(0.02)
        it.close()
        gate.set()
        assert isinstance(await task, Skipped)
        assert it.engine.seen == []


async def test_items_of_two_completers_have_different_names() -> None:
    names = set()
    for _ in range(2):
        async with desk(VALUE) as it:
            outcome = await it.ask()
            assert isinstance(outcome, Completion)
            names.add(outcome.items[0].id)
    assert len(names) == 2


async def test_broken_ignore_rules_are_told_to_the_user(tmp_path: Path) -> None:
    (tmp_path / ".understudyignore").mkdir()
    completer = Completer(
        CompletionSettings(),
        ScriptedSource(ScriptedEngine()),
        workspace=Workspace((tmp_path,)),
        watch=Watch(NullRecorder()),
    )
    outcome = await completer.complete(Query(Document((tmp_path / "a.py").as_uri(), 1, "python", "x = "), 4))
    await completer.aclose()
    assert isinstance(outcome, Skipped)
    assert outcome.reason is Reason.IGNORED_FILE
    assert ".understudyignore" in outcome.detail


class WithoutTokens(ScriptedEngine):
    """An engine whose tokenizer knows no special token."""

    async def tokenize(self, text: str) -> Tokens:
        return Tokens(tuple(ord(letter) for letter in text), tuple(text))

    async def tokenize_chat(self, request: ChatRequest) -> tuple[int, ...]:
        raise EngineRefused(400, "there is no chat template")


async def broken_stream(_: TextRequest) -> AsyncIterator[Chunk]:
    raise ZeroDivisionError
    yield Chunk()


async def test_the_engine_is_told_when_it_will_be_asked_and_asked_later_where_it_falls_behind() -> None:
    engine = ScriptedEngine(parse('!always\n"value"\n'))
    expected: list[float] = []
    now = 1000.0
    completer = Completer(
        CompletionSettings(debounce_ms=60),
        ScriptedSource(engine),
        workspace=Workspace(),
        watch=Watch(NullRecorder()),
        clock=lambda: now,
        ahead=Ahead(expected.append),
    )
    document = Document("untitled:a", 1, "python", "x = ")
    loop = asyncio.get_running_loop()
    for waiting in (0, 1, 1):
        engine.busy = replace(engine.busy, running=1, waiting=waiting)
        document = replace(document, version=document.version + 1, text=document.text + "a\nx = ")
        began = loop.time()
        assert isinstance(await completer.complete(Query(document, len(document.text))), Completion)
        assert loop.time() - began >= expected[-1]
        now += POLL_SECONDS
    await completer.aclose()
    # The load is looked up beside the typing: the first key after a change still waits as before.
    assert expected[0] == 0.06
    assert expected[2] > 0.1
