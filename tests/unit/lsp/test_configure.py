"""When settings make the services anew. They come from the composition root, which the kept plan has a word in."""

from __future__ import annotations

import asyncio
import json
import platform
from pathlib import Path
from typing import Any

import pytest

from understudy.cli.services import build_services
from understudy.engine.plan.saved import plan_file
from understudy.lsp.configure import close, configure
from understudy.lsp.session import Session

QUIET = {"enabled": False}  # no engine is started for it


class Deaf:
    """A client that is told things."""

    def notify(self, method: str, params: Any) -> None: ...

    def send_request_async(self, method: str, params: Any) -> asyncio.Future[Any]:
        raise NotImplementedError

    async def cancel_all(self) -> None: ...


@pytest.fixture(name="planned")
def fixture_planned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for home in ("CONFIG", "STATE", "DATA"):
        monkeypatch.setenv(f"UNDERSTUDY_{home}_HOME", str(tmp_path))
    keep("Qwen/Qwen2.5-Coder-0.5B")


def keep(model: str) -> None:
    engine = {"lanes": ["typing", "work"], "model": model, "arguments": ["--max-model-len", "4096"]}
    plan_file().parent.mkdir(parents=True, exist_ok=True)
    plan_file().write_text(json.dumps({"engines": [engine], "gpus": [], "machine": platform.node()}))


@pytest.mark.usefixtures("planned")
async def test_what_the_plan_fills_in_is_no_change_of_the_settings() -> None:
    session = Session(Deaf(), build_services, asyncio.get_running_loop().create_future())
    session.section = {"completion": QUIET}
    await configure(session, ask=False)
    first = session.services
    assert first
    assert first.settings.engine.model == "Qwen/Qwen2.5-Coder-0.5B"
    await configure(session, ask=False)
    assert session.services is first, "nothing has changed"
    keep("Qwen/Qwen2.5-Coder-1.5B")
    await configure(session, ask=False)
    assert session.services is not first, "another plan is another engine"
    for services in (first, session.services):
        await close(services)
