"""A real vLLM with the bundled model, started once for all tests in this folder by the supervisor itself."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from understudy.core.errors import EngineUnavailable
from understudy.core.settings import EngineSettings
from understudy.engine import environment, process, supervisor
from understudy.engine.base import Engine, Progress
from understudy.engine.connect import connect_http
from understudy.engine.install import install
from understudy.engine.local import order_for
from understudy.engine.state import EngineFolder, Status, engine_key, read_status, register

START_SECONDS = 300.0
HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class RealEngine:
    """Where the engine answers. `state_home` is the UNDERSTUDY_STATE_HOME under which it is found and adopted;
    `start`: what its start showed."""

    base_url: str
    key: str = field(repr=False)
    model: str
    state_home: Path
    folder: EngineFolder
    start: tuple[Progress, ...]

    def connect(self) -> Engine:
        """A new client; whoever asks for it closes it."""
        return connect_http(self.base_url, self.key, None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.vllm)
            # The first test also waits for the engine, and for its installation where there is none.
            item.add_marker(pytest.mark.timeout(1200))


@pytest.fixture(scope="session", name="engine")
def fixture_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealEngine]:
    ensure_installed()
    state_home = tmp_path_factory.mktemp("state")
    folder = EngineFolder(state_home / "engine")
    folder.root.mkdir()
    with register(folder, "tests"):
        supervisor.adopt_or_start(folder, None, lambda: order_for(EngineSettings(), folder))
        try:
            seen: list[Progress] = []
            status = wait_until(folder, "ready", seen=seen)
            yield RealEngine(status.url, engine_key(folder), status.name, state_home, folder, tuple(seen))
        finally:
            group = getattr(read_status(folder), "pid", None)
            supervisor.stop(folder)
        assert group is None or not process.group_is_alive(group), "the whole group has ended"


def wait_until(
    folder: EngineFolder,
    *phases: str,
    seen: list[Progress] | None = None,
    check: Callable[[Status], bool] = lambda status: True,
) -> Status:
    """Wait until the engine is in one of `phases` and `check` holds; what its start showed is added to `seen`."""
    end = time.monotonic() + START_SECONDS
    while (status := read_status(folder)) is None or status.phase not in phases or not check(status):
        assert status is None or status.phase not in ("failed", "stopped"), (
            f"{status}\n{folder.log.read_text()[-3000:]}"
        )
        assert time.monotonic() < end, status
        progress = Progress(status.message, status.percent) if status else None
        if progress and seen is not None and progress not in seen:
            seen.append(progress)
        time.sleep(0.1)
    return status


def ensure_installed() -> None:
    try:
        environment.find_installed()
    except EngineUnavailable:
        asyncio.run(install(say))


def say(progress: Progress) -> None:
    sys.stderr.write(f"{progress.percent} % {progress.message}\n")
