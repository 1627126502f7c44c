"""Edits as a model writes them: how it is asked, how its answer is read, where that belongs, what the text becomes."""
