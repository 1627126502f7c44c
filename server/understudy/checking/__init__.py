"""Whether an edit holds: put on an overlay, parsed, given to the language's own checkers; never on the file itself."""
