"""What a program is given to read, and its output, which may never stop: its beginning and its end are kept."""

from __future__ import annotations

import asyncio
import contextlib
from asyncio.subprocess import Process

READ_BYTES = 64 * 1024


class Kept:
    """At most `limit` bytes of what is added: the first half of them from the beginning, the rest from the end."""

    def __init__(self, limit: int) -> None:
        self._first = bytearray()
        self._last = bytearray()
        self._room = limit - limit // 2, limit // 2
        self.dropped = 0

    def add(self, data: bytes) -> None:
        """Keep what there is room for."""
        free = self._room[0] - len(self._first)
        self._first += data[:free]
        self._last += data[free:] if free < len(data) else b""
        if (over := len(self._last) - self._room[1]) > 0:
            del self._last[:over]
            self.dropped += over

    def text(self) -> str:
        """What was kept; where something is missing, a line says how much."""
        gap = f"\n[{self.dropped} bytes left out]\n".encode() if self.dropped else b""
        return bytes(self._first + gap + self._last).decode("utf-8", errors="replace")


async def collect(stream: asyncio.StreamReader, kept: Kept) -> None:
    """Read to the end."""
    while data := await stream.read(READ_BYTES):
        kept.add(data)


async def feed(process: Process, data: bytes) -> None:
    """Write the input and close it; a program need not read it."""
    if process.stdin is not None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            process.stdin.write(data)
            await process.stdin.drain()
        process.stdin.close()
