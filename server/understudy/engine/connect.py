"""Connections to an engine behind HTTP, whose module is loaded only when there is something to connect to."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable

from understudy.engine.base import Engine

# URL, key and name of the served model, where they are known.
Connect = Callable[[str, str | None, str | None], Engine]
# The client, and what httpx would load by itself at its first connection.
CLIENT_MODULES = ("understudy.engine.client", "httpcore", "anyio")


def connect_http(url: str, key: str | None, model: str | None) -> Engine:
    """An engine behind HTTP. Its module is loaded here, since nothing needs it before the first connection."""
    from understudy.engine.client import HttpEngine

    return HttpEngine(url, key, model)


async def load_client() -> None:
    """Load what `connect_http` needs in a thread: it takes a third of a second, in which the editor would wait."""
    for name in CLIENT_MODULES:
        await asyncio.to_thread(importlib.import_module, name)
