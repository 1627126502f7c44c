"""Source code as syntax: languages, their grammars and queries, trees that follow each edit, what stands at a cursor."""
