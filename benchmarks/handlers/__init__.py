"""Handlers of the benchmark's services."""
