"""The same conversations with pytest-lsp, which holds what is sent against the client's own capabilities."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from lsprotocol.converters import get_converter
from pytest_lsp import ClientServerConfig, LanguageClient
from wire_client import FAKE_SERVER, URI

HERE = Path(__file__).parent
CLIENTS = HERE / "clients"
SUM = "def add(a, b):\n    return "
NO_SETTINGS = {
    **os.environ,
    "UNDERSTUDY_CONFIG_HOME": str(HERE / "nowhere"),
    "UNDERSTUDY_CONTEXT_INDEX": "false",  # an index would be kept among the developer's own
}


@pytest_lsp.fixture(
    params=["neovim", "vscode", "emacs", "helix"],
    config=ClientServerConfig(server_command=[sys.executable, FAKE_SERVER], server_env=NO_SETTINGS),
)
async def client(request: pytest.FixtureRequest, lsp_client: LanguageClient):  # type: ignore[no-untyped-def]
    await begin(lsp_client, request.param, {"engine": {"model": "slow"}})
    yield
    await lsp_client.shutdown_session()


@pytest_lsp.fixture(
    params=["neovim", "vscode"],
    config=ClientServerConfig(
        server_command=[sys.executable, "-m", "understudy", "lsp"],
        server_env={**NO_SETTINGS, "UNDERSTUDY_SCRIPT": str(HERE / "sum.script")},
    ),
)
async def typist(request: pytest.FixtureRequest, lsp_client: LanguageClient):  # type: ignore[no-untyped-def]
    await begin(lsp_client, request.param, {"completion": {"debounceMs": 0}, "statistics": {"enabled": False}})
    yield
    await lsp_client.shutdown_session()


async def begin(client: LanguageClient, editor: str, options: object) -> None:
    said = json.loads((CLIENTS / f"{editor}.json").read_text())
    params = get_converter().structure(said, types.InitializeParams)
    params.initialization_options = options
    result = await client.initialize_session(params)
    assert result.capabilities.inline_completion_provider == types.InlineCompletionOptions(work_done_progress=False)


def open_text(client: LanguageClient, text: str) -> None:
    client.text_document_did_open(types.DidOpenTextDocumentParams(types.TextDocumentItem(URI, "python", 1, text)))


async def first_item(client: LanguageClient, line: int, character: int) -> types.InlineCompletionItem:
    """The ghost text at a place, once the settings are read and the engine is there."""
    params = types.InlineCompletionParams(
        types.InlineCompletionContext(types.InlineCompletionTriggerKind.Automatic),
        types.TextDocumentIdentifier(URI),
        types.Position(line, character),
    )
    while True:
        answer = await client.text_document_inline_completion_async(params)
        assert isinstance(answer, types.InlineCompletionList)
        if answer.items:
            return answer.items[0]


async def test_the_whole_server_key_by_key(typist: LanguageClient) -> None:
    """`understudy lsp` itself, with the scripted engine in the model's place."""
    open_text(typist, SUM)
    item = await first_item(typist, 1, 11)
    assert item.insert_text == "a + b"
    for key, letter in enumerate("a + "):
        at = types.Position(1, 11 + key)
        change = types.TextDocumentContentChangePartial(types.Range(at, at), letter)
        typist.text_document_did_change(
            types.DidChangeTextDocumentParams(types.VersionedTextDocumentIdentifier(key + 2, URI), [change])
        )
        item = await first_item(typist, 1, 12 + key)
        cursor = types.Position(1, 12 + key)
        assert (item.insert_text, item.range) == ("a + b"[key + 1 :], types.Range(cursor, cursor))
    assert not typist.messages


async def test_type_complete_and_accept(client: LanguageClient) -> None:
    open_text(client, "say hello")
    item = await first_item(client, 0, 9)
    assert item.insert_text == "hello"
    assert item.command is not None
    done = types.ExecuteCommandParams(item.command.command, arguments=item.command.arguments)
    assert await client.workspace_execute_command_async(done) is None
    assert not client.messages
