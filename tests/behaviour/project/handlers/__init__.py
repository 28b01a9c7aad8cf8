"""Handlers of the behaviour suite: they do what the tests ask for."""
