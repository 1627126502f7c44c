"""Server-sent events, as far as OpenAI-compatible servers use them (WHATWG HTML, section 9.2)."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import aclosing

LONGEST_EVENT = 16 * 1024 * 1024  # bytes; an answer is never this large, so a server that sends more is not one
_FIELD = b"data:"


class EventTooLongError(ValueError):
    """An event went on past `LONGEST_EVENT`."""


async def lines(chunks: AsyncIterable[bytes]) -> AsyncGenerator[bytes, None]:
    r"""The lines of a byte stream without their `\n` or `\r\n`. Raises `EventTooLongError`.

    Only these end a line: `str.splitlines` would also cut at U+2028 and U+0085, which JSON text may hold.
    """
    rest: list[bytes] = []
    waiting = 0
    async for chunk in chunks:
        *whole, tail = chunk.split(b"\n")
        for line in whole:
            yield (b"".join([*rest, line]) if rest else line).removesuffix(b"\r")
            rest, waiting = [], 0
        if tail:
            rest.append(tail)
            waiting += len(tail)
            if waiting > LONGEST_EVENT:
                raise EventTooLongError
    if rest:
        yield b"".join(rest).removesuffix(b"\r")


async def events(chunks: AsyncIterable[bytes]) -> AsyncGenerator[bytes, None]:
    """The data of each event. Comments, which keep a connection alive, and other fields are skipped."""
    data: list[bytes] = []
    async with aclosing(lines(chunks)) as source:
        async for line in source:
            if line.startswith(_FIELD):
                data.append(line.removeprefix(_FIELD).removeprefix(b" "))
            elif not line and data:
                yield b"\n".join(data)
                data = []
    if data:
        yield b"\n".join(data)
