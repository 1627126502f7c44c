"""Engines that somebody else runs, behind URLs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from understudy.core.errors import EngineError, EngineUnavailable
from understudy.core.settings import EngineSettings
from understudy.engine import keys
from understudy.engine.address import read_address, without_credentials
from understudy.engine.base import Choice, Engine, Health, Progress
from understudy.engine.connect import Connect, connect_http, load_client
from understudy.engine.rendezvous import addresses, ranked
from understudy.engine.replica import Looks, Replica
from understudy.engine.replicas import Replicas, introduce, served_by

LOOKS = Looks()


class RemoteSource:
    """An OpenAI-compatible server that somebody else runs."""

    def __init__(self, settings: EngineSettings, connect: Connect = connect_http) -> None:
        assert settings.url, "a remote engine has a URL"
        self._settings = settings
        self._url = settings.url
        self._connect = connect
        self._engine: Engine | None = None
        self._answered = False

    def current(self) -> Engine | None:
        """The server, once it has answered."""
        return self._engine if self._answered else None

    async def ensure(self, report: Callable[[Progress], None]) -> Engine:
        """Connect. Raises `EngineUnavailable` if nobody answers, and what the server itself says, as a wrong key."""
        where = without_credentials(self._url)
        report(Progress(f"Connecting to {where}"))
        engine = await self._connected()
        if await engine.health() is Health.DOWN:
            self._answered = False
            raise EngineUnavailable(f"Nobody answers at {where}.", "Start the server there, or correct `engine.url`.")
        await engine.model()
        self._answered = True
        return engine

    async def choices(self) -> tuple[Choice, ...]:
        """What the server serves."""
        where = without_credentials(self._url)
        return tuple(Choice(name, f"served at {where}") for name in await (await self._connected()).models())

    async def stop(self) -> None:
        """Raise `EngineUnavailable`: somebody else runs it."""
        raise _not_ours(f"The engine at {without_credentials(self._url)} was")

    async def aclose(self) -> None:
        """Close the connections."""
        self._answered = False
        if self._engine is not None:
            await self._engine.aclose()

    async def _connected(self) -> Engine:
        if self._engine is None:
            await load_client()
            key = await asyncio.to_thread(keys.key_for, self._settings)
            self._engine = self._engine or self._connect(self._url, key, self._settings.model)
        return self._engine


class ReplicaSource:
    """Servers of one model that somebody else runs. `workspace`: what its requests have in common, for which they keep
    to one of `urls`."""

    def __init__(
        self,
        settings: EngineSettings,
        urls: Sequence[str],
        workspace: str,
        *,
        connect: Connect = connect_http,
        looks: Looks = LOOKS,
    ) -> None:
        self._settings = settings
        self._urls = ranked(workspace, urls)
        self._connect = connect
        self._looks = looks
        self._replicas: tuple[Replica, ...] = ()
        self._engine: Replicas | None = None
        self._meeting = asyncio.Lock()
        self._closed = False

    def current(self) -> Engine | None:
        """All of them as one engine, while one answers."""
        return self._engine if self._engine is not None and self._engine.answering() else None

    async def ensure(self, report: Callable[[Progress], None]) -> Engine:
        """Connect, and say how many answer. Raises `EngineRefused` where their models differ, and `EngineUnavailable`
        or what the servers themselves say where none can be asked."""
        report(Progress(f"Connecting to {len(self._urls)} replicas"))
        async with self._meeting:
            if self._engine is None:
                self._engine = await self._met()
            else:
                await self._engine.look()
        answering = self._engine.answering()
        report(Progress(". ".join((f"{answering} of {len(self._urls)} replicas answer", *self._engine.problems()))))
        if not answering:
            raise EngineUnavailable(
                f"None of the {len(self._urls)} replicas answers.", "Start them, or correct `engine.urls`."
            )
        return self._engine

    async def choices(self) -> tuple[Choice, ...]:
        """What each of those that answer serves."""
        names, answering = await served_by(await self._connected())
        return tuple(Choice(name, f"served at {answering} of {len(self._urls)} replicas") for name in names)

    async def stop(self) -> None:
        """Raise `EngineUnavailable`: somebody else runs them."""
        raise _not_ours(f"The engines at {' and '.join(without_credentials(url) for url in self._urls)} were")

    async def aclose(self) -> None:
        """Close the connections, and look after the servers no longer."""
        self._closed = True
        await self._let_go()

    async def _let_go(self) -> None:
        engine, self._engine = self._engine, None
        replicas, self._replicas = self._replicas, ()
        if engine is not None:
            await engine.aclose()
        else:
            await asyncio.gather(*(replica.engine.aclose() for replica in replicas))

    async def _met(self) -> Replicas:
        replicas = await self._connected()
        try:
            info = await introduce(replicas)
        except EngineError:
            # A connection remembers the model that it met, and what was wrong with it may be put right.
            await self._let_go()
            raise
        if self._closed:
            # While they were met: nobody would end what looks after them.
            raise EngineUnavailable("The replicas are no longer connected.", "Ask again.")
        return Replicas(replicas, info)

    async def _connected(self) -> tuple[Replica, ...]:
        if not self._replicas:
            await load_client()
            found = [await asyncio.to_thread(keys.key_for, alone(self._settings, url)) for url in self._urls]
            self._replicas = self._replicas or tuple(
                Replica(url, self._connect(url, key, self._settings.model), self._looks)
                for url, key in zip(self._urls, found, strict=True)
            )
        return self._replicas


def may_charge(settings: EngineSettings) -> bool:
    """Whether somebody may charge for what the engine reads: one of its servers is neither on this machine nor in the
    user's own network. Its address says nothing of a price, and an unknown one is taken for one that has a price."""
    try:
        return not all(read_address(url).private for url in addresses(settings))
    except EngineUnavailable:
        return True


def alone(settings: EngineSettings, url: str) -> EngineSettings:
    """The settings for one of their servers."""
    return settings.model_copy(update={"url": url, "urls": ()})


def _not_ours(which: str) -> EngineUnavailable:
    return EngineUnavailable(f"{which} not started by Understudy.", "Stop it where it runs.")
