"""What an edit is after: whether it solves a problem, or hides it, deletes the code or changes something else."""
