"""Progress of something long, as the editor shows it: `$/progress`, where the client lets us create it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from contextlib import suppress

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from understudy.lsp.session import Session

TITLE = "Understudy"
ANSWER_SECONDS = 5.0
_numbers = itertools.count(1)


class Bar:
    """One bar. It is made at the first report, or `after` so many seconds if it is not at its end by then; it begins
    and ends once. `cancel` is called when the user cancels it; without one they cannot. `measured`: it will be known
    how far it is; a bar that begins at 0 % and stays there looks stuck."""

    def __init__(
        self,
        session: Session,
        title: str = TITLE,
        *,
        cancel: Callable[[], object] | None = None,
        after: float = 0.0,
        measured: bool = True,
    ) -> None:
        self._session = session
        self._title = title
        self._cancel = cancel
        self._after = after
        self._measured = measured
        self._token = f"understudy-{next(_numbers)}"
        self._latest: tuple[str, int | None] = "", None
        self._creating: asyncio.Task[None] | None = None
        self._begun = False
        self._ended = False

    def report(self, message: str, percent: int | None = None) -> None:
        """Show how far it is."""
        self._latest = message, percent
        if not self._session.client.progress or self._ended:
            return
        if self._begun:
            self._send(types.WorkDoneProgressReport(message=message, percentage=percent))
        elif self._creating is None:
            self._creating = self._session.spawn("progress", self._create())

    def end(self) -> None:
        """Take the bar away, however it ended."""
        if self._begun and not self._ended:
            self._send(types.WorkDoneProgressEnd())
        self._ended = True
        self._session.cancels.pop(self._token, None)

    async def _create(self) -> None:
        if self._after:
            await asyncio.sleep(self._after)
            if self._ended:
                return
        with suppress(JsonRpcException, TimeoutError):
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._session.peer.send_request_async(
                    types.WINDOW_WORK_DONE_PROGRESS_CREATE, types.WorkDoneProgressCreateParams(token=self._token)
                )
            self._begin()

    def _begin(self) -> None:
        self._begun = True
        if self._cancel is not None and not self._ended:
            self._session.cancels[self._token] = self._cancel
        message, percent = self._latest
        self._send(
            types.WorkDoneProgressBegin(
                title=self._title,
                cancellable=self._cancel is not None,
                message=message,
                percentage=percent or 0 if self._measured else None,
            )
        )
        if self._ended:  # meanwhile; Helix shows a bar that was made until it has begun and ended
            self._send(types.WorkDoneProgressEnd())

    def _send(
        self, value: types.WorkDoneProgressBegin | types.WorkDoneProgressReport | types.WorkDoneProgressEnd
    ) -> None:
        self._session.peer.notify(types.PROGRESS, types.ProgressParams(token=self._token, value=value))
