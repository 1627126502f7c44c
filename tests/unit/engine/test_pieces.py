"""The spelling of vocabularies, undone."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.engine.pieces import texts_of
from understudy.engine.sse import events

BYTES = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
CHARACTER = {byte: chr(byte) for byte in BYTES} | {
    byte: chr(0x100 + place) for place, byte in enumerate(byte for byte in range(0x100) if byte not in set(BYTES))
}


def spelled(data: bytes, cuts: list[int]) -> list[str]:
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    return ["".join(CHARACTER[byte] for byte in data[a:b]) for a, b in pairwise(places) if a < b]


@settings(deadline=None)
@given(text=st.text(min_size=1), cuts=st.lists(st.integers(0, 40), max_size=6))
def test_byte_level_pieces_join_to_the_text_wherever_they_are_cut(text: str, cuts: list[int]) -> None:
    tokens = spelled(text.encode(), cuts)
    pieces = texts_of(tokens, text)
    assert len(pieces) == len(tokens)
    assert "".join(pieces) == text


@pytest.mark.parametrize(
    ("tokens", "text", "pieces"),
    [
        (["Ġa", "Ċ", "<｜fim▁hole｜>"], " a\n<｜fim▁hole｜>", (" a", "\n", "<｜fim▁hole｜>")),  # noqa: RUF001
        (["▁def", "▁f", "<0x0A>", "▁▁x"], "def f\n  x", ("def", " f", "\n", "  x")),
        (["▁", "x"], "x", ("", "x")),
        (["<0xE2>", "<0x82>", "<0xAC>"], "€", ("", "", "€")),
        (["Ã", "©", "Ċ"], "e\u0301\n", ("", "é", "\n")),
        (["a", "b"], "something else", ()),
        ([], "x", ()),
        ([], "", ()),
    ],
)
def test_spellings(tokens: list[str], text: str, pieces: tuple[str, ...]) -> None:
    assert texts_of(tokens, text) == pieces


@settings(deadline=None)
@given(data=st.lists(st.text("abc€\u2028 :", max_size=8), max_size=5), sizes=st.lists(st.integers(1, 9), min_size=1))
async def test_events_do_not_depend_on_how_the_bytes_are_cut(data: list[str], sizes: list[int]) -> None:
    stream = "".join(f": note\r\ndata: {text}\r\n\r\n" for text in data).encode()

    async def chunks():
        place = 0
        while place < len(stream):
            for size in sizes:
                yield stream[place : place + size]
                place += size

    assert [event.decode() async for event in events(chunks())] == data
