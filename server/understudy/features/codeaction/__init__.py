"""Code actions: a table of what can be done at a place, done by a model and verified before it is offered."""
