"""One small file per LSP method: parse, call, convert."""
