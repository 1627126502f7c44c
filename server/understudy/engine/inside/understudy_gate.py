"""Asks for the API key on every path of vLLM's server but `/health`.

vLLM itself asks for it only below `/v1`, `/v2` and `/inference`: `/invocations`, which generates text, and `/tokenize`
would be open to every user of the machine.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

OPEN_PATHS = frozenset({"/health"})
BODY = b'{"error":{"message":"Unauthorized","type":"Unauthorized","code":401}}'


class RequireKey:
    """ASGI middleware. The key is the one in VLLM_API_KEY; without that variable nothing is let through."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._expected = f"Bearer {os.environ['VLLM_API_KEY']}".encode() if os.environ.get("VLLM_API_KEY") else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 401."""
        if scope["type"] == "lifespan" or scope.get("path") in OPEN_PATHS or self._allowed(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            headers = [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())]
            await send({"type": "http.response.start", "status": 401, "headers": headers})
            await send({"type": "http.response.body", "body": BODY})
        else:
            await send({"type": "websocket.close", "code": 1008})

    def _allowed(self, scope: Scope) -> bool:
        given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        return self._expected is not None and hmac.compare_digest(given, self._expected)
