"""The composition root and the commands that a person types."""
