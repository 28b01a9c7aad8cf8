"""Handlers of messenger.chat.v1."""
