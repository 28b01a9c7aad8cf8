"""Engines: ways of carrying calls to handlers. All serve the same bound methods of protolith.dispatch."""
