"""pytest-lsp's client in the part of one editor: it asks, accepts and reports as that editor does, and is recorded."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from conformity import ALLOWED, Conversation, Texts, read
from lsprotocol import types
from lsprotocol.converters import get_converter
from pygls.exceptions import JsonRpcException
from pytest_lsp import ClientServerConfig, LanguageClient
from pytest_lsp.checks import check_result_against_client_capabilities
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features
from wire_client import FAKE_SERVER

HERE = Path(__file__).parent
RECORDER = str(HERE / "record.py")
Result = TypeVar("Result")
CUSTOM = [method for method in ALLOWED if method not in types.METHOD_TO_TYPES]


@dataclass(frozen=True, slots=True)
class Part:
    """An editor: the file with its `initialize`, the method by which it asks, and by hand if that is another; how it
    says that it accepted: it runs the item's `command`, runs it as a `notification`, says so by `uuid`, or is `silent`.
    """

    name: str
    asks: str = "textDocument/inlineCompletion"
    by_hand: str = ""
    accepts: str = "command"

    @property
    def said(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads((HERE / "clients" / f"{self.name.partition(',')[0]}.json").read_text())
        return said

    @property
    def answers(self) -> bool:
        """Whether it can be asked for its settings."""
        return bool(self.said["capabilities"].get("workspace", {}).get("configuration"))

    @property
    def copilot(self) -> bool:
        return "editorPluginInfo" in (self.said.get("initializationOptions") or {})


PARTS = (
    Part("neovim"),
    Part("vscode"),
    Part("lsp-mode"),
    Part("lsp4ij", accepts="silent"),
    Part("emacs", asks="textDocument/completion"),
    Part("helix", asks="textDocument/completion"),
    Part("sidekick", asks="textDocument/copilotInlineEdit"),
    Part("copilot.lua", asks="getCompletions", by_hand="getCompletionsCycling", accepts="uuid"),
    Part("copilot.vim", asks="getCompletions", by_hand="getCompletionsCycling", accepts="uuid"),
    Part("copilot.el"),
    Part("copilot.el, next edits", asks="textDocument/copilotInlineEdit", accepts="notification"),
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the editor would insert at `position`, and the item as it came."""

    text: str
    position: dict[str, int]
    item: dict[str, Any]


