"""The keeper's look at its own engine on loopback: a free port, and whether the engine answers there.

Beside `client` this is the only module that opens a connection. The keeper lives as long as the engine, and `client`
would double its memory for this one question.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import socket

from understudy.engine.launch import HOST


def answers(port: int, timeout: float) -> bool:
    """Whether the engine at `port` is healthy. vLLM's `/health` needs no key and asks the engine behind the server."""
    connection = http.client.HTTPConnection(HOST, port, timeout=timeout)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def free_port(preferred: int = 0) -> int:
    """A loopback port that nobody listens on: `preferred`, if it is still free, so that clients need not reconnect."""
    for port in (preferred, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            if os.name == "posix":
                # Otherwise a port counts as taken for a minute after its last connection was closed.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind((HOST, port))
                chosen: int = probe.getsockname()[1]
                return chosen
    raise OSError("no free port")
