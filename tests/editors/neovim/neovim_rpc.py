"""Neovim's own interface, msgpack-rpc over its socket: one question at a time."""

from __future__ import annotations

import itertools
import socket
from pathlib import Path
from types import TracebackType
from typing import Any

import msgpack

REQUEST, RESPONSE = 0, 1
SECONDS = 20


class NeovimError(Exception):
    """Neovim answered with an error."""


class Rpc:
    """A connection to a Neovim."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._unpacker = msgpack.Unpacker(strict_map_key=False)
        self._ids = itertools.count()

    def __enter__(self) -> Rpc:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._socket.close()

    def tell(self, method: str, *arguments: Any) -> int:
        """Send a request and leave its answer where it is."""
        msg_id = next(self._ids)
        self._socket.sendall(msgpack.packb([REQUEST, msg_id, method, arguments]))
        return msg_id

    def ask(self, method: str, *arguments: Any) -> Any:
        """Send a request; its result."""
        msg_id = self.tell(method, *arguments)
        while True:
            for message in self._unpacker:
                if message[:2] == [RESPONSE, msg_id]:
                    if message[2] is not None:
                        raise NeovimError(message[2][1])
                    return message[3]
            received = self._socket.recv(65536)
            if not received:
                raise NeovimError("it has ended")
            self._unpacker.feed(received)


def connect(path: Path) -> Rpc | None:
    """A connection to the Neovim that listens at `path`; None as long as none does."""
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(SECONDS)
    try:
        connection.connect(str(path))
    except OSError:
        connection.close()
        return None
    return Rpc(connection)
