"""store: one query by key."""
