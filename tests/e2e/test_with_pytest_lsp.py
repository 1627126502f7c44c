"""The same conversation with pytest-lsp, which holds what is sent against the client's own capabilities."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from lsprotocol.converters import get_converter
from pytest_lsp import ClientServerConfig, LanguageClient
from wire_client import FAKE_SERVER, URI

CLIENTS = Path(__file__).with_name("clients")


@pytest_lsp.fixture(
    params=["neovim", "vscode", "emacs", "helix"],
    config=ClientServerConfig(server_command=[sys.executable, FAKE_SERVER]),
)
async def client(request: pytest.FixtureRequest, lsp_client: LanguageClient):  # type: ignore[no-untyped-def]
    said = json.loads((CLIENTS / f"{request.param}.json").read_text())
    params = get_converter().structure(said, types.InitializeParams)
    params.initialization_options = {"engine": {"model": "slow"}}
    result = await lsp_client.initialize_session(params)
    assert result.capabilities.inline_completion_provider == types.InlineCompletionOptions(work_done_progress=False)
    yield
    await lsp_client.shutdown_session()


async def test_type_complete_and_accept(client: LanguageClient) -> None:
    client.text_document_did_open(
        types.DidOpenTextDocumentParams(types.TextDocumentItem(URI, "python", 1, "say hello"))
    )
    params = types.InlineCompletionParams(
        types.InlineCompletionContext(types.InlineCompletionTriggerKind.Automatic),
        types.TextDocumentIdentifier(URI),
        types.Position(0, 9),
    )
    items: list[types.InlineCompletionItem] = []
    while not items:  # until the settings are read
        answer = await client.text_document_inline_completion_async(params)
        assert isinstance(answer, types.InlineCompletionList)
        items = list(answer.items)
    (item,) = items
    assert item.insert_text == "hello"
    assert item.command is not None
    done = types.ExecuteCommandParams(item.command.command, arguments=item.command.arguments)
    assert await client.workspace_execute_command_async(done) is None
    assert not client.messages
