"""Sources: which engine the settings name, and how it is followed when it is restarted."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace

import pytest
from pydantic import SecretStr

from understudy.core.errors import EngineUnavailable, StartFailed
from understudy.core.settings import EngineSettings
from understudy.engine import process, supervisor
from understudy.engine.base import (
    ChatChunk,
    ChatRequest,
    Choice,
    Chunk,
    Health,
    ModelInfo,
    Progress,
    TextRequest,
    Tokens,
)
from understudy.engine.keys import key_for
from understudy.engine.local import LocalSource
from understudy.engine.remote import RemoteSource, ReplicaSource
from understudy.engine.source import source_for
from understudy.engine.state import EngineFolder, users
from unit.engine.conftest import QUICK, order_of, wait_for, wait_for_phase

LONG = replace(QUICK, idle=600.0)


@dataclass
class Connection:
    """An engine that was connected to, and nothing more."""

    url: str
    key: str | None
    model_name: str | None
    state: Health = Health.READY
    closed: bool = False

    async def stream(self, request: TextRequest) -> AsyncGenerator[Chunk, None]:
        yield Chunk()

    async def chat(self, request: ChatRequest) -> AsyncGenerator[ChatChunk, None]:
        yield ChatChunk()

    async def tokenize(self, text: str) -> Tokens:
        return Tokens(())

    async def model(self) -> ModelInfo:
        return ModelInfo(self.model_name or "served", 2048)

    async def models(self) -> tuple[str, ...]:
        return ("served", "other")

    async def health(self) -> Health:
        return self.state

    async def aclose(self) -> None:
        self.closed = True


def no_connection(url: str, key: str | None, model: str | None) -> Connection:
    return Connection(url, key, model, state=Health.DOWN)


def local(folder: EngineFolder, settings: EngineSettings | None = None, fault: str = "") -> LocalSource:
    return LocalSource(
        settings or EngineSettings(),
        folder=folder,
        make_order=lambda _, folder: order_of(folder, fault, pace=LONG),
        connect=Connection,
    )


def ignore(_: Progress) -> None:
    pass


def test_the_settings_choose_the_source() -> None:
    url, other = "http://127.0.0.1:9/v1", "http://127.0.0.1:10/v1"
    assert isinstance(source_for(EngineSettings(url=url)), RemoteSource)
    assert isinstance(source_for(EngineSettings(urls=(url,))), RemoteSource)
    assert isinstance(source_for(EngineSettings(url=url, urls=(f"{url}/",))), RemoteSource), "the same server twice"
    assert isinstance(source_for(EngineSettings(url=url, urls=(other,)), workspace="file:///w"), ReplicaSource)
    assert isinstance(source_for(EngineSettings(urls=(url, other))), ReplicaSource)


async def test_without_a_url_it_is_local() -> None:
    assert isinstance(source_for(EngineSettings()), LocalSource)


async def test_starts_says_how_far_it_is_and_lets_go(folder: EngineFolder) -> None:
    source = local(folder)
    assert source.current() is None
    seen: list[Progress] = []
    engine = await source.ensure(seen.append)
    assert isinstance(engine, Connection)
    assert engine.url.startswith("http://127.0.0.1:")
    assert engine.key == folder.key.read_text()
    assert seen
    assert source.current() is engine
    assert await source.ensure(ignore) is engine
    assert len(users(folder)) == 1
    await source.aclose()
    assert engine.closed
    assert users(folder) == []
    assert source.current() is None
    wait_for_phase(folder, "ready")


async def test_a_second_source_adopts(folder: EngineFolder) -> None:
    first, second = local(folder), local(folder)
    engines = await asyncio.gather(first.ensure(ignore), second.ensure(ignore))
    assert isinstance(engines[0], Connection)
    assert isinstance(engines[1], Connection)
    assert engines[0].url == engines[1].url
    assert len(users(folder)) == 2
    await first.aclose()
    await second.aclose()


async def test_a_restart_is_noticed(folder: EngineFolder) -> None:
    source = local(folder)
    await source.ensure(ignore)
    status = wait_for_phase(folder, "ready")
    process.kill_group(status.pid or 0)
    wait_for(folder, lambda now: now.phase == "restarting" or now.pid != status.pid)
    assert wait_for(folder, lambda now: now.phase == "ready" and now.pid != status.pid)
    assert source.current() is not None
    await source.aclose()


async def test_an_engine_stopped_by_hand_is_left_alone_until_somebody_new_wants_it(folder: EngineFolder) -> None:
    source = local(folder)
    first = await source.ensure(ignore)
    await asyncio.to_thread(supervisor.stop, folder)
    assert source.current() is None
    with pytest.raises(EngineUnavailable, match="was stopped"):
        await source.ensure(ignore)
    another = local(folder)
    found = await another.ensure(ignore)
    again = await source.ensure(ignore)
    assert isinstance(found, Connection)
    assert isinstance(again, Connection)
    assert again.url == found.url, "the new one, at another port"
    await another.aclose()
    await source.aclose()
    assert isinstance(first, Connection)
    assert first.closed


async def test_a_failed_start_is_an_error_with_a_remedy(folder: EngineFolder) -> None:
    source = local(folder, fault="oom")
    with pytest.raises(StartFailed, match="GPU's memory is too small") as raised:
        await source.ensure(ignore)
    assert raised.value.remedy
    assert source.current() is None
    await source.aclose()


async def test_nothing_is_started_where_the_settings_forbid_it(folder: EngineFolder) -> None:
    source = local(folder, EngineSettings(start=False))
    with pytest.raises(EngineUnavailable, match="understudy engine start"):
        await source.ensure(ignore)
    supervisor.adopt_or_start(folder, None, lambda: order_of(folder, pace=LONG))
    assert await source.ensure(ignore) is source.current()
    await source.aclose()


async def test_a_folder_without_a_model_is_refused_before_anything_starts(folder: EngineFolder) -> None:
    source = local(folder, EngineSettings(model=str(folder.root)))
    with pytest.raises(StartFailed, match=r"config\.json is missing"):
        await source.ensure(ignore)
    await source.aclose()


async def test_a_url_is_connected_to_with_its_key() -> None:
    settings = EngineSettings(url="http://127.0.0.1:9/v1", model="m", api_key=SecretStr("secret"))
    source = RemoteSource(settings, Connection)
    assert source.current() is None
    engine = await source.ensure(ignore)
    assert engine == Connection("http://127.0.0.1:9/v1", "secret", "m")
    assert source.current() is engine
    await source.aclose()
    assert source.current() is None


async def test_what_a_url_serves_can_be_chosen_before_it_is_connected_to() -> None:
    source = RemoteSource(EngineSettings(url="http://me:hush@127.0.0.1:9/v1"), Connection)
    assert await source.choices() == tuple(
        Choice(name, "served at http://127.0.0.1:9/v1") for name in ("served", "other")
    )
    assert source.current() is None
    with pytest.raises(EngineUnavailable, match="not started by Understudy"):
        await source.stop()
    await source.aclose()


async def test_a_url_where_nobody_answers_is_one_sentence() -> None:
    source = RemoteSource(EngineSettings(url="http://127.0.0.1:9/v1"), no_connection)
    with pytest.raises(EngineUnavailable, match="Nobody answers at"):
        await source.ensure(ignore)
    assert source.current() is None
    await source.aclose()


async def test_a_password_in_the_url_is_shown_to_nobody() -> None:
    said: list[str] = []
    source = RemoteSource(EngineSettings(url="http://me:hush@127.0.0.1:9/v1"), no_connection)
    with pytest.raises(EngineUnavailable) as refused:
        await source.ensure(lambda progress: said.append(progress.message))
    assert said == ["Connecting to http://127.0.0.1:9/v1"]
    assert "hush" not in str(refused.value)
    await source.aclose()


async def test_replicas_are_sent_the_users_key_each_and_nobody_is_shown_a_password() -> None:
    connected: list[Connection] = []

    def connect(url: str, key: str | None, model: str | None) -> Connection:
        connected.append(no_connection(url, key, model))
        return connected[-1]

    urls = ("http://me:hush@127.0.0.1:9/v1", "http://127.0.0.1:10/v1")
    settings = EngineSettings(urls=urls, api_key=SecretStr("secret"), model="m")
    said: list[str] = []
    source = ReplicaSource(settings, urls, "w", connect=connect)
    with pytest.raises(EngineUnavailable, match="does not answer") as refused:
        await source.ensure(lambda progress: said.append(progress.message))
    assert {(it.url, it.key, it.model_name) for it in connected} == {(url, "secret", "m") for url in urls}
    assert all(it.closed for it in connected)
    with pytest.raises(EngineUnavailable, match="not started by Understudy") as not_ours:
        await source.stop()
    assert said == ["Connecting to 2 replicas"]
    assert "hush" not in f"{refused.value} {not_ours.value}"


# Says for each of the modules that take long to load, in order, whether the event loop had to wait for it.
WHERE_LOADED = """
import asyncio, sys, threading
from pathlib import Path
from understudy.core.settings import EngineSettings
from understudy.engine.local import LocalSource
from understudy.engine.remote import RemoteSource
from understudy.engine.state import EngineFolder
class Watch:
    def find_spec(self, name, path=None, target=None):
        if name in ("httpx", "httpcore", "anyio"):
            print(name, "loop" if threading.current_thread() is threading.main_thread() else "thread")
sys.meta_path.insert(0, Watch())
async def main(kind, place):
    if kind == "remote":
        source = RemoteSource(EngineSettings(url=place))
    else:
        source = LocalSource(EngineSettings(start=False), folder=EngineFolder(Path(place)))
    try:
        await source.ensure(lambda progress: None)
    finally:
        await source.aclose()
asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.parametrize("kind", ["remote", "local"])
async def test_what_takes_long_to_load_does_not_stall_the_editor(folder: EngineFolder, kind: str) -> None:
    source = local(folder)
    await source.ensure(ignore)
    status = wait_for_phase(folder, "ready")
    command = [sys.executable, "-c", WHERE_LOADED, kind, status.url if kind == "remote" else str(folder.root)]
    other = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=60, check=False)
    await source.aclose()
    assert sorted(other.stdout.splitlines()) == ["anyio thread", "httpcore thread", "httpx thread"], other.stderr


def test_no_key_is_no_key() -> None:
    assert key_for(EngineSettings(url="http://127.0.0.1:9/v1", api_key=SecretStr(""))) is None
    assert key_for(EngineSettings()) is None
