"""Contracts and what the generator makes of them, byte for byte. Regenerate: `python -m tests.golden`."""
