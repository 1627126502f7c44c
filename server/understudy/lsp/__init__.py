"""The Language Server Protocol front door: the only package that knows LSP and the client's position units."""
