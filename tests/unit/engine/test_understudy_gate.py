from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import pytest

from understudy.engine.inside.understudy_gate import RequireKey


async def status_of(path: str, authorization: str | None, *, key: str | None = "right") -> int:
    sent: list[MutableMapping[str, Any]] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    headers = [(b"host", b"x")] + ([(b"authorization", authorization.encode())] if authorization else [])
    scope = {"type": "http", "path": path, "headers": headers}
    await RequireKey(application)(scope, receive, send)
    return int(sent[0]["status"])


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VLLM_API_KEY", "right")


@pytest.mark.parametrize("path", ["/v1/completions", "/invocations", "/tokenize", "/metrics", "/health/", "//health"])
async def test_asks_for_the_key_everywhere(path: str) -> None:
    assert await status_of(path, None) == 401
    assert await status_of(path, "Bearer wrong") == 401
    assert await status_of(path, "Bearer right") == 200


async def test_health_is_open() -> None:
    assert await status_of("/health", None) == 200


async def test_nothing_is_let_through_without_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VLLM_API_KEY")
    assert await status_of("/v1/models", "Bearer ") == 401
