"""An editor that keeps one text of its own, applies edits to it as it pleases, and says of that what it pleases.

It is the other side of a `Session` without a wire: what it hears and what it tells is in the order in which it happens.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from lsprotocol import types
from lsprotocol.converters import get_converter
from pygls.exceptions import JsonRpcException

from understudy.lsp.client import Client, Edits
from understudy.lsp.handlers import synchronisation
from understudy.lsp.session import Session
from understudy.lsp.sync import Buffer, Change

URI = "file:///project/a.py"
VERSIONED = Client(edits=Edits(applied=True, versioned=True))

Does = Literal["all", "nothing", "first"]
Says = Literal["applied", "not applied", "error", "silence", "nonsense"]


@dataclass
class Editor:
    """`does`: which of the edits it applies. `says`: how it answers. `early`: before it tells of the change, as Eglot
    does. `types`: text that its user puts at the beginning of the file, right before it gets an edit, and
    `after`: right after it. `checks`: it applies nothing of another version, and says so with `says`."""

    text: str
    does: Does = "all"
    says: Says = "applied"
    early: bool = False
    types: list[str] = field(default_factory=list)
    after: str = ""
    checks: bool = True
    quiet: bool = False
    version: int = 1
    sent: list[types.ApplyWorkspaceEditParams] = field(default_factory=list)
    told: list[tuple[str, Any]] = field(default_factory=list)

    def session(self, client: Client = VERSIONED) -> Session:
        """A conversation in which the text is open."""
        nothing: Any = None
        self.talk = Session(self, nothing, asyncio.get_running_loop().create_future(), client=client)
        opened = types.TextDocumentItem(URI, types.LanguageKind.Python, self.version, self.text)
        synchronisation.did_open(self.talk, types.DidOpenTextDocumentParams(opened))
        return self.talk

    def notify(self, method: str, params: Any) -> None:
        self.told.append((method, params))

    async def cancel_all(self) -> None: ...

    def send_request_async(self, method: str, params: Any) -> asyncio.Future[Any]:
        assert method == types.WORKSPACE_APPLY_EDIT
        self.sent.append(params)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(self._take, params, answer)
        return answer

    def type(self, text: str) -> None:
        """The user types at the beginning of the file."""
        self._become(text + self.text)

    def _take(self, params: types.ApplyWorkspaceEditParams, answer: asyncio.Future[Any]) -> None:
        if self.types:
            self.type(self.types.pop(0))
        if self.early:
            self._answer(answer)
            asyncio.get_running_loop().call_later(0.05, self._apply, params.edit)
        else:
            self._apply(params.edit)
            self._answer(answer)

    def _apply(self, edit: types.WorkspaceEdit) -> None:
        (change,) = edit.document_changes or ()
        assert isinstance(change, types.TextDocumentEdit)
        if self.checks and change.text_document.version != self.version:
            return
        edits = {"all": change.edits, "nothing": [], "first": change.edits[:1]}[self.does]
        buffer = Buffer(URI, 1, "python", self.text, VERSIONED.encoding)
        for one in reversed(edits):
            assert isinstance(one, types.TextEdit | types.AnnotatedTextEdit)
            buffer.change(2, [Change(one.new_text, one.range)])
        if edits:
            self._become(buffer.document().text)
        if self.after:
            self.type(self.after)

    def _become(self, text: str) -> None:
        self.text = text
        self.version += 1
        if not self.quiet:
            whole = types.TextDocumentContentChangeWholeDocument(text)
            named = types.VersionedTextDocumentIdentifier(self.version, URI)
            synchronisation.did_change(self.talk, types.DidChangeTextDocumentParams(named, [whole]))

    def _answer(self, answer: asyncio.Future[Any]) -> None:
        says: dict[Says, Callable[[], None]] = {
            "applied": lambda: answer.set_result({"applied": True}),
            "not applied": lambda: answer.set_result({"applied": False, "failureReason": "not in the mood"}),
            "error": lambda: answer.set_exception(JsonRpcException("Internal error")),
            "nonsense": lambda: answer.set_result("yes"),
            "silence": lambda: None,
        }
        if not answer.done():
            says[self.says]()


def plain(value: Any) -> Any:
    """As it goes over the wire."""
    return get_converter().unstructure(value)
