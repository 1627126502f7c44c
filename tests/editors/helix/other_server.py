"""A language server beside Understudy: it completes everything to `another`."""

from lsprotocol import types
from pygls.lsp.server import LanguageServer

SERVER = LanguageServer("other", "1")


@SERVER.feature(types.TEXT_DOCUMENT_COMPLETION)
def completion(_params: types.CompletionParams) -> list[types.CompletionItem]:
    """One entry, whatever is asked."""
    return [types.CompletionItem(label="another")]


if __name__ == "__main__":
    SERVER.start_io()
