"""One of several replicas, and whether it is to be asked.

A request that fails there says so at once; that it is well again is found out in the background, by looks at its
health that become ever rarer while they fail. It takes several good looks to come back, and more of them for a replica
that falls again soon, so that one that flaps does not take its workspaces along every time.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import Enum

from understudy.core.errors import EngineBroken, EngineError, EngineUnavailable
from understudy.engine.address import without_credentials
from understudy.engine.base import Engine, Health, ModelInfo

LOG_REMEDY = "The server's own log says more."
SILENT = "does not answer"


class Standing(Enum):
    """`DOUBTED`: it refused or was silent, and until the next look others go before it."""

    UP = "up"
    DOUBTED = "doubted"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Looks:
    """When a replica's health is looked at; all times in seconds. Each pause is varied by a fifth, so that the editors
    of a team do not all look at the same moment."""

    waiting: float = 5.0
    """Between looks at a replica at which a request waits or was given up. One that nobody asks is not looked at."""

    first: float = 0.5
    """Until the second look at one that is out; twice as long for each one after that."""

    longest: float = 15.0
    returning: float = 1.0
    """Between the good looks that bring it back."""

    good: int = 2
    most_good: int = 16
    """How many good looks in a row it takes; twice as many after each fall within `calm` of a return."""

    calm: float = 60.0


class Replica:
    """One server. `problem` is a sentence that says why it is out; a new one is out until `introduce` finds it well."""

    def __init__(self, url: str, engine: Engine, looks: Looks) -> None:
        self.where = without_credentials(url)
        self.engine = engine
        self.standing = Standing.OUT
        self.problem = self._says(SILENT)
        self._looks = looks
        self._wake = asyncio.Event()
        self._waits: set[asyncio.Timeout] = set()
        self._given_up = False
        self._bad = 0
        self._well = 0
        self._needed = looks.good
        self._returned = float("-inf")

    async def introduce(self) -> ModelInfo:
        """The model that it serves; from then on it is up. Raises `EngineError`, and is out with that problem."""
        try:
            if await self.engine.health() is Health.DOWN:
                raise EngineUnavailable(self._says(SILENT), "Start it, or correct `engine.urls`.")
            info = await self.engine.model()
        except EngineError as error:
            self.fall(error.problem)
            raise
        self.standing, self.problem = Standing.UP, ""
        return info

    @asynccontextmanager
    async def waited_for(self) -> AsyncIterator[None]:
        """Within this, the caller waits for the replica. Raises `EngineBroken` once that is found dead: a server whose
        network has gone never closes its connections."""
        try:
            async with asyncio.timeout(None) as wait:
                self._waits.add(wait)
                try:
                    yield
                except BaseException:
                    # Whoever types on gives up a request long before it fails: that is all there is to see.
                    self._given_up = True
                    raise
                finally:
                    self._waits.discard(wait)
        except TimeoutError as error:
            if not wait.expired():
                raise
            raise EngineBroken(self._says(f"{SILENT} any more"), LOG_REMEDY) from error

    def doubt(self) -> None:
        """It did not take a request: look at it now, and ask others first until then."""
        if self.standing is Standing.UP:
            self.standing = Standing.DOUBTED
            self._wake.set()

    def fall(self, problem: str) -> None:
        """It is not to be asked until it was found well for a while."""
        self.problem = problem
        if self.standing is not Standing.OUT:
            soon = asyncio.get_running_loop().time() - self._returned < self._looks.calm
            self._needed = min(2 * self._needed, self._looks.most_good) if soon else self._looks.good
            self._bad = self._well = 0
            self._wake.set()
        self.standing = Standing.OUT

    def trust(self) -> None:
        """Ask it again if the last look was good, without waiting for more of them."""
        if self._well:
            self._come_back()

    async def watch(self, model: str) -> None:
        """Look at it whenever that is due, for ever; `model`: what it has to serve when it comes back."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause()):
                    await self._wake.wait()
            if self._wake.is_set() or self.standing is not Standing.UP or self._waits or self._given_up:
                self._wake.clear()
                self._given_up = False
                await self.look(model)

    async def look(self, model: str) -> None:
        """See how it is."""
        health = await self.engine.health()
        if health is Health.STARTING and self.standing is not Standing.OUT:
            # Alive, yet too busy to say more: others first, and what runs there goes on.
            self.standing = Standing.DOUBTED
            return
        if health is not Health.READY:
            self._found_out(self._says(SILENT if health is Health.DOWN else "is starting"))
        elif self.standing is not Standing.UP and (problem := await self._other_model(model)):
            self._found_out(problem)
        else:
            self._found_well()

    def _says(self, what: str) -> str:
        return f"The engine at {self.where} {what}."

    def _pause(self) -> float:
        if self.standing is not Standing.OUT:
            pause = self._looks.waiting
        elif self._well:
            pause = self._looks.returning
        else:
            pause = min(self._looks.first * 2.0 ** min(max(self._bad - 1, 0), 16), self._looks.longest)
        return pause * random.uniform(0.8, 1.2)

    async def _other_model(self, model: str) -> str:
        """What is wrong with what it serves: it may have been restarted with something else, or another key."""
        try:
            names = await self.engine.models()
        except EngineError as error:
            return error.problem
        return "" if model in names else self._says(f"serves {', '.join(names) or 'nothing'} and not {model}")

    def _found_out(self, problem: str) -> None:
        self.fall(problem)
        self._well = 0
        self._bad += 1
        if self._bad > 1:
            # One look may fail by chance; a second tells that what still waits there waits in vain.
            for wait in tuple(self._waits):
                if not wait.expired():  # or it is letting go already
                    wait.reschedule(asyncio.get_running_loop().time())

    def _found_well(self) -> None:
        self._bad = 0
        if self.standing is Standing.OUT:
            self._well += 1
            if self._well >= self._needed:
                self._come_back()
        else:
            self.standing = Standing.UP

    def _come_back(self) -> None:
        self._returned = asyncio.get_running_loop().time()
        self.standing, self.problem = Standing.UP, ""
