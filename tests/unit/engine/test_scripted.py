"""The scripted engine: what it plays, and that it sees when somebody lets go."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.core.errors import EngineBroken, EngineError, EngineRefused, EngineUnavailable, UsageError
from understudy.engine.base import ChatChunk, ChatRequest, Chunk, Health, Message, Progress, TextRequest, ToolCall
from understudy.engine.script import Answer, Say, load_script, parse, say
from understudy.engine.scripted import ScriptedEngine, ScriptedSource, open_script

ASK = TextRequest("def f", max_tokens=8)


async def texts(engine: ScriptedEngine, request: TextRequest = ASK) -> list[Chunk]:
    async with aclosing(engine.stream(request)) as stream:
        return [chunk async for chunk in stream]


async def said(engine: ScriptedEngine, request: TextRequest = ASK) -> str:
    return "".join(chunk.text for chunk in await texts(engine, request))


async def test_chunks_in_order_answers_in_order() -> None:
    engine = ScriptedEngine(parse('# first\n"a "\n"b\\n"\n===\n"c"\n'))
    assert await said(engine) == "a b\n"
    assert [answer.steps for answer in engine.unused()] == [(Say("c"),)]
    assert await said(engine) == "c"
    assert engine.unused() == ()
    assert [seen.ended for seen in engine.seen] == ["played", "played"]
    assert engine.seen[0].prompt == "def f"


async def test_the_last_chunk_has_the_reason_and_the_usage() -> None:
    (chunk,) = (await texts(ScriptedEngine(parse('"a b"\n!finish length'))))[1:]
    assert chunk.finish == "length"
    assert chunk.usage is not None
    assert (chunk.usage.prompt, chunk.usage.completion) == (3, 3)


async def test_each_alternative_has_an_answer_of_its_own() -> None:
    engine = ScriptedEngine([say("a"), say("b"), say("c")])
    chunks = await texts(engine, TextRequest("p", 8, alternatives=2))
    assert [(chunk.index, chunk.text) for chunk in chunks if chunk.text] == [(0, "a"), (1, "b")]
    assert await said(engine, TextRequest("p", 8, alternatives=2)) == "c"


async def test_an_answer_may_wait_for_its_prompt_and_stay() -> None:
    engine = ScriptedEngine(parse('!always\n!when "class"\n"C"\n===\n!when "def"\n"D"'))
    assert await said(engine) == "D"
    for _ in range(2):
        assert await said(engine, TextRequest("class X", 8)) == "C"
    assert engine.unused() == ()
    with pytest.raises(EngineRefused, match="no answer left"):
        await said(engine)


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ("!error 503 overloaded", EngineUnavailable),
        ("!error 400 too long", EngineRefused),
        ('"half"\n!disconnect', EngineBroken),
    ],
)
async def test_failures(script: str, kind: type[EngineError]) -> None:
    engine = ScriptedEngine(parse(script))
    with pytest.raises(kind):
        await texts(engine)
    assert engine.seen[0].ended == "failed"


async def test_delays_take_their_time() -> None:
    began = time.monotonic()
    assert await said(ScriptedEngine(parse('"a"\n!delay 100\n"b"'))) == "ab"
    assert 0.09 < time.monotonic() - began < 1


async def test_the_deadline_keeps_what_came() -> None:
    chunks = await texts(ScriptedEngine(parse('"a"\n!hang')), TextRequest("p", 8, deadline=0.05))
    assert (chunks[0].text, chunks[-1].finish) == ("a", "abort")


async def test_letting_go_is_seen() -> None:
    engine = ScriptedEngine(parse('"a"\n!hang\n===\n"b"\n"c"'))
    task = asyncio.create_task(texts(engine))
    await asyncio.sleep(0.02)
    assert engine.seen[0].ended is None
    task.cancel()
    await asyncio.wait([task])
    assert engine.seen[0].ended == "aborted"
    async with aclosing(engine.stream(ASK)) as stream:
        assert (await anext(stream)).text == "b"
    assert engine.seen[1].ended == "aborted"


async def test_a_chat_with_reasoning_and_a_call() -> None:
    script = '!reasoning "hm"\n"let me look"\n!call find {"name": "f"}\n!call read {}'
    engine = ScriptedEngine(parse(script))
    request = ChatRequest((Message("user", "where is f?"),), 8)
    async with aclosing(engine.chat(request)) as stream:
        chunks = [chunk async for chunk in stream]
    assert chunks[:4] == [
        ChatChunk(reasoning="hm"),
        ChatChunk("let me look"),
        ChatChunk(tool_calls=(ToolCall("call-1", "find", '{"name": "f"}'),)),
        ChatChunk(tool_calls=(ToolCall("call-2", "read", "{}"),)),
    ]
    assert chunks[4].finish == "tool_calls"
    assert engine.seen[0].prompt == "user: where is f?"


@settings(deadline=None)
@given(st.text() | st.lists(st.sampled_from(["<|fim_prefix|>", "<|fim_", "prefix|>", " ", "\n", "x"])).map("".join))
async def test_tokens_join_to_the_text(text: str) -> None:
    tokens = await ScriptedEngine().tokenize(text)
    assert "".join(tokens.pieces) == text
    assert len(tokens.ids) == len(tokens.pieces)
    for token in ("<|fim_prefix|>", "<|endoftext|>"):
        assert text.count(token) == tokens.pieces.count(token)


async def test_special_tokens_have_small_ids_and_words_the_same_everywhere() -> None:
    one, two = ScriptedEngine(), ScriptedEngine()
    assert (await one.tokenize("<|fim_middle|>")).ids == (4,)
    await one.tokenize("something first")
    assert await one.tokenize("same words") == await two.tokenize("same words")


async def test_the_source(tmp_path: Path) -> None:
    path = tmp_path / "script.txt"
    path.write_text('"a"\n', encoding="utf-8")
    source = open_script(path)
    seen: list[Progress] = []
    engine = await source.ensure(seen.append)
    assert source.current() is engine
    assert seen
    await source.aclose()
    assert await engine.health() is Health.DOWN


async def test_a_source_without_an_engine() -> None:
    source = ScriptedSource(None)
    assert source.current() is None
    with pytest.raises(EngineUnavailable):
        await source.ensure(lambda _: None)


@pytest.mark.parametrize("line", ["a", '"a', "!what", "!delay soon", "!error", "!finish never", "!call x {", "!when a"])
def test_a_line_that_is_not_understood_is_named(line: str) -> None:
    with pytest.raises(UsageError, match="Line 2 of the script"):
        parse(f'"a"\n{line}')


def test_an_empty_script_and_an_empty_answer() -> None:
    assert parse("\n# nothing\n") == ()
    assert parse('"a"\n===\n') == (say("a"), Answer())


def test_a_script_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load_script(tmp_path / "none.txt")
