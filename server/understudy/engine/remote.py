"""Engines that somebody else runs, behind URLs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from understudy.core.errors import EngineUnavailable
from understudy.core.settings import EngineSettings
from understudy.engine import keys
from understudy.engine.address import without_credentials
from understudy.engine.base import Choice, Engine, Health, Progress
from understudy.engine.connect import Connect, connect_http, load_client


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
        raise EngineUnavailable(
            f"The engine at {without_credentials(self._url)} was not started by Understudy.", "Stop it where it runs."
        )

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
