"""What is known of every file of a workspace: definitions, references, imports, similar text."""
