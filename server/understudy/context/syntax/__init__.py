"""Source code as syntax: languages, their grammars and queries, trees that follow each edit, a cursor's place."""
