"""From a cursor to what it names: imports to files, names to definitions, and who may want to be shown for it."""
