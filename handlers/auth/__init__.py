"""Handlers of messenger.auth.v1."""
