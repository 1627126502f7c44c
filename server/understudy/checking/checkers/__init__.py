"""The checkers: a row for each tool, which says whose problems it can vouch for, how it is asked and how it answers."""
