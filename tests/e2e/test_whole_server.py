"""The whole server as an editor starts it, `understudy lsp`: nothing is replaced but the model, which a script plays."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pytest_lsp import LanguageClient, client_capabilities
from pytest_lsp.client import make_test_lsp_client

SOURCE = "def add(a, b):\n    \n\n\nadd(1, 2)\n"
SCRIPT = """
!when "def add"
!always
"return "
!delay 20
"a + b"
"\\n\\n\\ndef"
"""
GHOST = "return a + b"
INLINE = types.ClientCapabilities(
    text_document=types.TextDocumentClientCapabilities(inline_completion=types.InlineCompletionClientCapabilities())
)


@dataclass
class Editor:
    """A client with one open file, and the environment of its user."""

    client: LanguageClient
    home: dict[str, str]
    uri: str
    version: int = 1

    async def initialize(self, capabilities: types.ClientCapabilities, **options: Any) -> types.InitializeResult:
        result = await self.client.initialize_session(
            types.InitializeParams(
                capabilities=capabilities, root_uri=self.uri.rpartition("/")[0], initialization_options=options
            )
        )
        item = types.TextDocumentItem(uri=self.uri, language_id="python", version=1, text=SOURCE)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
        return result

    async def ghost(self, character: int = 4, *, by_hand: bool = False) -> list[types.InlineCompletionItem]:
        """Ask for inline completion in the function's body."""
        kind = types.InlineCompletionTriggerKind
        found = await self.client.text_document_inline_completion_async(
            types.InlineCompletionParams(
                context=types.InlineCompletionContext(trigger_kind=kind.Invoked if by_hand else kind.Automatic),
                text_document=types.TextDocumentIdentifier(uri=self.uri),
                position=types.Position(line=1, character=character),
            )
        )
        return list(found.items if isinstance(found, types.InlineCompletionList) else found or ())

    async def first_ghost(self) -> list[types.InlineCompletionItem]:
        """Ask until the engine, which is opened in the background, answers."""
        for _ in range(200):
            if found := await self.ghost():
                return found
            await asyncio.sleep(0.05)
        raise AssertionError("no ghost text came")

    def type(self, character: int, text: str) -> None:
        at = types.Position(line=1, character=character)
        self.version += 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                text_document=types.VersionedTextDocumentIdentifier(uri=self.uri, version=self.version),
                content_changes=[
                    types.TextDocumentContentChangePartial(range=types.Range(start=at, end=at), text=text)
                ],
            )
        )

    def stats(self) -> Any:
        command = [sys.executable, "-m", "understudy", "stats", "--json"]
        return json.loads(subprocess.run(command, env=self.home, capture_output=True, check=True).stdout)


@pytest.fixture(name="editor")
async def fixture_editor(tmp_path: Path) -> AsyncIterator[Editor]:
    script = tmp_path / "script.txt"
    script.write_text(SCRIPT, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("UNDERSTUDY_")}
    folders = {f"UNDERSTUDY_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "STATE")}
    home = {**kept, **folders, "UNDERSTUDY_SCRIPT": str(script)}
    client = make_test_lsp_client()
    assert isinstance(client, LanguageClient)
    await client.start_io(sys.executable, "-m", "understudy", "lsp", env=home)
    editor = Editor(client, home, (tmp_path / "sum.py").as_uri())
    yield editor
    if not client.stopped:
        await client.shutdown_session()
    await client.stop()


async def test_ghost_text_is_offered_accepted_and_counted(editor: Editor) -> None:
    result = await editor.initialize(INLINE)
    assert result.capabilities.inline_completion_provider
    (item,) = await editor.first_ghost()
    assert item.insert_text == GHOST
    editor.type(4, "r")
    (rest,) = await editor.ghost(5)
    assert rest.insert_text == GHOST[1:]
    editor.type(5, GHOST[1:])
    assert rest.command is not None
    await editor.client.workspace_execute_command_async(
        types.ExecuteCommandParams(command=rest.command.command, arguments=rest.command.arguments)
    )
    await editor.client.shutdown_session()
    found = editor.stats()
    assert found["offered"] == {"engine": 1, "cache": 1}
    assert (found["suggestions"], found["accepted"], found["partly"]) == (1, 1, 0)


async def test_a_request_by_hand(editor: Editor) -> None:
    await editor.initialize(INLINE)
    await editor.first_ghost()
    (item,) = await editor.ghost(by_hand=True)
    assert item.insert_text == GHOST


@pytest.mark.parametrize("name", ["visual-studio-code", "neovim", "emacs"])
async def test_the_editors_that_pytest_lsp_knows(editor: Editor, name: str) -> None:
    result = await editor.initialize(client_capabilities(name))
    assert result.capabilities.text_document_sync
    assert (await editor.first_ghost())[0].insert_text == GHOST


async def test_a_client_without_inline_completion_gets_a_completion(editor: Editor) -> None:
    await editor.initialize(types.ClientCapabilities())
    await editor.first_ghost()
    found = await editor.client.text_document_completion_async(
        types.CompletionParams(
            text_document=types.TextDocumentIdentifier(uri=editor.uri), position=types.Position(line=1, character=4)
        )
    )
    items = found.items if isinstance(found, types.CompletionList) else found or ()
    assert any(GHOST in (item.insert_text or "", item.label) or _new_text(item) == GHOST for item in items)


async def test_a_trace_ties_the_engines_calls_to_the_request(editor: Editor, tmp_path: Path) -> None:
    file = tmp_path / "trace.jsonl"
    await editor.initialize(INLINE, trace={"file": str(file)}, statistics={"enabled": False})
    await editor.first_ghost()
    await editor.client.shutdown_session()
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    (stream,) = [line for line in lines if line["name"] == "engine.stream"]
    assert any(line["name"] == "completion" and line["id"] == stream["id"] for line in lines)
    assert GHOST not in file.read_text(encoding="utf-8")
    assert editor.stats() == {}


def _new_text(item: types.CompletionItem) -> str:
    return item.text_edit.new_text if item.text_edit is not None else ""
