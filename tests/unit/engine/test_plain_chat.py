"""A chat with nothing begun: the answer is found between its marks and begins at the cursor."""

from __future__ import annotations

import pytest

from understudy.engine.base import TextRequest
from understudy.engine.chat_words import HOLE
from understudy.engine.plain_chat import PlainChat
from understudy.engine.script import Answer, Say, say
from understudy.engine.scripted import ScriptedEngine


async def answered(line: str, *chunks: str) -> str:
    engine = ScriptedEngine([say(*chunks)])
    request = TextRequest(f"def f(x):\n{line}{HOLE}\n", 16)
    return "".join([piece.text async for piece in PlainChat(engine, "words").stream(request)])


@pytest.mark.parametrize(
    ("line", "answer", "expected"),
    [
        ("    return ", "<code_fill>x + 1", "x + 1"),
        ("    return ", "Sure!\n<code_fill>x + 1", "x + 1"),
        ("    return ", "<code_fill>    return x + 1", "x + 1"),
        ("    ", "<code_fill>    return x", "return x"),
        ("    ", "<code_fill>\n    return x\n", "return x\n"),
        ("    ", "<code_fill>return x", "return x"),
        ("", "<code_fill>\nx = 1", "x = 1"),
        ("    if x:", "<code_fill>\n        return 1", "\n        return 1"),
        ("a", "<code_fill>assert x", "assert x"),
        ("    return ", "x + 1", ""),
        ("    return ", "<code_fill>    ret", "    ret"),
        ("    return ", "<code_fill>", ""),
    ],
)
async def test_what_belongs_after_the_cursor(line: str, answer: str, expected: str) -> None:
    assert await answered(line, answer) == expected
    assert await answered(line, *answer) == expected, "also letter by letter"


async def test_each_piece_is_passed_on_as_soon_as_the_answer_has_begun() -> None:
    engine = ScriptedEngine([say("<code_", "fill>", "a", " + ", "b")])
    pieces = [piece.text async for piece in PlainChat(engine, "words").stream(TextRequest(HOLE, 16))]
    assert [text for text in pieces if text] == ["a", " + ", "b"]


async def test_alternatives_and_what_the_chat_is_told() -> None:
    engine = ScriptedEngine([say("<code_fill>a"), Answer((Say("<code_fill>b"),), finish="length")])
    request = TextRequest(HOLE, 16, stop=("</x>",), temperature=0.5, top_p=0.9, alternatives=2, deadline=3.0)
    pieces = [piece async for piece in PlainChat(engine, "words").stream(request)]
    assert [(piece.index, piece.text) for piece in pieces if piece.text] == [(0, "a"), (1, "b")]
    assert [(piece.index, piece.finish) for piece in pieces if piece.finish] == [(0, "stop"), (1, "length")]
    assert pieces[-1].usage is not None
    sent = engine.seen[0].request
    assert (sent.stop, sent.temperature, sent.top_p, sent.deadline) == (("</x>",), 0.5, 0.9, 3.0)
    assert engine.seen[0].prompt == f"system: words\nuser: {HOLE}"


async def test_closing_the_stream_lets_go_of_the_chat() -> None:
    engine = ScriptedEngine([say("<code_fill>a", "b", "c")])
    stream = PlainChat(engine, "words").stream(TextRequest(HOLE, 16))
    await anext(stream)
    await stream.aclose()
    assert engine.seen[0].ended == "aborted"
