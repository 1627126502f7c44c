"""The methods of Copilot's language server, so that plugins for it work unmodified: `rows` is the table of them."""
