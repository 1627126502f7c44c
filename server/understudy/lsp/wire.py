"""Messages on the wire: the base protocol's frames (LSP 3.18, "Base Protocol"), stdin, stdout and a TCP connection.

Reading has a thread of its own, so that a cancellation is heard while the event loop's threads are busy, and so that a
client that is slow to read our answers can never keep us from reading its messages.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import sys
import threading
from collections.abc import Callable
from typing import BinaryIO, Protocol

log = logging.getLogger(__name__)

HEADER_BYTES = 8192
BODY_BYTES = 256 * 1024 * 1024  # far above any file that an editor opens, far below what would exhaust the machine
CHUNK_BYTES = 65536
_NUMBER = re.compile(rb"[0-9]{1,18}")  # one of thousands of digits would take Python longer than it allows itself


class Frames:
    """Cuts a stream of bytes, however it comes in pieces, into message bodies."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._missing = 0  # bytes of the body that is being read, 0 while a header is
        self._skip = False

    def feed(self, data: bytes) -> list[bytes]:
        """The bodies that are complete after `data`."""
        self._held += data
        bodies: list[bytes] = []
        while self._missing or self._header():
            if self._skip:
                dropped = min(self._missing, len(self._held))
                del self._held[:dropped]
                self._missing -= dropped
                if self._missing:
                    break
                self._skip = False
            elif len(self._held) < self._missing:
                break
            else:
                bodies.append(bytes(self._held[: self._missing]))
                del self._held[: self._missing]
                self._missing = 0
        return bodies

    def _header(self) -> bool:
        """Read one header; False while it is not complete. One without a length, or with a mad one, is passed over."""
        while True:
            end = self._held.find(b"\r\n\r\n")
            if end < 0:
                if len(self._held) > HEADER_BYTES:
                    log.error("Dropped %d bytes that are no header", len(self._held) - 3)
                    del self._held[:-3]
                return False
            header = bytes(self._held[:end])
            del self._held[: end + 4]
            length = _content_length(header)
            if length:
                self._missing = length
                self._skip = length > BODY_BYTES
                if self._skip:
                    log.error("Skipped a message of %d bytes", length)
                return True
            log.error("Passed over a header without a length")


def frame(body: bytes) -> bytes:
    """A message as it goes on the wire."""
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


class Outlet(Protocol):
    """Where answers go (`pygls.io_.Writer`)."""

    def write(self, data: bytes) -> None:
        """Send all of `data`. Never raises: a client that is gone is noticed where its messages are read."""
        ...

    def close(self) -> None:
        """Nothing more will be written."""
        ...


class Stdout:
    """The real stdout, taken over: whatever else writes to it, as a `print` or a child process, ends up in stderr."""

    def __init__(self) -> None:
        sys.stdout.flush()
        self._stream = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def write(self, data: bytes) -> None:
        """Send all of `data`."""
        try:
            self._stream.write(data)
            self._stream.flush()
        except (OSError, ValueError):
            log.debug("The client does not read any more")

    def close(self) -> None:
        """Nothing more will be written."""
        try:
            self._stream.close()
        except OSError:
            log.debug("The client was gone before the last answer")


class Connection:
    """A TCP connection's writing side."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    def write(self, data: bytes) -> None:
        """Send all of `data`."""
        if not self._writer.is_closing():
            self._writer.write(data)

    def close(self) -> None:
        """Nothing more will be written."""
        self._writer.close()


def read_stream(stream: BinaryIO, receive: Callable[[bytes], None], ended: Callable[[], None]) -> None:
    """Read `stream` in a thread and hand each message body, and in the end its end, to the running event loop."""
    loop = asyncio.get_running_loop()

    def read() -> None:
        frames = Frames()
        descriptor = stream.fileno()
        try:
            for data in iter(lambda: _read(descriptor), b""):
                for body in frames.feed(data):
                    loop.call_soon_threadsafe(receive, body)
            loop.call_soon_threadsafe(ended)
        except RuntimeError:
            log.debug("The server ended before its client")

    # A daemon: it sits in a read that nothing can break off, which must not keep the process from ending.
    threading.Thread(target=read, name="understudy-stdin", daemon=True).start()


async def read_connection(reader: asyncio.StreamReader, receive: Callable[[bytes], None]) -> None:
    """Read a TCP connection to its end and hand over each message body."""
    frames = Frames()
    while data := await reader.read(CHUNK_BYTES):
        for body in frames.feed(data):
            receive(body)


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, CHUNK_BYTES)
    except OSError as error:
        log.error("Cannot read from the client: %s", error)
        return b""


def _content_length(header: bytes) -> int:
    for line in header.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and _NUMBER.fullmatch(value.strip()):
            return int(value)
    return 0