@dataclass(slots=True)
class Editor:
    """One editor at work, with one text open at a time. The cursor is where it was put, or behind what was typed."""

    part: Part
    client: LanguageClient
    tape: Path
    can: dict[str, Any] = field(default_factory=dict)
    uri: str = "file:///workspace/0%20a.py"
    version: int = 0
    cursor: tuple[int, int] = (0, 0)
    texts: Texts = field(default_factory=lambda: Texts("utf-16"))
    _begun: int = 0
    _waiting: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    @property
    def text(self) -> str:
        return self.texts.history[self.uri][-1]

    def begin_scene(self) -> None:
        """From now on it is another scene, with a text of its own."""
        self._begun = len(read(self.tape))
        self.uri = f"file:///workspace/{next(self._numbers)}%20a.py"

    def conversation(self, errors: frozenset[int] = frozenset(), *, popups: bool = False) -> Conversation:
        """What was said in this scene."""
        messages = read(self.tape)[self._begun :]
        return Conversation(self.part.said, self.can, messages, errors, popups)

    def open(self, text: str) -> None:
        self.version = 1
        document = types.TextDocumentItem(self.uri, "python", self.version, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(document))
        self.texts.history[self.uri] = [text]
        self.to_end()

    def to_end(self) -> None:
        last = self.text.split("\n")[-1]
        self.cursor = self.text.count("\n"), len(last.encode("utf-16-le")) // 2

    def to(self, line: int, character: int) -> None:
        self.cursor = line, character

    def type(self, text: str) -> None:
        """Insert at the cursor, which ends up behind it."""
        at = {"line": self.cursor[0], "character": self.cursor[1]}
        self._change({"range": {"start": at, "end": at}, "text": text})
        first, *more = text.split("\n")
        width = len((more[-1] if more else first).encode("utf-16-le")) // 2
        self.cursor = self.cursor[0] + len(more), width if more else self.cursor[1] + width

    def _change(self, change: dict[str, Any]) -> None:
        self.version += 1
        document = {"uri": self.uri, "version": self.version}
        params = {"textDocument": document, "contentChanges": [change]}
        self.client.text_document_did_change(get_converter().structure(params, types.DidChangeTextDocumentParams))
        self.texts.follow({"method": types.TEXT_DOCUMENT_DID_CHANGE, "params": params})

    def close(self) -> None:
        document = types.TextDocumentIdentifier(self.uri)
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(document))

    def send(self, method: str, params: Any) -> str:
        """Send a request; its id."""
        msg_id = f"{self.part.name} {next(self._numbers)}"
        known = types.METHOD_TO_TYPES.get(method)
        shaped = params if known is None or known[2] is None else get_converter().structure(params, known[2])
        # Not with `send_request_async`, which sends when it is awaited: after whatever is typed until then.
        waiting = asyncio.wrap_future(self.client.protocol.send_request(method, shaped, msg_id=msg_id))
        self._waiting[msg_id] = asyncio.create_task(self._checked(method, waiting))
        return msg_id

    async def _checked(self, method: str, waiting: asyncio.Future[Any]) -> None:
        """Hold a result against the client's capabilities, as pytest-lsp does for what is sent with it."""
        with suppress(JsonRpcException):
            check_result_against_client_capabilities(self.client.capabilities, method, await waiting)

    def send_bare(self, method: str) -> str:
        """Send a request that has no parameters at all; its id."""
        msg_id = f"{self.part.name} {next(self._numbers)}"
        self.client.protocol._send_data({"jsonrpc": "2.0", "id": msg_id, "method": method})
        return msg_id

    def notify(self, method: str, params: Any) -> None:
        self.client.protocol._send_data({"jsonrpc": "2.0", "method": method, "params": params})

    async def reply(self, msg_id: str) -> dict[str, Any]:
        """The reply to a request, as it stands on the tape."""
        if msg_id in self._waiting:
            await asyncio.wait_for(self._waiting.pop(msg_id), 15)
        await self.until(lambda: self._replies(msg_id))
        return self._replies(msg_id)[0]

    def _replies(self, msg_id: str) -> list[dict[str, Any]]:
        found = (line["message"] for line in read(self.tape)[self._begun :] if line["from"] == "server")
        return [message for message in found if message.get("id") == msg_id and "method" not in message]

    def heard(self, method: str) -> list[Any]:
        """The parameters of everything of this method that the server sent in this scene."""
        found = (line["message"] for line in read(self.tape)[self._begun :] if line["from"] == "server")
        return [message["params"] for message in found if message.get("method") == method]

    async def until(self, holds: Callable[[], Any], seconds: float = 15) -> None:
        async with asyncio.timeout(seconds):
            while not holds():  # noqa: ASYNC110 (the tape is a file)
                await asyncio.sleep(0.01)

    async def result(self, method: str, params: Any = None) -> Any:
        reply = await self.reply(self.send(method, params))
        assert "error" not in reply, reply
        return reply["result"]

    async def until_state(self, state: str, message: str = "") -> None:
        """Wait until the server says that things stand so."""

        async def stands() -> bool:
            status = await self.run("understudy.status")
            return status["state"] == state and message in status["message"]

        async with asyncio.timeout(15):
            while not await stands():  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def until_offered(self, *texts: str) -> None:
        """Ask until just these are offered."""
        async with asyncio.timeout(15):
            while await self.offered() != list(texts):  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def run(self, command: str, *arguments: Any) -> Any:
        return await self.result("workspace/executeCommand", {"command": command, "arguments": list(arguments)})

    def ask(self, *, by_hand: bool = False) -> str:
        """Ask for a suggestion at the cursor; the request's id."""
        at = {"line": self.cursor[0], "character": self.cursor[1]}
        if self.part.asks == "getCompletions":
            place = {"uri": self.uri, "version": self.version + 7, "position": at}
            return self.send(self.part.by_hand if by_hand else self.part.asks, {"doc": place, "_": True})
        document = {"uri": self.uri}
        if self.part.asks == "textDocument/copilotInlineEdit":
            document["version"] = self.version
        context = {"triggerKind": 1 if by_hand else 2}
        if self.part.asks == "textDocument/completion":
            context = {"triggerKind": 1}
        return self.send(self.part.asks, {"textDocument": document, "position": at, "context": context})

    async def suggestions(self, msg_id: str | None = None, *, by_hand: bool = False) -> list[Suggestion]:
        """What is offered at the cursor, or was in the reply to `msg_id`."""
        reply = await self.reply(self.ask(by_hand=by_hand) if msg_id is None else msg_id)
        assert "error" not in reply, reply
        return [self._suggestion(item) for item in next(iter(_lists(reply["result"])))]

    def _suggestion(self, item: dict[str, Any]) -> Suggestion:
        if "textEdit" in item:
            return Suggestion(item["textEdit"]["newText"], item["textEdit"]["range"]["end"], item)
        if "displayText" in item:
            assert item["docVersion"] > self.version  # the client's own count, which it may compare
            return Suggestion(item["displayText"], item["range"]["end"], item)
        if "textDocument" in item:
            assert item["textDocument"] == {"uri": self.uri, "version": self.version}  # or plugins would drop it
            return Suggestion(item["text"], item["range"]["end"], item)
        return Suggestion(item["insertText"], item["range"]["end"], item)

    async def offered(self, *, by_hand: bool = False) -> list[str]:
        return [suggestion.text for suggestion in await self.suggestions(by_hand=by_hand)]

    async def accept(self, suggestion: Suggestion) -> None:
        """Put a suggestion in the text, and say so as this editor does."""
        self.to(suggestion.position["line"], suggestion.position["character"])
        self.type(suggestion.text)
        command = suggestion.item.get("command")
        if self.part.accepts == "command":
            await self.result("workspace/executeCommand", command)
        elif self.part.accepts == "notification":
            self.notify("workspace/executeCommand", command)
        elif self.part.accepts == "uuid":
            length = len(suggestion.item["text"].encode("utf-16-le")) // 2
            params = {"uuid": suggestion.item["uuid"], "acceptedLength": length}
            assert await self.result("notifyAccepted", params) == "OK"


