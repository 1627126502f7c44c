"""Inline completion: the pipeline from a keystroke to ghost text. `complete.py` is the place to start reading."""
