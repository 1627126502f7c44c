"""`understudy fix`: checked fixes from a shell."""
