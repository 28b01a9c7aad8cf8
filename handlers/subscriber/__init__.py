"""Handlers of messenger.subscriber.v1."""
