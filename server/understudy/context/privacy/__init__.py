"""What must not be shown to a model: files that rules or names rule out, and secrets inside other files."""
