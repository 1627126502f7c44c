"""JSON-RPC on top of pygls: which message goes where, and that every request gets exactly one reply.

pygls carries our own requests and notifications. Taking a message in is done here, since pygls 2.1.1 leaves a request
unanswered that it cannot parse, serves requests before `initialize`, keeps the future of every notification, lets a
cancelled command run on, shows its errors as pop-ups and sends tracebacks to the client.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
from collections.abc import Hashable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Any, cast

import cattrs
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.protocol.json_rpc import JsonRPCProtocol
from pygls.server import JsonRPCServer

from understudy.lsp import guard
from understudy.lsp.table import Notification, Request, Row, Table
from understudy.lsp.wire import frame

log = logging.getLogger(__name__)

Id = str | int
INVALID_REQUEST = types.ErrorCodes.InvalidRequest
CANCELLED = types.LSPErrorCodes.RequestCancelled


class Phase(Enum):
    """How far the conversation is (LSP 3.18, "Server lifecycle")."""

    NEW = "new"
    RUNNING = "running"
    SHUT_DOWN = "shut down"


@dataclass(frozen=True, slots=True)
class Call:
    """A request that is being answered. `key`: what it must not share with a newer one."""

    task: asyncio.Future[Any]
    key: Hashable


class Protocol(JsonRPCProtocol):
    """One conversation with one client. `serve` comes before the first message."""

    def __init__(self, server: JsonRPCServer, converter: cattrs.Converter) -> None:
        super().__init__(server, converter)
        self.phase = Phase.NEW
        self._table: Table = {}
        self._session: Any = None
        self._calls: dict[Id, Call] = {}
        self._leaving: set[asyncio.Future[Any]] = set()

    def serve(self, rows: Table, session: Any) -> None:
        """Answer by `rows`, whose functions are handed `session`."""
        self._table, self._session = rows, session

    def receive(self, body: bytes) -> None:
        """Take in one message as it came."""
        try:
            message = json.loads(body)
        except (ValueError, RecursionError):
            log.error("Cannot read a message of %d bytes", len(body))
            self._refuse(None, types.ErrorCodes.ParseError, "The message is not JSON.")
            return
        self.handle_message(message)

    def handle_message(self, message: Any) -> None:
        """Take in one message as plain JSON."""
        if not isinstance(message, dict):
            self._refuse(None, INVALID_REQUEST, "A message is one JSON object.")
        elif isinstance(method := message.get("method"), str):
            if "id" in message:
                self._take_request(message["id"], method, message.get("params"))
            else:
                self._take_notification(method, message.get("params"))
        elif "result" in message or "error" in message:
            self._take_reply(message)
        else:
            self._refuse(None, INVALID_REQUEST, "A message has a method, a result or an error.")

    def cancel(self, msg_id: Id) -> None:
        """Answer a request as cancelled now, however long its task takes to let go."""
        call = self._calls.pop(msg_id, None)
        if call is not None:
            self._keep(call.task)
            call.task.cancel()
            self._refuse(msg_id, CANCELLED, "The request was cancelled.")

    async def cancel_all(self) -> None:
        """Cancel everything that is under way, save for the request that asks for it, and wait until it has let go."""
        here = asyncio.current_task()
        for msg_id in [msg_id for msg_id, call in self._calls.items() if call.task is not here]:
            self.cancel(msg_id)
        await asyncio.gather(*self._leaving - {here}, return_exceptions=True)

    def _take_request(self, msg_id: Any, method: str, params: Any) -> None:
        if not isinstance(msg_id, Id) or isinstance(msg_id, bool) or msg_id in self._calls:
            self._refuse(None, INVALID_REQUEST, "A request has an id of its own, a string or a number.")
        elif self.phase is Phase.NEW and method != types.INITIALIZE:
            self._refuse(msg_id, types.ErrorCodes.ServerNotInitialized, "The first request is `initialize`.")
        elif self.phase is Phase.SHUT_DOWN or (self.phase is Phase.RUNNING and method == types.INITIALIZE):
            self._refuse(msg_id, INVALID_REQUEST, f"`{method}` comes too late.")
        else:
            self.phase = Phase.SHUT_DOWN if method == types.SHUTDOWN else Phase.RUNNING
            self._run(msg_id, method, params)

    def _take_notification(self, method: str, params: Any) -> None:
        if method == types.CANCEL_REQUEST:
            msg_id = params.get("id") if isinstance(params, dict) else None
            if isinstance(msg_id, Id):
                self.cancel(msg_id)
        elif self.phase is Phase.RUNNING or method == types.EXIT:
            self._run(None, method, params)

    def _take_reply(self, message: dict[str, Any]) -> None:
        msg_id = message.get("id")
        known = isinstance(msg_id, str) and msg_id in self._request_futures
        if not isinstance(msg_id, str) or not known:
            log.info("Ignored a reply to nothing that was asked")
            return
        self._result_types.pop(msg_id, None)
        waiting: Future[Any] = self._request_futures.pop(msg_id)
        if waiting.done():
            return  # whoever asked has given up waiting
        if (error := message.get("error")) is None:
            waiting.set_result(message.get("result"))
        else:
            waiting.set_exception(JsonRpcException(str(error.get("message") if isinstance(error, dict) else error)))

    def _run(self, msg_id: Id | None, method: str, params: Any) -> None:
        """Find the row and run it. Without `msg_id` nobody waits for an answer, whatever the method."""
        row = self._table.get(method)
        if row is None:
            if msg_id is not None:
                self._refuse(msg_id, types.ErrorCodes.MethodNotFound, f"`{method}` is not known here.")
            return
        try:
            arguments = guard.parse(method, lambda: self._arguments(row, params))
        except guard.Broken:
            if msg_id is not None:
                self._refuse(msg_id, types.ErrorCodes.InvalidParams, f"The parameters of `{method}` are not LSP's.")
            elif isinstance(row, Notification) and (unreadable := row.unreadable) is not None:
                with suppress(guard.Broken):
                    guard.run(method, lambda: unreadable(self._session, params))
            return
        self._begin(msg_id, row, arguments)

    def _arguments(self, row: Row, params: Any) -> Any:
        known = None if row.raw else types.METHOD_TO_TYPES.get(row.method)
        return params if known is None or known[2] is None else self._converter.structure(params, cast(Any, known[2]))

    def _begin(self, msg_id: Id | None, row: Row, arguments: Any) -> None:
        key = None
        if isinstance(row, Request) and row.alone is not None:
            key = row.method, row.alone(arguments)
            for older in [older for older, call in self._calls.items() if call.key == key]:
                self.cancel(older)
        try:
            answer = guard.run(row.method, lambda: row.handle(self._session, arguments))
        except (guard.Broken, guard.Refused) as failure:
            self._fail(msg_id, row, failure)
            return
        if not inspect.isawaitable(answer):
            self._reply(msg_id, row, answer)
            return
        task = guard.task(row.method, answer)
        if msg_id is None:
            self._keep(task)
        else:
            self._calls[msg_id] = Call(task, key)
            task.add_done_callback(lambda task: self._finish(msg_id, row, task))

    def _finish(self, msg_id: Id, row: Row, task: asyncio.Future[Any]) -> None:
        call = self._calls.get(msg_id)
        if call is None or call.task is not task:
            return  # it was answered when it was cancelled
        del self._calls[msg_id]
        if task.cancelled():
            self._refuse(msg_id, CANCELLED, "The request was cancelled.")
        elif (failure := task.exception()) is not None:
            self._fail(msg_id, row, failure)
        else:
            self._reply(msg_id, row, task.result())

    def _keep(self, task: asyncio.Future[Any]) -> None:
        """Hold a task that nobody answers for until it is done, and take note of how it ended."""
        self._leaving.add(task)
        task.add_done_callback(_forget(self._leaving))

    def _fail(self, msg_id: Id | None, row: Row, failure: BaseException) -> None:
        if msg_id is None:
            return
        if isinstance(failure, guard.Refused):
            self._refuse(msg_id, failure.code, failure.message)
        elif isinstance(row, Request) and row.method != types.INITIALIZE:
            self._reply(msg_id, row, row.nothing())
        else:
            self._refuse(msg_id, types.ErrorCodes.InternalError, f"`{row.method}` failed; the server's log says why.")

    def _reply(self, msg_id: Id | None, row: Row, result: Any) -> None:
        if msg_id is None:
            return
        try:
            guard.run(row.method, lambda: self._send_data({"jsonrpc": self.VERSION, "id": msg_id, "result": result}))
        except guard.Broken:
            self._refuse(msg_id, types.ErrorCodes.InternalError, f"`{row.method}` has an answer that is not JSON.")

    def _refuse(self, msg_id: Id | None, code: int, message: str) -> None:
        error = {"code": int(code), "message": message}
        self._send_data({"jsonrpc": self.VERSION, "id": msg_id, "error": error})

    def _send_data(self, data: Any) -> None:
        """Send a reply, or what pygls makes of `notify` and `send_request`."""
        assert self.writer is not None, "the conversation has a wire"
        self.writer.write(frame(json.dumps(self._converter.unstructure(data)).encode()))


def _forget(tasks: set[asyncio.Future[Any]]) -> Any:
    def forget(task: asyncio.Future[Any]) -> None:
        tasks.discard(task)
        if not task.cancelled():
            task.exception()  # it is in the log; asking for it keeps asyncio from saying so again

    return forget
