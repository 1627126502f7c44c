"""What a user asks for. Features see frozen documents and offsets, and do not know each other."""
