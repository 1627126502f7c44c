"""`understudy stats`: how completions went on this machine, what they took, and what others would have charged."""
