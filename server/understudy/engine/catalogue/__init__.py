"""The models that are known, as data: what each can do, what it needs, how it is asked."""
