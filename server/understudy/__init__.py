"""Understudy: a language server that gives any editor what the closed assistants give, on a model that its user hosts.

The map, from the top (imports point down only; `server/ARCHITECTURE.md` says why):

    cli        the composition root and the commands a person types
    lsp        the Language Server Protocol front door, the only package that knows LSP and the client's position units
    features   what a user asks for: completion
    context    what the model is shown: syntax, recent edits, open files, a token budget
    engine     how a model is reached: the protocol, vLLM's HTTP client, the supervisor, fill-in-the-middle formats
    bundled    the small demonstration model and the script that trains it
    core       values: text, settings, errors, paths, trace
"""

__version__ = "0.1.0"
