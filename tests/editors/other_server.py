"""A language server of somebody else's, beside Understudy: it completes everything to `other_word`."""

from __future__ import annotations

from lsprotocol import types
from pygls.lsp.server import LanguageServer

server = LanguageServer("other", "1")


@server.feature(types.TEXT_DOCUMENT_COMPLETION)
def complete(_params: types.CompletionParams) -> list[types.CompletionItem]:
    """One entry, whatever is asked."""
    return [types.CompletionItem(label="other_word")]


if __name__ == "__main__":
    server.start_io()
