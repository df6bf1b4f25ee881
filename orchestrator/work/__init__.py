"""Graph to work items, lazily; the pure key and seed functions."""
