"""The engine of this machine: adopted where one runs, else started; shared by all front doors of the user."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from understudy.core.errors import EngineUnavailable, StartFailed
from understudy.core.lock import Lock
from understudy.core.settings import EngineSettings
from understudy.engine import environment, supervisor
from understudy.engine.base import Choice, Engine, Progress
from understudy.engine.checkpoint import find_checkpoint
from understudy.engine.connect import Connect, connect_http, load_client
from understudy.engine.launch import vllm_launch
from understudy.engine.order import Order, Pace
from understudy.engine.state import EngineFolder, Status, engine_folder, engine_key, read_status, register

POLL_SECONDS = 0.2
INSIDE = Path(__file__).parent / "inside"


def order_for(settings: EngineSettings, folder: EngineFolder) -> Order:
    """How to start the local engine that the settings describe. Raises `EngineError`: not installed, no such model."""
    # The catalogue is for a start alone: a server that adopts an engine never loads it.
    from understudy.engine.plan.arguments import of_checkpoint
    from understudy.engine.plan.hardware import visible
    from understudy.engine.plan.nvml import read_gpus

    checkpoint = find_checkpoint(settings.model)
    installed = environment.find_installed()
    gpus = visible(read_gpus(), os.environ.get("CUDA_VISIBLE_DEVICES")) if installed.gpu else ()
    serving = of_checkpoint(checkpoint.model, gpus, settings.arguments)
    launch = vllm_launch(
        installed.python,
        checkpoint,
        gpu=installed.gpu,
        row=serving.arguments,
        variables=serving.environment,
        extra=settings.arguments,
        inside=INSIDE,
    )
    return Order(folder, launch, Pace(idle=settings.idle_minutes * 60, ready=settings.start_seconds), gpu=installed.gpu)


class LocalSource:
    """The engine of this machine, shared with every other front door of the user and kept by its keeper. `ledger`: the
    statistics file to which the keeper of an engine that is started here adds the GPUs' energy."""

    def __init__(
        self,
        settings: EngineSettings,
        *,
        who: str = "editor",
        folder: EngineFolder | None = None,
        make_order: Callable[[EngineSettings, EngineFolder], Order] = order_for,
        connect: Connect = connect_http,
        ledger: Path | None = None,
    ) -> None:
        self._settings = settings
        self._who = who
        self._folder = folder
        self._make_order = make_order
        self._connect = connect
        self._ledger = ledger
        self._began = time.time()
        self._lease: Lock | None = None
        self._engine: Engine | None = None
        self._url = ""
        self._retired: list[Engine] = []
        self._starting = asyncio.Lock()

    def current(self) -> Engine | None:
        """The engine, if it is ready now; after a restart at another port, a connection to that."""
        if self._folder is None or self._lease is None:
            return None
        status = read_status(self._folder)
        if status is None or status.phase != "ready":
            return None
        if self._engine is None or self._url != status.url:
            if self._engine is not None:
                self._retired.append(self._engine)
            self._engine, self._url = self._connect(status.url, engine_key(self._folder), None), status.url
        return self._engine

    async def ensure(self, report: Callable[[Progress], None]) -> Engine:
        """Adopt or start the engine and wait until it is ready, saying how far it is. Raises `EngineError`."""
        async with self._starting:
            await self._close_retired()
            if engine := self.current():
                return engine
            # Before it counts as a user, for from then on `current` connects.
            await load_client()
            folder = self._register()
            await asyncio.to_thread(self._adopt_or_start, folder)
            return await self._wait(folder, report)

    async def choices(self) -> tuple[Choice, ...]:
        """The bundled model, what is on this machine, and what would be downloaded."""
        # Loads the catalogue, which a server that only completes does without.
        from understudy.engine.choices import local_choices

        return await asyncio.to_thread(local_choices)

    async def stop(self) -> None:
        """End the engine of this machine."""
        await asyncio.to_thread(supervisor.stop, self._folder or engine_folder())

    async def aclose(self) -> None:
        """No longer count as a user of the engine."""
        if self._lease is not None:
            self._lease.release(remove=True)
            self._lease = None
        if self._engine is not None:
            self._retired.append(self._engine)
            self._engine = None
        await self._close_retired()

    def _register(self) -> EngineFolder:
        try:
            folder = self._folder = self._folder or engine_folder()
            if self._lease is None:
                self._lease = register(folder, self._who)
        except OSError as error:
            raise StartFailed(
                f"The folder for the engine's state cannot be used ({error.strerror}).",
                "Make room or give write permission there.",
            ) from error
        return folder

    def _adopt_or_start(self, folder: EngineFolder) -> None:
        if not self._settings.start:
            status = read_status(folder)
            if status is None or status.phase in ("stopped", "failed"):
                raise EngineUnavailable("No engine is running.", "Start one with `understudy engine start`.")
            return
        wanted = find_checkpoint(self._settings.model).model if self._settings.model else None
        supervisor.adopt_or_start(folder, wanted, lambda: self._order(folder), began=self._began)

    def _order(self, folder: EngineFolder) -> Order:
        return replace(self._make_order(self._settings, folder), ledger=self._ledger)

    async def _wait(self, folder: EngineFolder, report: Callable[[Progress], None]) -> Engine:
        shown: Progress | None = None
        while True:
            status = await asyncio.to_thread(read_status, folder)
            _raise_if_ended(status)
            if engine := self.current():
                return engine
            progress = Progress(status.message, status.percent) if status else Progress("Starting the engine")
            if progress != shown:
                report(shown := progress)
            await asyncio.sleep(POLL_SECONDS)

    async def _close_retired(self) -> None:
        while self._retired:
            await self._retired.pop().aclose()


def _raise_if_ended(status: Status | None) -> None:
    if status and status.phase == "failed":
        raise StartFailed(status.problem, status.remedy)
    if status and status.phase == "stopped":
        raise EngineUnavailable("The engine was stopped.", "Start it with `understudy engine start`.")