def _lists(result: dict[str, Any]) -> list[list[Any]]:
    return [value for value in result.values() if isinstance(value, list)]


@asynccontextmanager
async def acting(
    part: Part,
    tape: Path,
    home: Path,
    *,
    features: dict[str, Any] | None = None,
    server: tuple[str, ...] = (FAKE_SERVER,),
    environment: Mapping[str, str] | None = None,
    root: Path | None = None,
    **options: Any,
) -> AsyncIterator[Editor]:
    """An editor that has started its server: what Python is to run, by default the fake one. `root`: its workspace.
    `options` go into its initializationOptions."""

    def client() -> LanguageClient:
        made = LanguageClient()
        silent = dict.fromkeys(CUSTOM, _hear)
        register_lsp_features(made, {**DEFAULT_CLIENT_FEATURES, **silent, **(features or {})})
        return made

    command = [sys.executable, RECORDER, str(tape), "--", sys.executable, *server]
    homes = {"UNDERSTUDY_CONFIG_HOME": str(home), "UNDERSTUDY_STATE_HOME": str(home)}
    started = await ClientServerConfig(command, client, {**os.environ, **homes, **(environment or {})}).start()
    assert isinstance(started, LanguageClient)
    assert started._server is not None
    try:
        said = part.said
        said["initializationOptions"] = {**(said.get("initializationOptions") or {}), **options}
        if root is not None:
            said["rootUri"] = root.as_uri()
            said["workspaceFolders"] = [{"uri": root.as_uri(), "name": root.name}]
        editor = Editor(part, started, tape)
        await in_time(started.initialize_session(get_converter().structure(said, types.InitializeParams)))
        editor.can = next(line["message"]["result"] for line in read(tape) if line["from"] == "server")
        yield editor
    finally:
        if started._server.returncode is None:
            started._server.kill()  # the recorder; the server goes when nobody writes to it any more
        await started.stop()


async def leave(editor: Editor, *, shut_down: bool = False) -> None:
    """Leave in order, unless it is `shut_down` already; the server ends with status 0."""
    server = editor.client._server
    assert server is not None
    if not shut_down:
        await in_time(editor.client.shutdown_async(None))
    editor.client.exit(None)
    assert await in_time(server.wait()) == 0


async def in_time(waiting: Awaitable[Result]) -> Result:
    """What is waited for, which must not take long: a server that says nothing is a failure, not a halt."""
    return await asyncio.wait_for(waiting, 15)


def _hear(*_: Any) -> None:
    """A notification of the server that LSP does not know."""
