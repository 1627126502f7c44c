"""How each language says where an imported file is: one function each, listed in `context.resolve.targets`."""
