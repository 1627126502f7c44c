"""A small editor without a screen: it starts the server as any editor does and speaks LSP to it over stdio."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Union

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient
from pygls.protocol import default_converter

from understudy import __version__
from understudy.core.errors import StartFailed
from understudy.core.text import Edit, Span, apply
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

    async def light_bulb(self, diagnostics: Sequence[lsp.Diagnostic]) -> list[lsp.CodeAction]:
        """The fixes in the menu at the first of the diagnostics, which the cursor has come to."""
        answer = await self._client.text_document_code_action_async(
            lsp.CodeActionParams(
                text_document=lsp.TextDocumentIdentifier(uri=self._uri),
                range=diagnostics[0].range,
                context=lsp.CodeActionContext(
                    diagnostics=list(diagnostics),
                    only=[lsp.CodeActionKind.QuickFix],
                    trigger_kind=lsp.CodeActionTriggerKind.Automatic,
                ),
            )
        )
        return [action for action in answer or [] if isinstance(action, lsp.CodeAction)]

    async def run(self, command: lsp.Command) -> None:
        """Have the server carry out a command."""
        await self._client.workspace_execute_command_async(
            lsp.ExecuteCommandParams(command=command.command, arguments=command.arguments)
        )

    def apply(self, edit: lsp.WorkspaceEdit) -> bool:
        """Carry out the part of an edit that is about this file; False where there is none."""
        own: list[lsp.TextEdit | lsp.AnnotatedTextEdit] = list((edit.changes or {}).get(self._uri, ()))
        for change in edit.document_changes or ():
            if isinstance(change, lsp.TextDocumentEdit) and change.text_document.uri == self._uri:
                own += [it for it in change.edits if isinstance(it, lsp.TextEdit | lsp.AnnotatedTextEdit)]
        if not own:
            return False
        spans = [(self._offset(it.range.start), self._offset(it.range.end), it.new_text) for it in own]
        self.text = apply(self.text, tuple(Edit(Span(start, end), text) for start, end, text in spans))
        self._version += 1
        self._client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(
                text_document=lsp.VersionedTextDocumentIdentifier(uri=self._uri, version=self._version),
                content_changes=[lsp.TextDocumentContentChangeWholeDocument(text=self.text)],
            )
        )
        return True

    def close(self) -> None:
        """Tell the server that the file is open no more."""
        self._client.text_document_did_close(
            lsp.DidCloseTextDocumentParams(text_document=lsp.TextDocumentIdentifier(uri=self._uri))
        )

    def _offset(self, place: lsp.Position) -> int:
        return sum(len(line) + 1 for line in self.text.split("\n")[: place.line]) + place.character

    def _cursor(self) -> lsp.Position:
        *above, line = self.text.split("\n")
        return lsp.Position(line=len(above), character=len(line))


class Server:
    """The server's process as the editor knows it: whether its engine is ready, and what it says meanwhile."""

    def __init__(self, progress: Callable[[Progress], None]) -> None:
        self.client = LanguageClient("understudy-demo", __version__, converter_factory=_converter)
        self._progress = progress
        self._settled = asyncio.Event()
        self._problem = ""
        self._editor: Editor | None = None
        self._said: Callable[[str], object] = lambda _: None
        # pygls marks the functions it is given, which bound methods do not allow.
        self.client.feature(ext.STATUS)(lambda status: self._status(status))
        self.client.feature(lsp.WORKSPACE_APPLY_EDIT)(lambda params: self._applied(params))
        self.client.feature(lsp.WINDOW_SHOW_MESSAGE)(lambda params: self._shown(params))
        self.client.feature(lsp.WINDOW_LOG_MESSAGE)(lambda _: None)

    def listen(self, editor: Editor, said: Callable[[str], object]) -> None:
        """From now on the server's edits are for this editor, and `said` hears its messages to the user."""
        self._editor, self._said = editor, said

    async def ready(self) -> None:
        """Wait for the engine. Raises `StartFailed` with what the server says."""
        await self._settled.wait()
        if self._problem:
            raise StartFailed(self._problem)

    def _shown(self, params: lsp.ShowMessageParams) -> None:
        # What is merely under way is an information.
        if params.type in (lsp.MessageType.Warning, lsp.MessageType.Error):
            self._said(params.message)

    def _applied(self, params: lsp.ApplyWorkspaceEditParams) -> lsp.ApplyWorkspaceEditResult:
        return lsp.ApplyWorkspaceEditResult(applied=self._editor is not None and self._editor.apply(params.edit))

    def _status(self, status: Any) -> None:
        if status.state == "starting":
            self._progress(Progress(status.message, status.percent))
        else:
            self._problem = status.message if status.state != "ready" else ""
            self._settled.set()


def _converter() -> Any:
    """As lsprotocol has it, which takes every entry of a menu that carries a command for a command alone."""
    converter: Any = default_converter()  # type: ignore[no-untyped-call]  # pygls leaves it untyped

    def entry(value: Any, _: Any) -> lsp.Command | lsp.CodeAction:
        plain = isinstance(value.get("command"), str)
        read: lsp.Command | lsp.CodeAction = converter.structure(value, lsp.Command if plain else lsp.CodeAction)
        return read

    converter.register_structure_hook(Union[lsp.Command, lsp.CodeAction], entry)  # noqa: UP007  # the type in question
    return converter


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
                        inline_completion=lsp.InlineCompletionClientCapabilities(),
                        code_action=lsp.CodeActionClientCapabilities(
                            code_action_literal_support=lsp.ClientCodeActionLiteralOptions(
                                code_action_kind=lsp.ClientCodeActionKindOptions([lsp.CodeActionKind.QuickFix])
                            ),
                            is_preferred_support=True,
                        ),
                    ),
                    workspace=lsp.WorkspaceClientCapabilities(
                        apply_edit=True, workspace_edit=lsp.WorkspaceEditClientCapabilities(document_changes=True)
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
