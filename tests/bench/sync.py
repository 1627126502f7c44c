"""One keystroke in an open file of 2 MB, from the message to the text that features see; pygls' own beside it."""

from __future__ import annotations

import json
from collections.abc import Callable
from time import perf_counter

from lsprotocol import types
from lsprotocol.converters import get_converter
from pygls.workspace import Workspace

from bench.figures import Percentiles, row
from understudy.lsp.convert import Encoding
from understudy.lsp.handlers.synchronisation import changes_of
from understudy.lsp.sync import Buffers

LINES = 50_000
TEXT = "    value = compute(argument, other)  # x\n" * LINES
KEYS = 300
GOAL_MS = 5.0
URI = "file:///bench.py"

Take = Callable[[types.DidChangeTextDocumentParams], object]


def messages() -> list[bytes]:
    """Typing in ten places, twenty keys each and on."""
    found = []
    for version in range(2, KEYS + 2):
        at = {"line": (version // 20) * (LINES // 20), "character": version % 20}
        change = {"range": {"start": at, "end": at}, "text": "x"}
        params = {"textDocument": {"uri": URI, "version": version}, "contentChanges": [change]}
        found.append(json.dumps({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": params}).encode())
    return found


def timed(take: Take) -> Percentiles:
    """Milliseconds per message, parsing it included."""
    converter = get_converter()
    times = []
    for body in messages():
        began = perf_counter()
        take(converter.structure(json.loads(body)["params"], types.DidChangeTextDocumentParams))
        times.append((perf_counter() - began) * 1000)
    return Percentiles.of(times)


def ours() -> Take:
    """A document of ours."""
    buffers = Buffers(Encoding.UTF16)
    buffer = buffers.open(URI, 1, "python", TEXT)

    def take(params: types.DidChangeTextDocumentParams) -> object:
        assert buffers.change(URI, params.text_document.version, changes_of(params))
        return buffer.document().text

    return take


def pygls() -> Take:
    """A document of pygls."""
    workspace = Workspace(None, types.TextDocumentSyncKind.Incremental)
    workspace.put_text_document(types.TextDocumentItem(URI, "python", 1, TEXT))

    def take(params: types.DidChangeTextDocumentParams) -> object:
        for change in params.content_changes:
            workspace.update_text_document(params.text_document, change)
        return workspace.get_text_document(URI).source

    return take


def report() -> None:
    """Say the figures."""
    size = len(TEXT) / 1e6
    figures = timed(ours())
    row(f"didChange at {size:.1f} MB, {LINES:,} lines, ms", figures, f"p95 < {GOAL_MS:.0f}", met=figures.p95 < GOAL_MS)
    row("the same in pygls' own workspace, ms", timed(pygls()))


if __name__ == "__main__":
    report()
