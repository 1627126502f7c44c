"""A small editor without a screen: it starts the server as any editor does and speaks LSP to it over stdio."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

from understudy import __version__
from understudy.core.errors import StartFailed
from understudy.engine import process
from understudy.engine.base import Progress
from understudy.lsp import ext


@dataclass(frozen=True, slots=True)
class Ghost:
    """Ghost text at the cursor, and how long the editor waited for it, in milliseconds."""

    text: str
    command: lsp.Command | None
    ms: float


class Editor:
    """One open file with one cursor at its end. ASCII text only, so that columns are characters."""

    def __init__(self, client: LanguageClient, path: Path, text: str) -> None:
        self._client = client
        self._uri = path.as_uri()
        self._version = 1
        self.text = text

    @property
    def line(self) -> str:
        """The text of the cursor's line, up to the cursor at its end."""
        return self.text.rpartition("\n")[2]

    def open(self) -> None:
        """Tell the server that the file is open."""
        item = lsp.TextDocumentItem(uri=self._uri, language_id="python", version=self._version, text=self.text)
        self._client.text_document_did_open(lsp.DidOpenTextDocumentParams(text_document=item))

    def insert(self, text: str) -> None:
        """Type `text` at the cursor."""
        at = self._cursor()
        self._version += 1
        self.text += text
        self._client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(
                text_document=lsp.VersionedTextDocumentIdentifier(uri=self._uri, version=self._version),
                content_changes=[lsp.TextDocumentContentChangePartial(range=lsp.Range(start=at, end=at), text=text)],
            )
        )

    async def ghost(self) -> Ghost | None:
        """Ask for ghost text at the cursor, as an editor does after each key."""
        began = perf_counter()
        answer = await self._client.text_document_inline_completion_async(
            lsp.InlineCompletionParams(
                text_document=lsp.TextDocumentIdentifier(uri=self._uri),
                position=self._cursor(),
                context=lsp.InlineCompletionContext(trigger_kind=lsp.InlineCompletionTriggerKind.Automatic),
            )
        )
        items = answer.items if isinstance(answer, lsp.InlineCompletionList) else answer or []
        if not items or not isinstance(items[0].insert_text, str):
            return None
        return Ghost(items[0].insert_text, items[0].command, (perf_counter() - began) * 1000)

    async def accept(self, ghost: Ghost) -> None:
        """What the Tab key does: the text goes in, and the server is told."""
        self.insert(ghost.text)
        if ghost.command is not None:
            await self._client.workspace_execute_command_async(
                lsp.ExecuteCommandParams(command=ghost.command.command, arguments=ghost.command.arguments)
            )

    def _cursor(self) -> lsp.Position:
        *above, line = self.text.split("\n")
        return lsp.Position(line=len(above), character=len(line))


class Server:
    """The server's process as the editor knows it: whether its engine is ready, and what it says meanwhile."""

    def __init__(self, progress: Callable[[Progress], None]) -> None:
        self.client = LanguageClient("understudy-demo", __version__)
        self._progress = progress
        self._settled = asyncio.Event()
        self._problem = ""
        # pygls marks the functions it is given, which bound methods do not allow.
        self.client.feature(ext.STATUS)(lambda status: self._status(status))
        self.client.feature(lsp.WINDOW_SHOW_MESSAGE)(lambda _: None)
        self.client.feature(lsp.WINDOW_LOG_MESSAGE)(lambda _: None)

    async def ready(self) -> None:
        """Wait for the engine. Raises `StartFailed` with what the server says."""
        await self._settled.wait()
        if self._problem:
            raise StartFailed(self._problem)

    def _status(self, status: Any) -> None:
        if status.state == "starting":
            self._progress(Progress(status.message, status.percent))
        else:
            self._problem = status.message if status.state != "ready" else ""
            self._settled.set()


@asynccontextmanager
async def conversation(
    root: Path, options: Mapping[str, Any], environment: Mapping[str, str], progress: Callable[[Progress], None]
) -> AsyncIterator[Server]:
    """A server process, initialized with `options`; shut down at the end. `progress` hears how far its engine is."""
    server = Server(progress)
    client = server.client
    # In a group of its own: the terminal's Ctrl-C is for the editor, which then shuts the server down in order.
    command = (sys.executable, "-m", "understudy", "lsp")
    await client.start_io(*command, env=dict(environment), **process.group_options())
    try:
        await client.initialize_async(
            lsp.InitializeParams(
                process_id=os.getpid(),
                root_uri=root.as_uri(),
                capabilities=lsp.ClientCapabilities(
                    text_document=lsp.TextDocumentClientCapabilities(
                        inline_completion=lsp.InlineCompletionClientCapabilities()
                    ),
                    experimental={"understudy": True},
                ),
                initialization_options=dict(options),
                workspace_folders=[lsp.WorkspaceFolder(uri=root.as_uri(), name=root.name)],
            )
        )
        client.initialized(lsp.InitializedParams())
        yield server
    finally:
        with suppress(asyncio.TimeoutError):
            async with asyncio.timeout(10):
                await client.shutdown_async(None)
                client.exit(None)
                await client.stop()  # type: ignore[no-untyped-call]  # pygls leaves it untyped
