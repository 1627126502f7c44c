"""Progress of a long start, as the editor shows it: `$/progress` where the client lets us create it, and the status."""

from __future__ import annotations

import asyncio
import itertools
from contextlib import suppress

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from understudy.engine.base import Progress
from understudy.lsp.ext import Status
from understudy.lsp.session import Session

TITLE = "Understudy"
ANSWER_SECONDS = 5.0
_numbers = itertools.count(1)


class StartProgress:
    """The progress of one start of the engine. The bar is made at the first report."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._token = f"understudy-{next(_numbers)}"
        self._latest = Progress("")
        self._creating: asyncio.Task[None] | None = None
        self._begun = False
        self._ended = False

    def report(self, progress: Progress) -> None:
        """Show how far it is."""
        self._latest = progress
        self._session.show_status(Status("starting", progress.message, progress.percent))
        if not self._session.client.progress:
            return
        if self._begun:
            self._send(types.WorkDoneProgressReport(message=progress.message, percentage=progress.percent))
        elif self._creating is None:
            self._creating = self._session.spawn("progress", self._create())

    def end(self) -> None:
        """Take the bar away, however the start ended."""
        self._ended = True
        if self._begun:
            self._send(types.WorkDoneProgressEnd())

    async def _create(self) -> None:
        with suppress(JsonRpcException, TimeoutError):
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._session.peer.send_request_async(
                    types.WINDOW_WORK_DONE_PROGRESS_CREATE, types.WorkDoneProgressCreateParams(token=self._token)
                )
            self._begun = True
            latest = self._latest
            self._send(
                types.WorkDoneProgressBegin(
                    title=TITLE, cancellable=False, message=latest.message, percentage=latest.percent or 0
                )
            )
            if self._ended:  # meanwhile; Helix shows a bar that was made until it has begun and ended
                self._send(types.WorkDoneProgressEnd())

    def _send(
        self, value: types.WorkDoneProgressBegin | types.WorkDoneProgressReport | types.WorkDoneProgressEnd
    ) -> None:
        self._session.peer.notify(types.PROGRESS, types.ProgressParams(token=self._token, value=value))
