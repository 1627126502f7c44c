"""One conversation: what is open, what the client can do, and the services behind the front door."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from lsprotocol import types

from understudy.core.statistics import APPLIED, Fixed
from understudy.core.tally import Figures
from understudy.core.text import Document
from understudy.features.codeaction.outcome import Job
from understudy.lsp import copilot, ext, guard
from understudy.lsp.client import Client
from understudy.lsp.convert import Encoding
from understudy.lsp.listings import Listings
from understudy.lsp.sync import Buffers

if TYPE_CHECKING:  # the settings behind it load pydantic, which is for after the reply to `initialize`
    from understudy.lsp.services import BuildServices, Indexing, Services


class Peer(Protocol):
    """The client, as something that can be told and asked (`lsp.protocol.Protocol`)."""

    def notify(self, method: str, params: Any) -> None:
        """Tell the client."""
        ...

    def send_request_async(self, method: str, params: Any) -> asyncio.Future[Any]:
        """Ask the client; the answer is plain JSON."""
        ...

    async def cancel_all(self) -> None:
        """Cancel every request that is under way but the one that asks for it."""
        ...


@dataclass(slots=True)
class Reading:
    """How far the workspace's files are known. `stopped`: by the user, for this conversation. `watched`: the client
    tells of files that change. `words` is what there is to say of it, `key` when there was one last."""

    indexing: Indexing | None = None
    task: asyncio.Task[None] | None = None
    stopped: bool = False
    watched: bool = False
    words: str = ""
    key: float = 0.0


@dataclass(frozen=True, eq=False, slots=True)
class Working:
    """A code action that is under way."""

    job: Job
    task: asyncio.Task[None]


@dataclass(slots=True)
class Session:
    """What the handlers work on. `ended` gets the process's exit status when the conversation is over.

    Settings come from the client in three ways: its `section`, as it was answered or `pushed`, and what the user has
    `chosen` with commands, for this conversation alone. `asked` counts how often the client was asked. `closing` are
    services that gave way to others. `snoozed_until` is a time of the event loop's clock. `cancels`: what is called
    when the user cancels a progress, by its token. `listeners` are called after every change of a text. `listings` are
    the last menus of code actions, `working` those actions that are under way, and whoever has an edit applied holds
    `applying`. `offered` and `panel`, which is being filled, are for plugins that
    were written for Copilot.
    """

    peer: Peer
    build: BuildServices
    ended: asyncio.Future[int]
    client: Client = field(default_factory=Client)
    buffers: Buffers = field(default_factory=lambda: Buffers(Encoding.UTF16))
    roots: tuple[str, ...] = ()
    built_for: tuple[str, ...] = ()
    section: Mapping[str, Any] = field(default_factory=dict)
    pushed: Mapping[str, Any] = field(default_factory=dict)
    chosen: dict[str, dict[str, Any]] = field(default_factory=dict)
    services: Services | None = None
    engine_task: asyncio.Task[None] | None = None
    engine_doubted: asyncio.Event = field(default_factory=asyncio.Event)
    engine_stopped: bool = False
    snoozed_until: float = 0.0
    waking: asyncio.Task[None] | None = None
    configuring: asyncio.Lock = field(default_factory=asyncio.Lock)
    asked: int = 0
    closing: set[asyncio.Task[None]] = field(default_factory=set)
    reading: Reading = field(default_factory=Reading)
    cancels: dict[str, Callable[[], object]] = field(default_factory=dict)
    listeners: set[Callable[[], None]] = field(default_factory=set)
    listings: Listings = field(default_factory=Listings)
    working: set[Working] = field(default_factory=set)
    applying: asyncio.Lock = field(default_factory=asyncio.Lock)
    status: ext.Status = field(default_factory=lambda: ext.Status("starting"))
    _said: tuple[ext.Status, str, float] | None = None
    offered: copilot.Memory = field(default_factory=copilot.Memory)
    panel: asyncio.Task[None] | None = None
    shut_down: bool = False
    _told: set[str] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def spawn(self, what: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Do `work` in the background, guarded; it is cancelled with the conversation."""
        task = guard.task(what, work)
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        return task

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # it is in the log; asking for it keeps asyncio from saying so again

    async def end_tasks(self) -> None:
        """Cancel what is done in the background and wait until it has let go."""
        tasks = self._tasks - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def announce(self, before: Document | None, after: Document | None) -> None:
        """Tell whoever needs to know that a document was opened, changed or closed."""
        if self.services is not None:
            self.services.announce(before, after)
            taken = None if before is None or after is None else self.listings.taken(after)
            if taken is not None and after is not None:
                self.services.recorder.record(Fixed(taken.offer.job.action, APPLIED, after.language, 0.0))
        for listener in tuple(self.listeners):
            listener()

    def tell(self, message: str, kind: types.MessageType = types.MessageType.Warning) -> None:
        """Show the user a message, once in the conversation."""
        if message not in self._told:
            self._told.add(message)
            self.say(message, kind)

    def confirm(self, message: str) -> None:
        """Say what a command did, to a client that shows neither its result nor the status."""
        if not self.client.status:
            self.say(message, types.MessageType.Info)

    def say(self, message: str, kind: types.MessageType) -> None:
        """Show the user a message."""
        self.peer.notify(
            types.WINDOW_SHOW_MESSAGE, types.ShowMessageParams(type=kind, message=f"Understudy: {message}")
        )

    def snoozed(self) -> float:
        """The seconds for which the user still wants to be left alone."""
        return max(0.0, self.snoozed_until - asyncio.get_running_loop().time())

    def standing(self) -> ext.Status:
        """How things stand for the user: as the engine does, unless completions are paused, with what there is to say
        of the workspace's files."""
        left = self.snoozed()
        status = replace(self.status, files=self.reading.words)
        if not left or status.state == "off":
            return status
        minutes = math.ceil(left / 60)
        message = f"Completions are paused for {minutes} minute{'' if minutes == 1 else 's'}."
        return replace(status, state="paused", message=message, paused_seconds=math.ceil(left))

    def status_json(self) -> dict[str, Any]:
        """How things stand, as the client reads it."""
        figures = Figures() if self.services is None else self.services.figures()
        return ext.status_json(self.standing(), figures)

    def show_status(self, status: ext.Status | None = None) -> None:
        """Note how the engine stands, if that is new, and say how things stand to a client that wants to know."""
        self.status = status or self.status
        # Another pause of the same length is news as well: the client counts the time down by itself.
        if self._said == (said := (self.status, self.reading.words, self.snoozed_until)):
            return
        self._said = said
        standing = self.standing()
        if self.client.status:
            self.peer.notify(ext.STATUS, self.status_json())
        if self.client.copilot:
            for method in copilot.STATUS_METHODS:
                self.peer.notify(method, copilot.status_json(standing))
