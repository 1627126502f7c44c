"""Which models and engines suit a machine: its hardware, the choice, what it costs, and the plan as it was saved."""
