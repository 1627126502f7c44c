"""Values that everything else is written in: text, settings, errors, paths, trace. Imports the standard library and pydantic."""
