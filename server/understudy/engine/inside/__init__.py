"""Modules that are loaded inside vLLM's own process and environment: the standard library only."""
