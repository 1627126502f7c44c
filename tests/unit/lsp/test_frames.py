"""Messages are cut out of the stream whatever pieces it comes in and whatever else is in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.lsp import wire
from understudy.lsp.wire import Frames, frame


@given(st.lists(st.binary(min_size=1, max_size=50), max_size=5), st.lists(st.integers(1, 9), min_size=1))
def test_however_the_stream_is_cut(bodies: list[bytes], sizes: list[int]) -> None:
    stream = b"".join(map(frame, bodies))
    frames, found, at, turn = Frames(), [], 0, 0
    while at < len(stream):
        found += frames.feed(stream[at : at + sizes[turn % len(sizes)]])
        at += sizes[turn % len(sizes)]
        turn += 1
    assert found == bodies


@given(st.binary(max_size=200))
def test_nonsense_never_raises(data: bytes) -> None:
    Frames().feed(data)


@pytest.mark.parametrize(
    "odd",
    [
        b"Nonsense\r\n\r\n",
        b"Content-Length: -1\r\n\r\n",
        b"Content-Length: 0\r\n\r\n",
        b"Content-Length: %s\r\n\r\n" % (b"9" * 5000),
        b"\r\n\r\n",
        b"x: 1\r\n\r\n",
    ],
)
def test_a_header_without_a_length_is_passed_over(odd: bytes) -> None:
    assert Frames().feed(odd + frame(b"body")) == [b"body"]


def test_a_message_that_would_exhaust_the_memory_is_skipped_as_it_comes() -> None:
    frames = Frames()
    size = wire.BODY_BYTES + 7
    assert frames.feed(b"Content-Length: %d\r\n\r\n" % size) == []
    piece = bytes(1 << 24)
    sent = 0
    while sent + len(piece) < size:
        assert frames.feed(piece) == []
        sent += len(piece)
        assert len(frames._held) == 0
    assert frames.feed(bytes(size - sent) + frame(b"next")) == [b"next"]


def test_a_stream_that_is_no_protocol_does_not_fill_the_memory() -> None:
    frames = Frames()
    for _ in range(100):
        frames.feed(b"x" * 10_000)
    assert len(frames._held) <= wire.HEADER_BYTES
    assert frames.feed(b"\r\n\r\n" + frame(b"body")) == [b"body"]


@pytest.mark.parametrize("name", [b"Content-Length", b"content-length", b"CONTENT-LENGTH"])
def test_the_name_of_a_header_is_read_in_any_case(name: bytes) -> None:
    assert Frames().feed(b"Content-Type: x\r\n" + name + b":4\r\n\r\nbody") == [b"body"]
