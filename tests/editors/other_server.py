"""A language server of somebody else's, beside Understudy: it completes everything to `other_word`, and reports each
name `pth` as Ruff does that is defined nowhere."""

from __future__ import annotations

import re

from lsprotocol import types
from pygls.lsp.server import LanguageServer

server = LanguageServer("other", "1", text_document_sync_kind=types.TextDocumentSyncKind.Full)


@server.feature(types.TEXT_DOCUMENT_COMPLETION)
def complete(_params: types.CompletionParams) -> list[types.CompletionItem]:
    """One entry, whatever is asked."""
    return [types.CompletionItem(label="other_word")]


@server.feature(types.TEXT_DOCUMENT_DID_OPEN)
@server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
def report(params: types.DidOpenTextDocumentParams | types.DidChangeTextDocumentParams) -> None:
    """Publish what is wrong in a text."""
    document = server.workspace.get_text_document(params.text_document.uri)
    problems = [
        types.Diagnostic(
            range=types.Range(types.Position(row, name.start()), types.Position(row, name.end())),
            message="Undefined name `pth`",
            severity=types.DiagnosticSeverity.Error,
            source="Ruff",
            code="F821",
        )
        for row, line in enumerate(document.lines)
        for name in re.finditer(r"\bpth\b", line)
    ]
    server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(document.uri, problems))


if __name__ == "__main__":
    server.start_io()
